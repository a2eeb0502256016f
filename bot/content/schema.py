"""The JSON Schema of each kind of file, made from the same shapes that read it.

It knows keys, choices and bounds, which is what an editor's program completes and underlines; ids, texts and places
are left to the check.
"""

from __future__ import annotations

from typing import Any, Literal

from bot.content.entries import site, words
from bot.content.entries.shape import ENTRY
from bot.content.reading.shapes import Shape
from bot.content.rules import shape as rules_shape

FileSort = Literal["entry", "site", "words", "rules"]

_SHAPES: dict[FileSort, tuple[str, Shape[Any]]] = {
    "entry": ("An entry of the knowledge base", ENTRY),
    "site": ("_site.yaml: what all entries share", site.SHAPE),
    "words": ("_words.yaml: word lists added to the built-in ones", words.SHAPE),
    "rules": ("escalation_rules.yaml", rules_shape.RULES),
}


def schema_of(sort: FileSort) -> dict[str, Any]:
    """The schema, ready to be written as JSON."""
    title, shape = _SHAPES[sort]
    named = {"$defs": dict(rules_shape.DEFS)} if sort == "rules" else {}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **shape.schema, **named}
