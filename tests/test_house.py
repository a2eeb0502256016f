"""The house stands as it is drawn: imports point one way, and every room is where the contract says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_import_contract_holds() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_no_room_is_a_cupboard() -> None:
    names = {path.stem for path in (ROOT / "bot").rglob("*.py")}

    assert not names & {"utils", "helpers", "common", "services", "manager", "data", "info"}


def test_the_lock_names_no_registry() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
