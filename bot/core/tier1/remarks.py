"""What a message says of the question before it: that the answer did not help, or a detail that means nothing alone.

Pure, and by the form of the words only: what a detail changes is for the matcher to say. A message that asks something
of its own is no remark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby, takewhile
from typing import Final

from bot.core.matching.reading.normalising import MARKS, tokens

_LONGEST: Final = 40  # words; a longer message tells a story of its own
_LONGEST_PLACE: Final = 6  # words after the "on" of "on my phone"
_LONGEST_CLAUSE: Final = 7  # words; a longer "when …" may be a whole question
_LONGEST_CODE: Final = 4  # words around a code
_BEFORE_STILL: Final = 4  # words

_WORDS_ABOUT_THE_ANSWER: Final = """
i we it its that this these those they which answer link solution fix step steps both all of everything anything
am is are was were be been do does did done has have had not no nope nah never none nothing still already yet again
now too either anymore any more at for me us my the a an very exact exactly just really even actually quite here
work works worked working help helps helped helping helpful fixes fixed solve solves solved resolve resolves
resolved change changes changed better good use luck difference success effect joy improvement makes made trick
same error errors problem problems issue issues thing message result story before as there seem seems appear
appears to get gets getting got see seeing tried try trying twice broken broke stuck fail fails failed failing
down wrong happen happens happened happening stopped back came coming keep keeps persists remains
sorry hm hmm well ok okay yes yeah thanks thank you but and so oh hi hello unfortunately sadly afraid though please
"""
_WORDS_THAT_GO_ON: Final = """
when after on with in at it i because since if from using via while before until whenever says shows
"""
_ABOUT_THE_ANSWER: Final = frozenset(_WORDS_ABOUT_THE_ANSWER.split())
_GOES_ON: Final = frozenset(_WORDS_THAT_GO_ON.split())
_STILL: Final = r"\bstill\b(?! (?:\w+ )?work)"
_DID_NOT_HELP: Final = re.compile(
    r"\bnot (?:\w+ ){0,3}?(?:work|help|fix|solv|resolv|chang|any better|any good|any use|do it|do the trick|yet)"
    rf"|{_STILL}|(?<!do )(?<!do the )\bsame\b|\b(?:did|does) nothing\b|\bnothing (?:chang|happen|work|help)"
    r"|\bno (?:luck|change|difference|effect|success|joy|improvement|help|good|use|better)"
    r"|\btried (?:that|this|it|all|these|those|everything|both|already)\b|\balready (?:tried|did|done)\b"
    r"|\bdid (?:that|this|all|both)\b|\b(?:broken|broke|fail\w*|happen\w*|stopped|not) (?:\w+ )?again\b"
    r"|\b(?:is|came|are) back\b|\bback again\b|\bkeeps (?:happening|coming|failing)"
    r"|\b(?:persists|remains|fails)\b|\b(?:it|that|this) (?:does|did|has) not\Z"
)
_HELPED: Final = re.compile(r"\b(?:works|worked|fixed|solved|resolved|helped)\b")
_AND_YET: Final = re.compile(r"\b(?:not|no|nothing|never|still|same|but|until|before|yesterday|says?|error|code)\b")

_LEAD: Final = (
    r"(?:(?:no|nope|yes|yeah|ok|okay|oh|ah|well|sorry|hm+|so|and|but|also|now|then|only|just|mostly|especially|even"
    r"|what about|how about|by the way|it happens|it is|i am|i mean) )*"
)
_ITS: Final = r"(?:(?:my|the|a|an|this|that|another|our|both|all|some|any) )?"
_DEVICE: Final = re.compile(
    rf"(?P<cue>{_LEAD}{_ITS}(?:windows|mac|macos|macbook|iphone|ipad|ios|android|linux|ubuntu|chrome|firefox|safari|edge)"
    r"(?: (?:phone|tablet|laptop|desktop|browser|app|version|pro|air|os|\d[\w.]*))*)"
)
_MESSAGE: Final = re.compile(
    rf"(?P<cue>{_LEAD}(?:there is )?{_ITS}(?:error|code|status|message|warning)(?: (?:code|message|number|text))?"
    r"(?: (?:[,.]|is|was|says?|said|shows?|reads?)(?= )|(?= \w*\d)|\Z))(?: .*)?"
)
_POINTS_BACK: Final = re.compile(
    rf"(?P<cue>{_LEAD}(?:it|this|that)"
    r"(?: (?:now|just|always|only|then|also|even|still|sometimes|keeps?|kept|does|did|not|is|was|has))* "
    r"(?:(?P<says>say|said|ask|show|read|tell|told|display|return|prompt|complain|gave|give|giving)"
    r"|appear|pop|blink|freez|froze|crash|hang|stop|start|load|spin|turn|end|go|went|close|open|want|look|happen|take"
    r"|took|disappear|reject|refus)\w*\b).*"
)
_PLACE: Final = re.compile(
    rf"(?P<cue>{_LEAD}(?:on|in|with|from|at|via|through|using|under|inside|without|for)\b) {_ITS}\w.*"
)
_CLAUSE: Final = re.compile(
    rf"(?P<cue>{_LEAD}(?:right |ever |directly |shortly )?"
    r"(?:after|when|whenever|since|while|because|before|until|once|if|as soon as|(?:every|each) time)\b) .+"
)
_SEEN: Final = re.compile(
    rf"(?P<cue>{_LEAD}(?:i|we) (?:(?:only|just|now|always|keep|am|still|already|have|also) )*"
    r"(?:tried|restarted|rebooted|reinstalled|clicked|pressed|typed|entered|waited|followed|cleared"
    r"|(?:see|seeing|get|getting) (?:an?|the|this|that|only|nothing|error|code))\b).*"
)
# What makes a sentence of its own, and no mere place or means; and what does so behind a "when …".
_FINITE: Final = re.compile(
    r"\b(?:i|we|you|he|she|they|it|is|are|was|were|am|do|does|did|can|could|will|would|has|have|had|not|to|need|want"
    r"|how|what|where|why|please)\b"
)
_SECOND_SENTENCE: Final = re.compile(
    r"(?:\w+ ){2,}(?:(?:my|the|our|a) (?:\w+ ){1,2}(?:is|are|was|does|do|did|can|will|has|keeps|stopped|crashes|fails)"
    r"|i (?:want|need|would)|what|how|where|who|which|can|should)\b"
)
_OPENS_A_QUESTION: Final = r"can|could|may|should|shall|would|will|is|are|am"
_ASKS: Final = re.compile(
    r"(?:how|what|where|why|who|which)\b(?! (?:about|now|next)\b)"
    r"|when (?:is|are|was|were|do|does|did|will|would|can|could|should|shall|to)\b"
    rf"|(?:{_OPENS_A_QUESTION}) (?:it|this|that)\b"
    # Not "did that": it tells what was done.
    rf"|(?:{_OPENS_A_QUESTION}|do|does|did|has|have) (?:i|we|you|the|my|there|someone|anyone|somebody|anybody)\b"
    r"|(?:i|we) (?:want|need|would like|wish)\b"
)
# Asks, and yet about the same thing as before.
_WHAT_NOW: Final = re.compile(
    r"(?:what|how) (?:now|next|to do|(?:should|shall|can|do|could) i (?:do|fix|solve)"
    r"(?: (?:it|that|this|now|next|here))*|does (?:it|that|this) mean|is (?:it|that|this))"
)
_CODE: Final = re.compile(r"\b(?=\w*\d)[\w.,]{3,}")  # `0x80070005`, `e1234`, and a number of three figures or more
_CODE_ALONE: Final = re.compile(rf"{_CODE.pattern}|\w{{1,2}}|the|error|code|number|status|case")  # `ERR-1234`, in words


@dataclass(frozen=True, slots=True)
class Remark:
    """`cue` are the words that tell. `is_stuck`: the answer did not help; `is_all`: and that is all that is said.

    `may_stand_alone`: it is a question of its own if the matcher knows it as one. `runs_on`: it is the end of the
    question's own sentence ("on my phone"), and no news beside it ("it says code 5").
    """

    cue: str
    is_stuck: bool = False
    is_all: bool = False
    may_stand_alone: bool = False
    runs_on: bool = False

    def together(self, question: str, words: str) -> str:
        """The question and what this remark, `words`, adds to it, as one text."""
        return f"{question.rstrip(' .?!…;')} {words}" if self.runs_on else f"{question}\n{words}"


def remark_in(text: str) -> Remark | None:
    """Return what the text says of an earlier question, or None if it stands alone. Never raises for any text."""
    read = tokens(text)
    clauses = [[*run] for is_mark, run in groupby(read, MARKS.__contains__) if not is_mark]
    words = [*chain.from_iterable(clauses)]
    if not 0 < len(words) <= _LONGEST or any(map(_asks, clauses)) or _helped(" ".join(words)):
        return None
    ends = frozenset(accumulate(map(len, clauses)))  # after how many words a clause ends
    return _stuck(words, ends) or _detail(read, words, ends)


def _asks(words: Sequence[str]) -> bool:
    clause = " ".join(words)
    return _ASKS.match(clause) is not None and not _WHAT_NOW.fullmatch(clause)


def _helped(said: str) -> bool:
    return _HELPED.search(said) is not None and not _AND_YET.search(said)


def _stuck(words: Sequence[str], ends: frozenset[int]) -> Remark | None:
    about = list(takewhile(_ABOUT_THE_ANSWER.__contains__, words))
    said, rest = " ".join(about), words[len(about) :]
    if _DID_NOT_HELP.search(said):
        if not rest:
            return Remark(said, is_stuck=True, is_all=True)
        if rest[0] in _GOES_ON or _CODE.fullmatch(rest[0]) or len(about) in ends:
            return Remark(said, is_stuck=True)
    if re.search(_STILL, " ".join(words[: _BEFORE_STILL + 1])):
        return Remark("still", is_stuck=True, may_stand_alone=True)
    return None


def _detail(read: Sequence[str], words: Sequence[str], ends: frozenset[int]) -> Remark | None:
    said = " ".join(words)
    if found := _DEVICE.fullmatch(said):
        return Remark(found["cue"], runs_on=True)
    if found := _MESSAGE.fullmatch(" ".join(read).rstrip(" .,")):
        return Remark(found["cue"].rstrip(" .,"), is_stuck=True)
    if len(words) <= _LONGEST_CODE and _CODE.search(said) and all(map(_CODE_ALONE.fullmatch, words)):
        return Remark(said, is_stuck=True)
    if found := _POINTS_BACK.fullmatch(said):
        return Remark(found["cue"], is_stuck=True, may_stand_alone=not found["says"])
    if (found := _PLACE.fullmatch(said)) and _is_no_more_than_a_place(words, len(found["cue"].split()), ends):
        return Remark(found["cue"], runs_on=True)
    if (found := _CLAUSE.fullmatch(said)) and not _SECOND_SENTENCE.match(said):
        return Remark(found["cue"], may_stand_alone=len(words) > _LONGEST_CLAUSE, runs_on=True)
    if found := _SEEN.fullmatch(said):
        return Remark(found["cue"], is_stuck=True, may_stand_alone=True)
    return None


def _is_no_more_than_a_place(words: Sequence[str], start: int, ends: frozenset[int]) -> bool:
    """Whether what follows the first `start` words is short, and no sentence of its own."""
    if not ends.isdisjoint(range(start, len(words))):
        return False  # "on my list, remove the eggs"
    rest = words[start:]
    return len(rest) <= _LONGEST_PLACE and not _FINITE.search(" ".join(rest))
