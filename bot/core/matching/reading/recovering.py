"""What works again: "I can print again" names the printer, and tells that there is nothing left to ask about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# Where a clause may begin; not after "so" or "when": "reset it so that I can print again" is a wish.
_START: Final = (
    r"(?:^|(?<=[.,] )|(?<=\band )|(?<=\bbut )|(?<=\bnow )|(?<=\bok )|(?<=\byes )|(?<=\bfinally )|(?<=\bthanks ))"
)
_END: Final = r"(?: (?:after|since)(?: [^.,\s]+){1,5}?)?(?= [.,]| and\b| but\b| thanks?\b|$)"
_AGAIN: Final = r"(?:again|now)(?: (?:again|now|fine|too))?"
_WELL: Final = r"(?:fine|properly|normally|perfectly|well|as (?:expected|normal|usual)|as it should)"
_SUBJECT: Final = r"(?:(?!and |but )[^.,\s]+ ){0,5}?"
_WORKING: Final = (
    r"(?:works?|worked|(?:is|are|am|was|were)(?: all)? (?:working|running|usable|reachable|up|online|fine|ok|okay|good"
    r"|in|up and running|back up|back online|back in))"
)
_WORKS_AGAIN: Final = re.compile(
    rf"{_START}(?P<span>(?:i|we|everyone|everybody) can(?: finally| already)?(?: [^.,\s]+){{1,6}}? {_AGAIN}"
    rf"|{_SUBJECT}{_WORKING}(?: {_WELL})? {_AGAIN}"
    rf"|{_SUBJECT}(?:works|is working|are working) {_WELL}"
    rf"|{_SUBJECT}(?:is|are) (?:back to normal|back online|up and running)){_END}"
)
_IS_OVER: Final = re.compile(
    _START + r"(?P<span>" + _SUBJECT + r"(?:problem|issue|error|trouble|outage)s?(?: with(?: [^.,\s]+){1,4}?)?"
    r" (?:(?:is|are|was|were|has|have|been|got|seems|all|now) )*"
    r"(?:gone|solved|resolved|fixed|over|sorted|went away|disappeared)(?: (?:now|again|by itself))?)" + _END
)
# "It works again when I restart it" still asks, and "I can see only errors now" tells of trouble.
_WORDS_THAT_ASK: Final = """
not no never only hardly barely how why when what where which who whether if until unless before once do does did will
would could should may might want need hope wish please
"""
_WORDS_OF_TROUBLE: Final = "nothing nobody neither problem error issue warning trouble black blank wrong old"
_WORDS_OF_CURE: Final = """
again now fine properly normally perfectly well expected normal usual should online running gone solved resolved fixed
over sorted away disappeared
"""
_STILL_ASKS: Final = frozenset(_WORDS_THAT_ASK.split())
_TROUBLE: Final = frozenset(_WORDS_OF_TROUBLE.split()) | {"problems", "errors", "issues"}
_ASKED: Final = frozenset({"is", "are", "was", "were", "has", "have", "can"})  # as the first word: a question
_IN_EACH: Final = frozenset(_WORDS_OF_CURE.split())  # one is in all that is found above


def recovered(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return from where to where (the end not included) the words say that something works again.

    The words are those of `normalising.tokens`, "." and "," included.
    """
    if _IN_EACH.isdisjoint(words):
        return []
    text = " ".join(words)
    spans: list[tuple[int, int]] = []
    for pattern, spoiled_by in ((_WORKS_AGAIN, _STILL_ASKS | _TROUBLE), (_IS_OVER, _STILL_ASKS)):
        for found in pattern.finditer(text):
            start = text.count(" ", 0, found.start("span"))
            end = text.count(" ", 0, found.end()) + 1
            if spoiled_by.isdisjoint(words[start:end]) and words[start] not in _ASKED:
                spans.append((start, end))
    return spans
