"""The file in which `tier1 kb calibrate` keeps what was learnt from outcomes: read again whenever the KB is loaded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.content.folder import shown
from bot.core.matching.scoring.calibrating import Calibration
from bot.errors import ContentError

NAME = "_calibration.json"
_FORM = 1
_MEND = "make it anew with `tier1 kb calibrate --write`, or delete it: then the knowledge base alone decides"


@dataclass(frozen=True, slots=True)
class Kept:
    """A calibration, and the version of the encoder whose scores it is about."""

    calibration: Calibration
    encoder: str


def kept_in(folder: Path) -> Kept | None:
    """Return what is kept, or None if nothing is. Raises `ContentError` for a file that was changed or cut short."""
    file = folder / NAME
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{shown(file)}: it cannot be read ({error}) -> {_MEND}") from error
    try:
        found = json.loads(text)
        said = found.pop("sha256")
        if found["form"] != _FORM or _hash(found) != said:
            raise ContentError(f"{shown(file)}: it is not as it was written -> {_MEND}")
        values = {name: float(found["calibration"][name]) for name in asdict(Calibration())}
        return Kept(Calibration(**values), str(found["encoder"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{shown(file)}: it is not as it was written -> {_MEND}") from error


def keep(folder: Path, kept: Kept, *, outcomes: int) -> Path:
    """Write the file, and return where it is."""
    content = {"form": _FORM, "calibration": asdict(kept.calibration), "encoder": kept.encoder, "outcomes": outcomes}
    file = folder / NAME
    file.write_text(json.dumps({**content, "sha256": _hash(content)}, indent=2) + "\n", encoding="utf-8")
    return file


def _hash(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
