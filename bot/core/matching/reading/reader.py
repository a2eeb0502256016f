"""How the matcher reads a text: sentences of stems, with synonyms made one and unwanted things marked as such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from bot.core.entries import Entry, Words
from bot.core.matching.reading.common_words import COMMON_WORDS
from bot.core.matching.reading.english import POLITE, STOP_WORDS, stem
from bot.core.matching.reading.negating import negated
from bot.core.matching.reading.normalising import COMMA, MARKS, STOP, placed, tokens
from bot.core.matching.reading.spelling import Speller

NOT = "\u00ac"  # before the stem of what is not wanted: it matches only what an entry says is not wanted
_LONGEST = 400  # words; the question is over long before, what follows can only veto
_ASKS_BEFORE_A_SUBJECT = frozenset({"can", "could", "is", "do"})
_OPENS_A_QUESTION = _ASKS_BEFORE_A_SUBJECT | {"how", "what", "where", "when", "why", "who", "which", "i"}
_SUBJECTS = frozenset({"i", "we", "you", "it", "the", "my", "our", "your", "there", "this", "that", "a", "an"})
_AND_MORE = frozenset({"also", "plus"})
_JOIN = _AND_MORE | {"and"}
_TAKE_AN_OBJECT = frozenset({"see", "check", "try"})
_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """`sentences` hold stems, `said` the same words unstemmed; `corrected` pairs each misspelt word with its reading.

    What is polite at the ends of sentences stands only in `whole`: all words, unstemmed.
    """

    sentences: tuple[Phrase, ...]
    said: tuple[Phrase, ...] = ()
    whole: Phrase = ()
    corrected: tuple[tuple[str, str], ...] = ()
    unwanted: tuple[Phrase, ...] = ()  # the runs of words, as written, that were said not to be wanted or not so
    texts: tuple[str, ...] = ()  # of the sentences, as they stand in the cleaned text
    sides: frozenset[int] = frozenset()  # sentences that are the other side of the one before: "or is it …?"

    @property
    def words(self) -> Phrase:
        return tuple(word for sentence in self.sentences for word in sentence)


class _Cut(NamedTuple):
    """A sentence, from one of the words to another that is not in it. `is_side`: it is the other side of the last."""

    start: int
    end: int
    is_side: bool


def has_content(word: str) -> bool:
    return word.removeprefix(NOT) not in _STOP_STEMS


class Reader:
    """Reads questions and phrasings alike; only questions are corrected."""

    def __init__(self, entries: Iterable[Entry], words: Words) -> None:
        self._synonyms = _synonyms_of(words)
        self._polite = _polite_of(words)
        self._longest_polite = max((len(phrase) for phrase in self._polite), default=0)
        known = _vocabulary(entries, words)
        self._speller = Speller(known, left_alone=_tokens_of_products(words), others=COMMON_WORDS | STOP_WORDS)

    def knows(self, word: str) -> bool:
        return self._speller.knows(word)

    def phrase(self, text: str) -> Phrase:
        """Return a keyword, an opposite or a phrasing as one run of stems."""
        return self.written(text).words

    def written(self, text: str) -> Reading:
        """Read what an editor wrote, which is not corrected."""
        words = tokens(text)
        return self._read(words, _cuts(words))

    def question(self, text: str) -> Reading:
        written, starts, cleaned = placed(text)
        spelt = [word if word in MARKS else self._speller.correct(word) for word in written[:_LONGEST]]
        spelt += written[_LONGEST:]
        cuts = _cuts(spelt)
        corrected = dict.fromkeys(pair for pair in zip(written, spelt, strict=True) if pair[0] != pair[1])
        ends = [*starts, len(cleaned)]
        texts = tuple(cleaned[starts[cut.start] : ends[cut.end]] for cut in cuts)
        return replace(self._read(spelt, cuts), corrected=tuple(corrected), texts=texts)

    def _read(self, words: list[str], cuts: Sequence[_Cut]) -> Reading:
        marked = list(zip(words, negated(words), strict=True))
        sentences = [self._without_polite(marked[cut.start : cut.end]) for cut in cuts]
        _, whole = self._folded([pair for pair in marked if pair[0] not in MARKS])
        folded = [self._folded(sentence) for sentence in sentences]
        return Reading(
            tuple(stems for stems, _ in folded),
            tuple(said for _, said in folded),
            whole,
            unwanted=tuple(run for sentence in sentences for run in _unwanted(sentence)),
            sides=frozenset(at for at, cut in enumerate(cuts) if cut.is_side),
        )

    def _without_polite(self, sentence: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
        """Strip polite words from both ends. What is nothing but polite stays: it may be what an entry is about."""
        rest = [pair for pair in sentence if pair[0] not in MARKS]
        marks = [at for at, (word, _) in enumerate(sentence) if word in MARKS]
        parted = {at - before for before, at in enumerate(marks)}  # after so many words there is a mark
        gone = 0
        while length := self._polite_at(rest):
            if rest[length - 1][0] in _TAKE_AN_OBJECT and gone + length not in parted:
                break  # "I see", and "I see a black screen"
            rest, gone = rest[length:], gone + length
        while length := self._polite_at(rest, at_end=True):
            rest = rest[:-length]
        return rest or [pair for pair in sentence if pair[0] not in MARKS]

    def _polite_at(self, sentence: list[tuple[str, bool]], *, at_end: bool = False) -> int:
        edge = sentence[-self._longest_polite :] if at_end else sentence[: self._longest_polite]
        words = tuple(word for word, _ in edge)
        lengths = range(len(words), 0, -1)
        return next((n for n in lengths if (words[-n:] if at_end else words[:n]) in self._polite), 0)

    def _folded(self, sentence: list[tuple[str, bool]]) -> tuple[Phrase, Phrase]:
        """Put the first word of a synonym group for the others; return the stems, and word by word what was said."""
        stems = _stems(word for word, _ in sentence)
        folded: list[str] = []
        said: list[str] = []
        at = 0
        while at < len(stems):
            length, meant = 1, stems[at : at + 1]
            words: Phrase = (sentence[at][0],)
            for phrase, first, as_written in self._synonyms.get(stems[at], ()):
                if stems[at : at + len(phrase)] == phrase:
                    length, meant, words = len(phrase), first, as_written
                    break
            folded.extend(NOT + word if sentence[at][1] else word for word in meant)
            said.extend(words)
            at += length
        return tuple(folded), tuple(said)


def _cuts(words: Sequence[str]) -> list[_Cut]:
    """Cut where a sentence ends, and where two questions are joined: of neither can the whole be said to be about."""
    cuts: list[_Cut] = []
    start, is_side = 0, False
    for at, word in enumerate((*words, STOP)):
        if word in {STOP, "or"} or (word in _JOIN and _joins(words, start, at)):
            if any(each not in MARKS for each in words[start:at]):
                cuts.append(_Cut(start, at, is_side and bool(cuts)))
            start, is_side = at + 1, word == "or"
    return cuts


def _joins(words: Sequence[str], start: int, at: int) -> bool:
    """Whether the word at this place joins two questions: "and how …", "also can i …"."""
    following, then = (*words[at + 1 : at + 3], "", "")[:2]
    if words[at] == "and":
        return following in _OPENS_A_QUESTION or (following in _AND_MORE and then in _OPENS_A_QUESTION)
    # "My colleague also can not log in" is about one thing; with a comma, or "can i", it is about another.
    is_clear = words[at] == "plus" or words[at - 1] == COMMA or then in _SUBJECTS
    asks = following in _OPENS_A_QUESTION and (is_clear or following not in _ASKS_BEFORE_A_SUBJECT)
    return asks and any(has_content(stem(word)) for word in words[start:at])


def _unwanted(sentence: list[tuple[str, bool]]) -> Iterator[Phrase]:
    for is_unwanted, run in groupby(sentence, key=itemgetter(1)):
        if is_unwanted:
            yield tuple(word for word, _ in run)


def _unmarked(words: Iterable[str]) -> Phrase:
    return tuple(word for word in words if word not in MARKS)


def _stems(words: Iterable[str]) -> Phrase:
    return tuple(stem(word) for word in words if word not in MARKS)


def _all_tokens(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in tokens(text) if word not in MARKS)


# Kept, as a matcher for a single entry is built over and over again with the same lists.
@lru_cache(maxsize=2)
def _synonyms_of(words: Words) -> dict[str, list[tuple[Phrase, Phrase, Phrase]]]:
    """Return by the first word of each synonym what it is, the longest first, and what it is read as: stems, words."""
    synonyms: dict[str, list[tuple[Phrase, Phrase, Phrase]]] = {}
    for group in words.synonyms:
        written = [_unmarked(tokens(synonym)) for synonym in group]
        phrases = [_stems(phrase) for phrase in written]
        for phrase in phrases[1:]:
            if phrase and phrases[0]:
                synonyms.setdefault(phrase[0], []).append((phrase, phrases[0], written[0]))
    for rivals in synonyms.values():
        rivals.sort(key=lambda pair: (-len(pair[0]), pair))  # "sign in page" before "sign in"
    return synonyms


@lru_cache(maxsize=2)
def _polite_of(words: Words) -> frozenset[Phrase]:
    polite = (*POLITE, *words.greetings, *words.thanks, *words.fillers)
    return frozenset(phrase for phrase in map(_unmarked, map(tokens, polite)) if phrase)


@lru_cache(maxsize=2)
def _tokens_of_lists(words: Words) -> frozenset[str]:
    lists = (words.greetings, words.thanks, words.fillers, *words.synonyms, *words.opposites)
    return _all_tokens(text for texts in lists for text in texts)


@lru_cache(maxsize=2)
def _tokens_of_products(words: Words) -> frozenset[str]:
    return _all_tokens(words.products)


def _vocabulary(entries: Iterable[Entry], words: Words) -> list[str]:
    """Return the words that entries are found by, as often as they stand there, and those of the lists."""
    found = [*_tokens_of_lists(words)]
    for entry in entries:
        guards = entry.keywords
        for text in (entry.title, *entry.phrasings, *guards.any, *guards.all, *guards.none):
            found += (word for word in tokens(text) if word not in MARKS)
    return found
