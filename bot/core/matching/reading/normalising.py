"""From a message to words: lower case, short forms written out; links, emoji and pasted code left out."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import Final

from bot.core.matching.reading.english import expand

COMMA: Final = ","
STOP: Final = "."
MARKS: Final = frozenset({COMMA, STOP})

_LONGEST: Final = 40_000  # characters; Slack itself cuts there
_LONGEST_WORD: Final = 64  # no word is longer, pasted noise is
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_APOSTROPHE: Final = re.compile("[\u2018\u2019\u02bc\u00b4]")
_FENCED: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_NO_WORDS: Final = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[^\s@<>]{1,64}@[a-z0-9-]{1,63}\.[a-z0-9.-]{1,63}"
    r"|(?<!\w)(?:[:;=]-?[()|/\\dpo3]+|<3)(?!\w)"
    r"|(?<![\w:]):[a-z+-][a-z0-9_+-]{0,60}:(?:skin-tone-\d:)?"
)
_TOKEN: Final = re.compile(
    r"(?P<word>\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)*(?:\+\+|\#)?)"
    r"|(?P<stop>[.?!…;]+(?=\s|\Z)|\n)|(?P<comma>[,:](?=\s|\Z)|[()\u2013\u2014]|\s-\s)"
)


def clean(text: str) -> str:
    """Return the text in one form of writing: NFKC, lower case, straight apostrophes, nothing invisible."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:_LONGEST]))[:_LONGEST]
    return _APOSTROPHE.sub("'", text.lower())


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, with "." where a sentence ends and "," where a clause does.

    Pasted code blocks are left out, unless there is nothing else.
    """
    cleaned = clean(text)
    return _split(_FENCED.sub(" . ", cleaned)) or _split(cleaned)


def _split(text: str) -> list[str]:
    found: list[str] = []
    met = list(_TOKEN.finditer(_NO_WORDS.sub(" ", text)))
    for token, following in zip_longest(met, met[1:]):
        if token["word"]:
            found.extend(expand(token["word"][:_LONGEST_WORD], following["word"] if following else ""))
        elif found and not (found[-1] in MARKS and token["comma"]):
            found.append(STOP if token["stop"] else COMMA)
    return found if any(word not in MARKS for word in found) else []
