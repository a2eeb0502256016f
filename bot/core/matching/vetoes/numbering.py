"""Which one a text names: products, models, versions, error codes. Amounts, times and the like name nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.core.matching.reading.english import STOP_WORDS, stem

CODE: Final = "code"


class Name(NamedTuple):
    """One of its kind: `("iphone", "12")`; `written` is how it stands in the text."""

    kind: str
    which: str
    written: str


_PIECE: Final = re.compile(r"#?[^\W_]+(?:[-_.:/,][^\W_]+)*")
_HEXADECIMAL: Final = re.compile(r"0x0*(?P<which>[0-9a-f]+)")
_GLUED: Final = re.compile(r"(?P<kind>[^\W\d_]{1,20})[-_]?(?P<which>\d[\w.-]*)")
_NUMBER: Final = re.compile(r"#?(?P<which>\d+(?:\.\d+)*(?:-\w+)?)")
_MEASURE: Final = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|x|k|am|pm|h|hrs?|mins?|m|s|sec|d|days?|[kmgt]i?b|[kmg]bit|[kmg]bps|[mg]hz|kg|cm|mm"
    r"|km|px|p|eur|usd|gbp|fa)"
    r"|\d{1,2}[:.]\d{2}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+/\d+"
)
_UNITS: Final = """
am pm day week month year hour minute second min time people person euro pound dollar percent gb mb tb kg cm inch
metre meter mile degree more new extra additional other
"""
# Before a number of the customer's own, or before an amount: with any other number the question is the same.
_OWN: Final = """
order ticket case invoice customer account parcel tracking contract reference ref room floor desk extension seat card
badge po page line step at by since until for after before in on from to of about around only than every last next
past need buy book get request have want return add remove lost ordered got paid pay cost charged send sell install
create make invite delete print share upload move ship deliver receive use see order rent borrow another over under
exactly nearly january february march april may june july august september october november december
"""
_ERRORS: Final = frozenset({"error", "code", "http", "status", "fault", "number", "nr", "event", "stop", "exception"})
_AFTER_AMOUNTS: Final = frozenset(_UNITS.split())
_BEFORE_AMOUNTS: Final = frozenset(_OWN.split())
_VERSIONS: Final = frozenset({"v", "ver", "version"})
_TELLING: Final = 3  # digits that tell something without a word before them


def names(text: str) -> Iterator[Name]:
    """Yield what the (cleaned) text names by letters and digits."""
    if not any(map(str.isdigit, text)):
        return
    pieces = [piece[0] for piece in _PIECE.finditer(text)]
    for before, piece, after in zip(("", *pieces), pieces, (*pieces[1:], ""), strict=False):
        if not any(letter.isdigit() for letter in piece) or _MEASURE.fullmatch(piece):
            continue
        if found := _HEXADECIMAL.fullmatch(piece):
            yield Name("0x", found["which"], piece)
        elif found := _GLUED.fullmatch(piece):
            yield Name(_kind(found["kind"]), found["which"], piece)
            if before.isalpha() and before not in STOP_WORDS:
                yield Name(_kind(before), piece, piece)  # a Galaxy S23 is no Galaxy A23
            if _digits(piece) >= _TELLING:
                yield Name(CODE, found["which"], piece)
        elif (found := _NUMBER.fullmatch(piece)) and not _is_amount(before, after):
            yield from _numbered(before, found["which"], piece)


def _numbered(before: str, which: str, piece: str) -> Iterator[Name]:
    if _digits(which) >= _TELLING or stem(before) in _ERRORS:
        yield Name(CODE, which, piece)
    elif before.isalpha() and before not in STOP_WORDS:
        yield Name(_kind(before), which, f"{before} {piece}")


def _is_amount(before: str, after: str) -> bool:
    following = stem(after)
    if following in _ERRORS:  # "502 errors"
        return False
    # "I have 200 chairs", but "my iPhone 12 beeps".
    plural = before in STOP_WORDS and after.isalpha() and after.endswith("s") and following != after
    return plural or following in _AFTER_AMOUNTS or before in _BEFORE_AMOUNTS


def _kind(word: str) -> str:
    if word in _VERSIONS:
        return "version"
    return CODE if stem(word) in _ERRORS else stem(word)


def _digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)
