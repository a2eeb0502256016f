"""Which of the entries on offer somebody names in words: "the second one", "2", "the vpn one", "none of them". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from bot.core.matching.reading.english import stem
from bot.core.matching.reading.normalising import MARKS, tokens
from bot.core.matching.reading.reader import has_content

Choice = int | Literal["none"]  # which of those on offer, from 0

_LONGEST: Final = 16  # words; whoever writes more says more than which
_LEAD: Final = r"(?:(?:ok|okay|yes|yeah|yep|well|no|nope|hm+|so|oh|ah|hi|hello|sorry|then|please|probably|maybe) )*"
_TAKE: Final = (
    r"(?:(?:it (?:is|was|would be)|i (?:think|guess|mean|meant|choose|pick|take|want|need|am after|will take|go for)"
    r"|i would (?:like|say|pick|take)|the answer is|is|let(?: us)? take|take|try|show me|give me|probably|maybe) )*"
)
_END: Final = (
    r"(?: (?:please|thanks|thank you|then|i (?:think|guess|mean|need|want)|(?:is|sounds|looks) (?:right|good|it)|it is"
    r"|is (?:mine|what i (?:mean|meant|need|want))))*"
)
_OF_THEM: Final = r" of (?:these|those|them|the (?:two|three|above|choices|options|answers))"
_KIND: Final = rf"(?: (?:one|option|answer|choice|entry|article|link|suggestion|button|on the list)|{_OF_THEM})*"
_FROM_THE_START: Final = {"first": 0, "1st": 0, "top": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2}
_FROM_THE_END: Final = ("last", "final", "bottom")
_OF_TWO: Final = {"former": 0, "latter": 1}
_NUMBERS: Final = {"1": 0, "one": 0, "2": 1, "two": 1, "3": 2, "three": 2}

_ORDER: Final = "|".join((*_FROM_THE_START, *_FROM_THE_END, *_OF_TWO, "middle"))
_BY_ORDER: Final = re.compile(rf"{_LEAD}{_TAKE}(?:the |that |this |my )?(?P<order>{_ORDER}){_KIND}{_END}")
_BY_NUMBER: Final = re.compile(
    rf"{_LEAD}{_TAKE}(?:the (?!one))?(?:(?:number|no|nr|num|option|answer|choice) )?"
    rf"(?P<number>{'|'.join(_NUMBERS)}){_END}"
)
_BY_SUBJECT: Final = re.compile(
    rf"{_LEAD}{_TAKE}(?:the|that) (?:one (?:about|with|for|on|called) (?P<after>.+)|(?P<before>.+) one){_END}"
)
_NONE: Final = re.compile(
    rf"{_LEAD}{_TAKE}(?:(?:none|neither|not any|not one|nothing)(?:{_OF_THEM}| of (?:that|it))"
    r"(?: (?:fits?|match(?:es)?|helps?|appl(?:y|ies)|is it|are it|is right|really|unfortunately|sadly|works?))*"
    rf"|none|neither(?: one)?|no one|something else|another one){_END}"
)
_YES: Final = re.compile(
    rf"{_LEAD}(?:sure|exactly|correct|right|(?:that|this) one|the one"
    rf"|(?:it|that|this) (?:is|was)(?: (?:it|the one|right|correct|what i (?:mean|meant|need|want)))?){_END}"
)
_YES_ALONE: Final = re.compile(r"(?:yes|yeah|yep|yup)(?: (?:please|thanks|thank you|yes))*")


def named(text: str, titles: Sequence[str]) -> Choice | None:
    """Return which of the offered `titles`, in the order of the buttons, the text names and says nothing else.

    None if it names none of them, or may mean several; "none" if it says that it is none. Never raises for any text.
    """
    words = [word for word in tokens(text) if word not in MARKS]
    if not 0 < len(words) <= _LONGEST:
        return None
    said = " ".join(words)
    if _NONE.fullmatch(said):
        return "none"
    if len(titles) == 1 and (_YES_ALONE.fullmatch(said) or _YES.fullmatch(said)):
        return 0
    if (at := _by_number_or_order(said, len(titles))) is not None:
        return at
    return _by_title(words, titles)


def _by_number_or_order(said: str, count: int) -> int | None:
    if by_number := _BY_NUMBER.fullmatch(said):
        at = _NUMBERS[by_number["number"]]
    elif by_order := _BY_ORDER.fullmatch(said):
        order = by_order["order"]
        if order == "middle":
            return count // 2 if count % 2 and count > 1 else None
        if order in _OF_TWO:
            return _OF_TWO[order] if count == len(_OF_TWO) else None
        at = count - 1 if order in _FROM_THE_END else _FROM_THE_START[order]
    else:
        return None
    return at if at < count else None


def _by_title(words: Sequence[str], titles: Sequence[str]) -> int | None:
    """A title written down, or "the vpn one" where only one title speaks of it."""
    read = [_stems(tokens(title)) for title in titles]
    written = _stems(words)
    whole = [at for at, title in enumerate(read) if title and title == written]
    if len(whole) == 1:
        return whole[0]
    subject = _BY_SUBJECT.fullmatch(" ".join(words))
    if subject is None:
        return None
    wanted = set(_stems((subject["after"] or subject["before"]).split()))
    found = [at for at, title in enumerate(read) if wanted and wanted <= set(title)]
    return found[0] if len(found) == 1 else None


def _stems(words: Iterable[str]) -> list[str]:
    stems = [stem(word) for word in words if word not in MARKS]
    return [word for word in stems if has_content(word)]
