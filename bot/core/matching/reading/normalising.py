"""From a message to words: lower case, short forms written out; links, emoji and pasted code left out."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import Final, NamedTuple

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


class Placed(NamedTuple):
    """`words` as `tokens` gives them, and where in `text`, the cleaned text, each of them begins."""

    words: list[str]
    starts: list[int]
    text: str


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, with "." where a sentence ends and "," where a clause does.

    Pasted code blocks are left out, unless there is nothing else.
    """
    return placed(text).words


def placed(text: str) -> Placed:
    cleaned = clean(text)
    # What is left out leaves as much room, so that every word stays where it was.
    words, starts = _split(
        _FENCED.sub(lambda code: " . ".ljust(len(code[0])), cleaned) if "```" in cleaned else cleaned
    )
    if not words:
        words, starts = _split(cleaned)
    return Placed(words, starts, cleaned)


def _split(text: str) -> tuple[list[str], list[int]]:
    found: list[str] = []
    starts: list[int] = []
    met = list(_TOKEN.finditer(_NO_WORDS.sub(lambda noise: " " * len(noise[0]), text)))
    for token, following in zip_longest(met, met[1:]):
        if token["word"]:
            found.extend(expand(token["word"][:_LONGEST_WORD], following["word"] if following else ""))
        elif found and not (found[-1] in MARKS and token["comma"]):
            found.append(STOP if token["stop"] else COMMA)
        starts.extend([token.start()] * (len(found) - len(starts)))
    return (found, starts) if any(word not in MARKS for word in found) else ([], [])
