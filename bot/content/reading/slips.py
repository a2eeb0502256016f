"""What an editor probably meant: ways out of the slips that people make with keys, names and lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from bot.content.faults import quoted

_KEY = re.compile(r"([A-Za-z_]+)(?:\s+(?:[:=;]|->?)?|[:=;,])\s*(.*)")


def several(written: str, known: Collection[str]) -> str:
    """The way out if these are several of the known, with commas between them; else ""."""
    parts = [part.strip() for part in written.split(",")]
    if len(parts) > 1 and all(part in known for part in parts):
        return f"several are written as a list: [{', '.join(parts)}]"
    return ""


def meant_entry(written: str, known: Collection[str]) -> str:
    """The entry whose file, or whose name without its category, was written; "" if it is none or several."""
    path = written.removesuffix(".yaml").removesuffix(".yml")
    found = [entry for entry in known if entry == path or path.endswith(f"/{entry}") or entry.endswith(f"/{path}")]
    return found[0] if path and len(found) == 1 else ""


def meant_key(line: str, known: Collection[str]) -> str:
    """The line as it would be with a colon and a blank, if it begins with a known key; else ""."""
    written = _KEY.match(line)
    return f"{written[1]}: {written[2]}".strip() if written and written[1] in known else ""


def place_for_key(key: str, schemas: Mapping[str, Mapping[str, Any]]) -> str:
    """The way out for a key that is known one level further in; else ""."""
    parents = [name for name, schema in schemas.items() if key in schema.get("properties", ())]
    return f"it belongs under {' or '.join(map(quoted, parents))}, two blanks further in" if parents else ""


def quoted_pair(key: str, value: str) -> str:
    """A text with a colon in it, as it should have been written."""
    text = f"{key}: {value}".strip()
    return f"'{text}'" if '"' in text and "'" not in text else '"' + text.replace('"', '\\"') + '"'
