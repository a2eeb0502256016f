"""Why a text was ranked as it was: what decided, by how much, and which word. Pure, and made only when asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

from bot.core.matches import Band, Match, Matcher, Ranking

MOST_WORDS: Final = 30  # of a text whose words are left out one by one: each costs a ranking
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Bars:
    """The confidence it takes to be sure, and to be unsure."""

    sure: float
    unsure: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What only the matcher itself knows. `shares`: how much of the best entry's score each signal gave, 1 in all."""

    corrected: tuple[tuple[str, str], ...] = ()  # each misspelt word with what it was read as
    shares: Mapping[str, float] = field(default_factory=dict)
    bars: Bars | None = None


@runtime_checkable
class GivesEvidence(Protocol):
    """A matcher that can tell more of its reasons than its ranking does."""

    def evidence(self, text: str, visible: AbstractSet[str] | None = None) -> Evidence:
        """Return the evidence for what `rank` returns, for the bars those of the best entry's category."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The `word` without which the decision would be another: `band`, and `entry` if that is sure."""

    word: str
    band: Band
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """`ranking` is what is explained; `margin` how far its best is ahead of the `runner_up`.

    `flip` is None if no single word decides, or if the text has more than `MOST_WORDS`.
    """

    ranking: Ranking
    evidence: Evidence
    runner_up: Match | None
    margin: float
    flip: Flip | None


def why(matcher: Matcher, text: str, visible: AbstractSet[str] | None = None) -> Why:
    """Explain what the matcher makes of a text."""
    ranking = matcher.rank(text, visible)
    return Why(
        ranking=ranking,
        evidence=evidence_of(matcher, text, visible),
        runner_up=ranking.matches[1] if len(ranking.matches) > 1 else None,
        margin=ranking.margin,
        flip=flip(text, ranking, lambda shorter: matcher.rank(shorter, visible)),
    )


def evidence_of(matcher: Matcher, text: str, visible: AbstractSet[str] | None = None) -> Evidence:
    """Return the matcher's evidence; an empty one if it gives none."""
    return matcher.evidence(text, visible) if isinstance(matcher, GivesEvidence) else Evidence()


def flip(text: str, ranking: Ranking, rank: Callable[[str], Ranking]) -> Flip | None:
    """Return the word without which the decision would be another; of several, the one that the best entry needs most.

    A decision is another if its band is, or the entry that it is sure of. Ties fall to the word that comes first.
    """
    words = list(_WORD.finditer(text))
    if len(words) > MOST_WORDS:
        return None
    best: tuple[float, Flip] | None = None
    for word in words:
        without = rank(text[: word.start()] + text[word.end() :])
        left = next((match.confidence for match in without.matches if match.entry == _entry(ranking)), 0.0)
        if _decision(without) != _decision(ranking) and (best is None or left < best[0]):
            best = left, Flip(_bare(word[0]), *_decision(without))
    return best[1] if best else None


def told(why: Why) -> tuple[str, ...]:
    """Say what the matcher's own sentences do not: the shares, the runner-up, and the word that decides."""
    shares = sorted(why.evidence.shares.items(), key=lambda share: (-share[1], share[0]))
    sentences = ["the score is made of " + ", ".join(f"{name} {share:.0%}" for name, share in shares)] if shares else []
    if why.runner_up:
        sentences.append(f"the runner-up is {why.runner_up.entry}, {why.margin:.2f} behind")
    if why.flip:
        instead = f"{why.flip.band} of {why.flip.entry}" if why.flip.entry else why.flip.band
        sentences.append(f"without “{why.flip.word}” it would be {instead}")
    else:
        sentences.append("no single word decides it")
    return tuple(sentences)


def _bare(word: str) -> str:
    """The word without the marks around it."""
    at = [place for place, letter in enumerate(word) if letter.isalnum()]
    return word[at[0] : at[-1] + 1] if at else word


def _entry(ranking: Ranking) -> str:
    return ranking.best.entry if ranking.best else ""


def _decision(ranking: Ranking) -> tuple[Band, str]:
    return ranking.band, _entry(ranking) if ranking.band == "sure" else ""
