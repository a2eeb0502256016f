"""`python -m bot` is the `tier1` command."""

import sys

from bot.cli import main

sys.exit(main())
