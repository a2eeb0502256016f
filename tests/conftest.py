"""How all tests run: on a machine that is busy a property may take its time, and in CI it draws the same each run.

The whole suite draws a hundred examples for a property; `make check` takes the profile `quick` and draws a quarter.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.register_profile("quick", settings.get_profile("house"), max_examples=25)
settings.load_profile("house")
