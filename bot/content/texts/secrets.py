"""What looks like a secret in a text that many people will read. Pure.

What is one, `redaction` says, which masks it in what customers write. It masks a word too many rather than one too few;
editors write about passwords all day, so that here a password has to look like one as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.core.redaction import redact

_REMOVED = re.compile(r"\[(password|token|private key|card number) removed\]")
_CALLED = {
    "password": "a password",
    "token": "a token or key",
    "private key": "a private key",
    "card number": "a card number",
}
_NAMED = re.compile(r"(?:key|token|bearer|basic)[\"'`]?[ \t]*(?:[:=]|is\b:?)?[ \t]*[\"'`<]?$", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z]?[a-z]*(?:[/._-][A-Za-z]?[a-z]*)*")
_PLACEHOLDER = re.compile(r"your|my_?|x{3}|\.{3}|[\u2026*<>{}\[\]]|^[$%]", re.IGNORECASE)
_CHOSEN = re.compile(r"[0-9]|[a-z][A-Z]|[^\W_][!#$%&@^?=+]+[^\W_]")  # nobody writes a word so
_ASSIGNED = re.compile(r"=[ \t]*[\"'`]?$")
_LONGEST_LEAD = 60


class Secret(NamedTuple):
    what: str
    at: range
    after: str  # the words before it in its line


def secrets_in(text: str) -> Iterator[Secret]:
    """Everything in the text that looks like a secret, in order."""
    redacted = redact(text)
    if not redacted.kinds:
        return
    done = begin = 0  # in what is redacted, and in the text
    for removed in _REMOVED.finditer(redacted.text):
        begin += removed.start() - done
        done = removed.end()
        if text.startswith(removed[0], begin):  # so it was written
            begin += len(removed[0])
            continue
        following = _REMOVED.search(redacted.text, done)
        kept = redacted.text[done : following.start() if following else None]
        end = text.find(kept, begin + 1) if following else len(text) - len(kept)
        line = max(0, begin - _LONGEST_LEAD)
        before = text[line:begin].rpartition("\n")[2]
        if _is_one(removed[1], text[begin:end], before):
            yield Secret(_CALLED[removed[1]], range(begin, end), _lead(before))
        begin = end


def _is_one(kind: str, value: str, before: str) -> bool:
    if kind == "token" and _NAMED.search(before):
        return not _WORDS.fullmatch(value) and not _PLACEHOLDER.search(value)
    if kind == "password":
        is_chosen = _CHOSEN.search(value) or _ASSIGNED.search(before)
        return bool(is_chosen) and not _PLACEHOLDER.search(value)
    return True


def _lead(before: str) -> str:
    words = before.rstrip(" \t\"'`*_<(")
    return words.partition(" ")[2] if len(before) == _LONGEST_LEAD else words
