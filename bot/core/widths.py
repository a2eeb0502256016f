"""How long a text is at most, whoever counts it. Pure."""

from __future__ import annotations


def width(text: str) -> int:
    """The length in UTF-16 units, which is the most that anybody counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
