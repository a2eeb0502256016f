"""What a customer says they do *not* want.

"I do not need a password reset" is no question about resets. "I can not log in", "it does not work" and "I did not get
the code" tell of trouble and stay as they are: what counts is that a need, a wish or a topic is denied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_ADVERB: Final = r"(?: (?:really|actually|even|currently|just|yet|here))*"
_TOPIC: Final = r"(?: (?:a|an|the|my|our|your|any|this|that|about|for))"
_COMMAND: Final = (
    r"(?:un)?(?:install|lock|subscrib)e?|reset|cancel|chang|delet|remov|clos|disabl|enabl|refund|order|renew|upgrad"
    r"|downgrad|restart|updat|send|mov|switch|connect|block"
)
_OPENINGS: Final = re.compile(
    rf"\b(?:not|never|no longer){_ADVERB} (?:"
    r"(?:need|needing|require|requiring|wanting|interested in|wish|after)\b"
    r"|(?:looking|ask|asked|asking|talking|calling|writing|here) (?:for|about|because of)\b"
    r"|(?<!does not )(?<!it not )want\b|(?<=would not )like\b|mean\b(?! to\b)|about\b|because of\b"
    r")"
    r"|\bno need (?:for|to|of)\b|\bno interest in\b|\bnothing to do with\b|\bplease do not\b"
    rf"|(?:^|[.,] )(?:and |but )?not(?={_TOPIC}\b)"
    # "Do not cancel it", never "I can not cancel it" or "they do not connect".
    rf"|(?<!i )(?<!we )(?<!you )(?<!they )(?<!s )\bdo not(?: (?:ever|yet))?(?= (?:{_COMMAND})e?\b)"
    rf"|\b(?:never(?: (?:asked|wanted))?|not)(?: to)(?= (?:{_COMMAND})e?\b)"
    rf"|\bnever(?= (?:{_COMMAND})e?\b)|\b(?:without|stop)(?= (?:{_COMMAND})(?:l|t)?ing\b)"
)
_NOT_A_PROBLEM: Final = re.compile(
    rf"\b(?:not{_TOPIC}|no(?! (?:i|we|it|is|the|my|a|this|that|there)\b))"
    r"(?P<span>(?: [^.,\s]+){1,3}) (?:problem|issue|question|matter|thing|request|topic)s?\b"
)
_NOT_THIS_BUT: Final = re.compile(r"\bnot (?:a|an|the|my|our|your)(?P<span>(?: [^.,\s]+){1,4}) (?:, )?(?:but|it is)\b")
_CLOSINGS: Final = re.compile(
    r" (?:[.,]|but|because|since|so|when|if|while|only|instead|though|although|however|rather|i)(?= |$)"
    r"| and (?=(?:i|my|it|the|we|can|please|want|need)\b)"
)
_IN_EACH: Final = frozenset({"no", "not", "never", "nothing", "without", "stop"})  # one is in all that is found above
_LONGEST_SPAN: Final = 8  # words; whoever writes without commas soon speaks of something else


def negated(words: Sequence[str]) -> list[bool]:
    """Say of each word (of `normalising.tokens`, "." and "," included) whether it belongs to what is not wanted."""
    flags = [False] * len(words)
    if _IN_EACH.isdisjoint(words):
        return flags
    text = " ".join(words)
    for opening in _OPENINGS.finditer(text):
        closing = _CLOSINGS.search(text, opening.end())
        _mark(flags, text, opening.end(), closing.start() if closing else len(text))
    for pattern in (_NOT_A_PROBLEM, _NOT_THIS_BUT):
        for found in pattern.finditer(text):
            _mark(flags, text, found.start("span"), found.end("span"))
    return flags


def _mark(flags: list[bool], text: str, start: int, end: int) -> None:
    first = text.count(" ", 0, start + 1)  # a span starts at the blank before its first word
    last = min(text.count(" ", 0, end), first + _LONGEST_SPAN - 1)
    for position in range(first, last + 1):
        flags[position] = True
