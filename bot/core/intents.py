"""Tell small talk, wishes for a human and questions apart. Pure; the word lists come from the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import chain, groupby
from typing import Final

from bot.core.entries import Words
from bot.core.matching.reading.english import POLITE, stem
from bot.core.matching.reading.negating import negated
from bot.core.matching.reading.normalising import COMMA, MARKS, tokens
from bot.core.matching.reading.reader import has_content
from bot.core.matching.reading.recovering import recovered
from bot.core.matching.reading.spelling import Speller


class Intent(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    CONFIRMATION = "confirmation"  # "that works now"
    REJECTION = "rejection"  # "no, that's not it", "still broken"
    HUMAN = "human"  # a wish for a person
    HELP = "help"  # "what can you do"
    FRAGMENT = "fragment"  # nothing in it carries meaning
    QUESTION = "question"  # everything else


_LONGEST_SMALL_TALK: Final = 40  # words
_LONGEST_CORRECTED: Final = 300  # words
_ARTICLES: Final = frozenset({"a", "an", "the"})
_BETWEEN: Final = (
    "and",
    "but",
    "so",
    "well",
    "now",
    "then",
    "again",
    "also",
    "anyway",
    "either",
    "just",
    "very",
    "really",
    "all",
)
_QUOTED: Final = re.compile(
    r"^[^\S\n]*>.*$|`[^`\n]{1,200}`|\"[^\"\n]{1,200}\"|\u00ab[^\u00bb\n]{1,200}\u00bb"
    r"|[\u201c\u201e][^\u201c\u201d\n]{1,200}[\u201c\u201d]"
    r"|(?<!\w)['\u2018\u201a][^'\u2018\u2019\n]{1,200}['\u2018\u2019](?!\w)",
    re.MULTILINE,
)
# "I can not talk to a human" and "why do you not connect me to an agent" are wishes all the same.
_TURNED_DOWN: Final = re.compile(
    r"\b(?:without|avoid|avoiding|instead of|rather than|never|no need to|not (?:need|have|want) to"
    r"|(?<!can )(?<!could )(?<!you )(?<!it )not|(?:spoke|spoken|talked|chatted) (?:to|with)"
    r")(?: (?:being|having|to|please|ever|a|an|the))*$"
)
_WORDS_BEFORE: Final = 5
_DEPARTMENT: Final = re.compile(r"\bhuman resources?\b", re.IGNORECASE)  # is no wish for a human
# Where several are in one message, the first of these is what it is.
_STRENGTH: Final = (
    Intent.HUMAN,
    Intent.REJECTION,
    Intent.CONFIRMATION,
    Intent.HELP,
    Intent.THANKS,
    Intent.GREETING,
    Intent.FRAGMENT,
)

Phrase = tuple[str, ...]


class Listener:
    """The word lists, made ready for listening: short forms written out, no doubled letters, no articles."""

    def __init__(self, words: Words) -> None:
        lists = {
            Intent.FRAGMENT: (*POLITE, *words.fillers, *_BETWEEN),
            Intent.GREETING: words.greetings,
            Intent.THANKS: words.thanks,
            Intent.HELP: words.help,
            Intent.CONFIRMATION: words.confirmations,
            Intent.REJECTION: words.rejections,
        }
        everything = {said: tokens(said) for said in (*chain.from_iterable(lists.values()), *words.human_phrases)}
        self._small_talk = {_key(everything[said]): intent for intent, listed in lists.items() for said in listed}
        self._human_words = {_key(tokens(word)) for word in words.human_words}
        self._human_phrases: dict[str, list[Phrase]] = {}
        for phrase in sorted({_key(everything[said]) for said in words.human_phrases} - {()}):
            self._human_phrases.setdefault(phrase[0], []).append(phrase)
        self._longest = max(map(len, (*self._small_talk, *self._human_words)), default=1)
        self._speller = Speller(chain.from_iterable(everything.values()), left_alone=words.products)

    def hear(self, text: str, *, names: Collection[str] = ()) -> Intent:
        """Return what a message is, before any search. Never raises for any text.

        A message is small talk only if nothing else is in it: "hi, i forgot my password" is a question. `names` (of the
        bot, of colleagues) carry no meaning. The order where several are in one message: a wish for a human, then that
        it did not help ("thanks, but still broken"), that it did ("thanks, that works"), and only then mere politeness.
        "No thanks" declines an offer; it is politeness, not a failed attempt.
        """
        written = tokens(text)
        unquoted = self._unquoted(text)
        if self._has_wish(written if unquoted == text else tokens(unquoted)):
            return Intent.HUMAN
        said = _without_names([word for word in written if word not in MARKS], names)
        if said and len(said) <= _LONGEST_SMALL_TALK:
            if intent := self._small_talk_in(said):
                return intent
            if "?" not in text and self._is_over(_without_names(written, names)):
                return Intent.CONFIRMATION
        return Intent.QUESTION if any(has_content(stem(word)) for word in said) else Intent.FRAGMENT

    def beside_wish(self, text: str) -> str:
        """Return what a wish for a human is about, in words as they are read: "" if it says nothing but the wish."""
        said = self._corrected(tokens(text))
        wishes = self._wishes_in(said)
        rest = [word for at, word in enumerate(said) if not any(start <= at < end for start, end in wishes)]
        told = [word for word in rest if word not in MARKS and self._small_talk_in([word]) is None]
        return " ".join(rest) if any(has_content(stem(word)) for word in told) else ""

    def _unquoted(self, text: str) -> str:
        """Leave out what is quoted, if it is a wish: who names the button does not press it."""
        whole = _DEPARTMENT.sub(" ", text)
        rest = _QUOTED.sub(lambda quote: " . " if self._has_wish(tokens(quote[0])) else quote[0], whole)
        return rest if rest == whole or _key(tokens(rest)) else whole

    def _has_wish(self, written: Sequence[str]) -> bool:
        said = self._corrected(written)
        wishes = [at for at, _ in self._wishes_in(said)]
        if not wishes:
            return False
        unwanted = negated(said)
        return any(not unwanted[at] and not _is_turned_down(said[max(0, at - _WORDS_BEFORE) : at]) for at in wishes)

    def _wishes_in(self, said: Sequence[str]) -> list[tuple[int, int]]:
        """Return where each phrase of a wish begins, and where it has ended."""
        heard = [at for at, word in enumerate(said) if word != COMMA and word not in _ARTICLES]
        keys = tuple(_squeezed(said[at]) for at in heard)
        return [
            (at, heard[start + len(phrase) - 1] + 1)
            for start, at in enumerate(heard)
            for phrase in self._human_phrases.get(keys[start], ())
            if keys[start : start + len(phrase)] == phrase
        ]

    def _is_over(self, written: Sequence[str]) -> bool:
        """Whether the message only says that something works again, whatever it is: "I can print again, thanks"."""
        spans = recovered(written)
        rest = [
            word
            for at, word in enumerate(written)
            if word not in MARKS and not any(start <= at < end for start, end in spans)
        ]
        return bool(spans) and (not rest or self._small_talk_in(rest) not in (None, Intent.REJECTION))

    def _small_talk_in(self, said: Sequence[str]) -> Intent | None:
        """Return the strongest intent if the message is nothing but listed phrases, cut into as few as possible."""
        exact, heard = _key(said), _key(self._corrected(said))
        best: dict[int, tuple[int, int]] = {0: (0, len(_STRENGTH) - 1)}  # by words read: phrases, strongest intent
        for start in range(len(exact)):
            if start not in best:  # as nearly everywhere in a question
                continue
            phrases, strongest = best[start]
            for end in range(start + 1, min(start + self._longest, len(exact)) + 1):
                intent = self._intent_of(exact[start:end], heard[start:end])
                if intent is not None:
                    cut = (phrases + 1, min(strongest, _STRENGTH.index(intent)))
                    best[end] = min(cut, best.get(end, cut))
        return _STRENGTH[best[len(exact)][1]] if len(exact) in best else None

    def _intent_of(self, exact: Phrase, heard: Phrase) -> Intent | None:
        # A single word decides too much to be guessed from a misspelling.
        return Intent.HUMAN if exact in self._human_words else self._small_talk.get(exact, self._small_talk.get(heard))

    def _corrected(self, said: Sequence[str]) -> list[str]:
        head = [word if word in MARKS else self._speller.correct(word) for word in said[:_LONGEST_CORRECTED]]
        return [*head, *said[_LONGEST_CORRECTED:]]


@lru_cache(maxsize=2)
def listener_for(words: Words) -> Listener:
    """Return the listener of these lists; kept, as knowledge is put together anew with the same ones."""
    return Listener(words)


def _is_turned_down(before: Sequence[str]) -> bool:
    """Whether these words, the last ones before a wish, turn it round."""
    return _TURNED_DOWN.search(" ".join(before)) is not None


def _key(words: Iterable[str]) -> Phrase:
    return tuple(_squeezed(word) for word in words if word not in MARKS and word not in _ARTICLES)


@lru_cache(maxsize=16_384)
def _squeezed(word: str) -> str:
    """Write each letter once: `thankssss`, `hiii`."""
    return "".join(letter for letter, _ in groupby(word))


def _without_names(said: Sequence[str], names: Collection[str]) -> list[str]:
    rest = list(said)
    for name in sorted(filter(None, (tokens(name) for name in names)), key=len, reverse=True):
        at = 0
        while at < len(rest):
            if rest[at : at + len(name)] == name:
                del rest[at : at + len(name)]
            else:
                at += 1
    return rest
