"""What the matcher knows of English: short forms, words without content, polite words, and endings."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SHORT_FORMS_AND_WORDS: Final = """
can't: can not, cant: can not, cannot: can not, won't: will not, wont: will not, shan't: shall not, dont: do not,
doesnt: does not, didnt: did not, isnt: is not, arent: are not, wasnt: was not, havent: have not, hasnt: has not,
couldnt: could not, wouldnt: would not, shouldnt: should not, im: i am, ive: i have, whats: what is,
wheres: where is, hows: how is, thats: that is, theres: there is, wanna: want to, gonna: going to, gotta: have to,
u: you, ur: your, pls: please, plz: please, pw: password, pwd: password, pswd: password
"""
# "Ill try that" is "I'll", "I am ill today" is not.
_WORDS_AFTER_I_WILL: Final = """
be try do have get let check call send go take ask see wait come make use give look keep start just also never not then
probably definitely
"""
_ENDINGS_AND_WORDS: Final = "m: am, re: are, ve: have, ll: will, d: would"

_WORDS_BEFORE_IS: Final = "it that this there here what who where how when he she everything something nothing"

_WORDS_WITHOUT_CONTENT: Final = """
a an the this that these those some any such same other another each every all both either neither
i me my mine myself we us our ours you your yours he him his she her it its itself they them their one ones
is are was were be been being am do does did doing done have has had having can could will would shall should may
might must ought get gets got
of in on at to for from by with about as into onto over under off out up down through between via per upon within
and or but if so than then because while since until although though yet nor
what which who whom whose how when where why whether
here there now again still already just only even also too very really quite much many more most
not no never yes ok okay oh well please thank thanks hi hello hey sorry
today yesterday tomorrow tonight morning afternoon evening week day lately recently currently suddenly ago
anyone anybody someone somebody something anything nothing everything thing things stuff
like know tell way want need help say says said saying keep keeps try tried trying
"""

# Without content beside others, and yet telling: few messages hold them.
_WORDS_THAT_TELL: Final = """
never nothing everything again ago really quite out off up down over under
today yesterday tomorrow tonight morning afternoon evening week day lately recently currently suddenly
"""
# In messages about anything, in every form. The second are so only alone: "nothing works" tells something.
_WORDS_OF_TROUBLE: Final = "need want help know tell try say get problem issue trouble question"
_WORDS_OF_DOING: Final = "work use make go"

_POLITE_PHRASES: Final = """
hi, hello, hey, hi there, hello there, hey there, hi all, hi team, hey team, hello team, dear team, dear support
good morning, good afternoon, good evening, morning, folks, guys, sorry, excuse me, sorry to bother you
please, thanks, thank you, thank you very much, thank you so much, thanks a lot, thanks in advance, many thanks
cheers, regards, best regards, kind regards, i hope you are well, i hope you can help, any ideas, any idea
can you help me, could you help me, can you please help me, could you please help me, please help me, help me
can someone help me, can anyone help me, can somebody help me, please help, i need help, i need some help
i need your help, can you tell me, could you tell me, can you please tell me, could you please tell me
please tell me, i would like to know, i want to know, i need to know, i was wondering, i am wondering
just wondering, does anyone know, does anybody know, do you know, i have a question, quick question, one question
"""

STOP_WORDS: Final = frozenset(_WORDS_WITHOUT_CONTENT.split())

# Stripped from both ends of a sentence, together with the greetings, thanks and fillers that the editors list.
POLITE: Final = tuple(phrase.strip() for phrase in re.split("[,\n]", _POLITE_PHRASES.strip()))


def _table(pairs: str) -> dict[str, tuple[str, ...]]:
    split = (pair.split(":") for pair in re.split("[,\n]", pairs.strip()) if pair.strip())
    return {short.strip(): tuple(words.split()) for short, words in split}


_SHORT_FORMS: Final = _table(_SHORT_FORMS_AND_WORDS)
_ENDINGS: Final = _table(_ENDINGS_AND_WORDS)
_AFTER_I_WILL: Final = frozenset(_WORDS_AFTER_I_WILL.split())
_WITH_IS: Final = frozenset(_WORDS_BEFORE_IS.split())
_STEMS_NOT_BY_RULE: Final = {"using": "use", "used": "use", "uses": "use", "news": "news", "does": "does", "has": "has"}
_THINGS: Final = frozenset({"building", "parking", "setting", "training"})  # a building is no build
_LONG_ENOUGH: Final = 3
_VOWEL: Final = re.compile("[aeiouy]")
_MUTE_E: Final = re.compile("[^aeiou][aeiou][^aeiouwxy]")

_COMMON: Final = STOP_WORDS - frozenset(_WORDS_THAT_TELL.split())
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NOT_ME: Final = re.compile(r"\b(?:not|no) (?:i|me|mine|we|us|ours|you|yours|one)\b")


def is_common(phrase: str) -> bool:
    """Whether messages about anything hold the phrase: `the`, `can i`, `help`, `I have a problem`; not `invoice`.

    A phrase without a letter or digit is not.
    """
    words = [part for word in _WORD.findall(phrase.lower().replace("\u2019", "'")) for part in expand(word)]
    written = " ".join(words)
    if written in POLITE:
        return True
    everyday = _stems(_WORDS_OF_TROUBLE) | (_stems(_WORDS_OF_DOING) if len(words) == 1 else frozenset())
    if not words or _NOT_ME.search(written):
        return False
    return all(word in _COMMON or stem(word) in everyday for word in words)


def expand(word: str, following: str = "") -> tuple[str, ...]:
    """Return the words a short form stands for: `can't` is `can not`; any other word stands for itself."""
    if word == "ill" and following in _AFTER_I_WILL:
        return "i", "will"
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if "'" not in word:
        return (word,)
    head, _, tail = word.partition("'")
    if tail == "t" and head.endswith("n"):
        return head[:-1], "not"
    if tail in _ENDINGS:
        return head, *_ENDINGS[tail]
    if tail == "s":
        return (head, "is") if head in _WITH_IS else (head,)
    return tuple(part for part in word.split("'") if part)


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Fold plurals, -ing and -ed: light on purpose, since a stem that two words share makes them one."""
    if word in _STEMS_NOT_BY_RULE:
        return _STEMS_NOT_BY_RULE[word]
    if len(word) <= _LONG_ENOUGH or not word.isalpha() or word in _THINGS:
        return word
    if word.removesuffix("s") in _THINGS:
        return word.removesuffix("s")
    base = _without_ending(word)
    if len(base) > _LONG_ENOUGH and base[-1] == base[-2] and not _VOWEL.match(base[-1]):
        base = base[:-1]  # cancelled, cancel; and bill, billing
    return base[:-1] if len(base) > _LONG_ENOUGH + 1 and base.endswith("e") else base


@lru_cache(maxsize=2)
def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


def _without_ending(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _LONG_ENOUGH and _VOWEL.search(base):
            return base + "e" if len(base) == _LONG_ENOUGH and _MUTE_E.fullmatch(base) else base
    return word
