"""What the benches are told on the command line, and the sentences for what they cannot use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.errors import Tier1Error

TIERS = ("default", "semantic")


def data_folder(words: str, target: str) -> Path:
    """Raises `Tier1Error` if there is none."""
    if not words:
        raise Tier1Error(f"name a folder of sets: make {target} DATA=DIR (bench/matching/sets.py says what is in one)")
    return Path(words)


def names(words: str, known: Sequence[str] = (), what: str = "") -> list[str]:
    """The names between the commas. Raises `Tier1Error` if there are known ones, and one is none of them."""
    found = [word.strip() for word in words.split(",") if word.strip()]
    if known and (unknown := [name for name in found if name not in known]):
        raise Tier1Error(f"there is no {what} {unknown[0]}: there are {', '.join(known)}")
    return found


def numbers(words: str) -> list[int]:
    """The numbers between the commas. Raises `Tier1Error` if one is none."""
    found = names(words)
    if wrong := [name for name in found if not name.isdecimal()]:
        raise Tier1Error(f"{wrong[0]} is no number: give numbers with commas, such as 0,1,2")
    return [int(name) for name in found]
