"""What a customer says they do *not* want, and what they say is *not* so, or no more.

"I do not need a password reset" is no question about resets, nor "my account is not locked" one about locked accounts,
and "I can print again" asks nothing. "I can not log in", "it does not work" and "I did not get the code" tell of
trouble and stay as they are: what counts is that a need, a wish, a topic or a trouble is denied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.core.matching.reading.english import STOP_WORDS, stem
from bot.core.matching.reading.recovering import recovered

_ADVERB: Final = r"(?: (?:really|actually|even|currently|just|yet|here))*"
_TOPIC: Final = r"(?: (?:a|an|the|my|our|your|any|this|that|about|for))"
_COMMAND: Final = (
    r"(?:un)?(?:install|lock|subscrib)e?|reset|cancel|chang|delet|remov|clos|disabl|enabl|refund|order|renew|upgrad"
    r"|downgrad|restart|updat|send|mov|switch|connect|block"
)
# "Stop sending me the newsletter" is no denial but a wish: that what goes on by itself should end.
_NOT_SENT: Final = r"(?!send(?:ing)? (?:me|us)\b)"
_OPENINGS: Final = re.compile(
    rf"\b(?:not|never|no longer){_ADVERB} (?:"
    r"(?:need|needing|require|requiring|wanting|interested in|wish|after)\b"
    r"|(?:looking|ask|asked|asking|talking|calling|writing|here) (?:for|about|because of)\b"
    r"|(?<!does not )(?<!it not )want\b|(?<=would not )like\b|mean\b(?! to\b)|about\b|because of\b"
    r")"
    r"|\bno need (?:for|to|of)\b|\bno interest in\b|\bnothing to do with\b|\bplease do not\b(?! send (?:me|us)\b)"
    rf"|(?:^|[.,] )(?:and |but )?not(?={_TOPIC}\b)"
    # "Do not cancel it", never "I can not cancel it" or "they do not connect".
    rf"|(?<!i )(?<!we )(?<!you )(?<!they )(?<!s )\bdo not(?: (?:ever|yet))?(?= {_NOT_SENT}(?:{_COMMAND})e?\b)"
    rf"|\b(?:never(?: (?:asked|wanted))?|not)(?: to)(?= (?:{_COMMAND})e?\b)"
    rf"|\bnever(?= {_NOT_SENT}(?:{_COMMAND})e?\b)|\b(?:without|stop)(?= {_NOT_SENT}(?:{_COMMAND})(?:l|t)?ing\b)"
)
_NOT_A_PROBLEM: Final = re.compile(
    rf"\b(?:not{_TOPIC}|no(?! (?:i|we|it|is|the|my|a|this|that|there)\b))"
    r"(?P<span>(?: [^.,\s]+){1,3}) (?:problem|issue|question|matter|thing|request|topic)s?\b"
)
_NO_THANKS: Final = re.compile(r"(?:^|[.,] )no(?! (?:more|thanks?)\b)(?P<span>(?: [^.,\s]+){1,2}) (?:please|thanks?)\b")
_NOT_THIS_BUT: Final = re.compile(r"\bnot (?:a|an|the|my|our|your)(?P<span>(?: [^.,\s]+){1,4}) (?:, )?(?:but|it is)\b")
# Where one of these is denied all is well; where it is "connected", "able" or "delivered" that is the trouble itself.
_TROUBLE: Final = (
    "locked blocked suspended disabled expired stolen stole lost missing hacked compromised phished infected attacked "
    "encrypted leaked broken damaged cracked faulty defective dead frozen crashed down offline slow full empty late "
    "delayed overdue wrong urgent stuck jammed noisy sick ill dropping crashing freezing failing lagging flickering"
)
_TROUBLES: Final = frozenset(map(stem, _TROUBLE.split()))
_STATE: Final = rf"(?:{'|'.join(_TROUBLE.split())})"
_DEGREE: Final = r"(?: (?:really|actually|currently|yet|ever|very|so|too|that|particularly|been|be|being|get|got|a))*"
_AUXILIARY: Final = r"(?: (?:was|were|is|are|has|have|had|got|gets|been|being|looks|seems))*"
_NOT_SO: Final = re.compile(
    rf"\b(?:(?:not|never|no longer){_DEGREE}|(?:nothing|nobody|no one){_AUXILIARY})"
    rf"(?P<span> {_STATE}(?: (?:and|or|nor) {_STATE})*)\b"
)
_BETWEEN_STATES: Final = frozenset({"and", "or", "nor"})
_CLOSINGS: Final = re.compile(
    r" (?:[.,]|but|because|since|so|when|if|while|only|instead|though|although|however|rather|i)(?= |$)"
    r"| and (?=(?:i|my|it|the|we|can|please|want|need)\b)"
)
_IN_EACH: Final = frozenset({"no", "not", "never", "nothing", "nobody", "without", "stop"})  # one is in all found above
_NO_MORE: Final = re.compile(r"\b(?:any ?more|any longer)\b")  # asks for an end of what there is
_BETWEEN_CLAUSES: Final = frozenset({".", ",", "but", "and"})
_QUESTION_WORDS: Final = frozenset({"how", "what", "when", "where", "which", "who", "why"})
_LONGEST_SPAN: Final = 8  # words; whoever writes without commas soon speaks of something else
_FARTHEST: Final = 520  # characters: so many words as long as any


def is_trouble(word: str) -> bool:
    """Whether to deny this stem says that all is well: `lock`, `stolen`."""
    return word in _TROUBLES


def said_of(words: Sequence[str]) -> str:
    """Go on from a run of words that `negated` has found: what it says, or what the customer says of it."""
    if recovered(words):
        return "says that all is well again"
    if not _IN_EACH.isdisjoint(words) and any(is_trouble(stem(word)) for word in words):
        return "says that all is well"
    if all(is_trouble(stem(word)) or word in _BETWEEN_STATES for word in words):
        return "is what the customer says is not so"
    return "is what the customer does not want"


def negated(words: Sequence[str]) -> list[bool]:
    """Say of each word whether it belongs to what is not wanted, or not so.

    The words are those of `normalising.tokens`, "." and "," included.
    """
    flags = [False] * len(words)
    for first, end in recovered(words):
        flags[first:end] = [True] * (end - first)
    if _IN_EACH.isdisjoint(words):
        return flags
    text = " ".join(words)
    for opening in _OPENINGS.finditer(text):
        within = min(len(text), opening.end() + _FARTHEST)
        closing = _CLOSINGS.search(text, opening.end(), within)
        end = closing.start() if closing else within
        if not _NO_MORE.search(text, opening.end(), end):
            _mark(flags, text, opening.end(), end)
    for pattern in (_NOT_A_PROBLEM, _NOT_THIS_BUT, _NO_THANKS, _NOT_SO):
        for found in pattern.finditer(text):
            _mark(flags, text, found.start("span"), found.end("span"))
    if _NOT_SO.search(text) and _asks_nothing_else(words, flags):
        return [True] * len(words)
    return flags


def _asks_nothing_else(words: Sequence[str], flags: Sequence[bool]) -> bool:
    """Whether each clause ends with a denial: of "the website is not down" nothing is left to ask."""
    if not _QUESTION_WORDS.isdisjoint(words):
        return False
    denied = True
    for word, flag in zip(words, flags, strict=True):
        if word in _BETWEEN_CLAUSES:
            if not denied:
                return False
        elif flag or word not in STOP_WORDS:
            denied = flag
    return denied


def _mark(flags: list[bool], text: str, start: int, end: int) -> None:
    if start >= end:
        return
    first = text.count(" ", 0, start + 1)  # a span starts at the blank before its first word
    last = min(text.count(" ", 0, end), first + _LONGEST_SPAN - 1)
    for position in range(first, last + 1):
        flags[position] = True
