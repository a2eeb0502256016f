"""Whether a text denies what it says: "nothing was stolen" has the word, and tells of no theft. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BETWEEN: Final = (
    r"(?: (?:really|actually|even|yet|ever|been|be|being|get|got|getting|have|has|had|was|were|is|are|an?|the|any))*"
)
_WISH: Final = (
    r"(?: really| actually| even)? (?:want|wants|wanted|wish|wished|like|need|plan|planning|intend|going|trying|ask"
    r"|asked|tell|told|mean|meant)(?: (?:you|them|him|her|anyone|anybody|us|me))? to"
)
_DENIED: Final = re.compile(
    r"(?<![\w'-])(?:"
    rf"(?:is|are|am|was|were|has|have|had)(?: not|n't|nt){_BETWEEN}|(?:do|does|did)(?: not|n't|nt) (?:get|be)"
    # "I can not close my account" and "you did not close it" are trouble; "do not close it" is a wish.
    rf"|(?<!can )(?<!could )(?<!will )(?<!would )(?<!do )(?<!does )(?<!did )not{_BETWEEN}|(?:never|no longer){_BETWEEN}"
    r"|(?<!i )(?<!we )(?<!you )(?<!they )(?<!why )(?:do not|don't|dont)"
    rf"|(?:not|never|[a-z]+n't|dont|didnt){_WISH}"
    rf"|(?:nothing|nobody|no one|none of (?:it|us|them)){_BETWEEN}"
    r"|without(?: having to)?|instead of|rather than) $"
)
# "I do not" denies a phrase that begins with one of these, "have ransomware"; before other verbs it tells of trouble.
_DENIED_BY_DO_NOT: Final = frozenset({"have", "want", "like", "need", "fell"})
_DO_NOT: Final = re.compile(r"(?<![\w'-])(?:do|does|did|would)(?: not|n't|nt)(?: really| actually)? $")
_ABLE: Final = frozenset({"can", "could"})  # "nobody can log in" is trouble
_REACH: Final = 80  # characters before the words
_GAP: Final = r"[^\w'-]+"


def is_denied(phrase: Sequence[str], text: str) -> bool:
    """Whether every place where the text (in any case) has these words says that it is not so, or not wanted.

    A denial counts only right before the words: of "I can not believe it was stolen" nothing is denied.
    """
    said = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = re.compile(rf"(?<![\w'-]){_GAP.join(map(re.escape, phrase))}(?![\w'-])")
    places = [found.start() for found in words.finditer(said)]
    return bool(places) and all(_denies(said[max(0, at - _REACH) : at], phrase[0]) for at in places)


def _denies(before: str, first_word: str) -> bool:
    """Whether what stands right before a phrase with this first word says that it is not so."""
    before = re.sub(r"[^\S\n]+", " ", before)
    if first_word in _DENIED_BY_DO_NOT and _DO_NOT.search(before):
        return True
    found = _DENIED.search(before)
    return found is not None and not (first_word in _ABLE and found[0].startswith("no"))
