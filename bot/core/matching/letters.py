"""How alike two texts are letter by letter: sees that words belong together where no ending rule does."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.core.matching.reading import Phrase, has_content

_COMMON: Final = 8  # a triple is common that one group in so many has
WITHOUT_CONTENT: Final = 0.5  # how much a stop word weighs beside another word as frequent


class Letters:
    """The cosine between a text's letter triples and those of each group of texts, rare triples weighing more."""

    def __init__(self, texts: Sequence[tuple[int, Phrase, float]]) -> None:
        """Take texts as (group, words, weight in the group); groups are counted from 0."""
        counts = [_triples(words) for _, words, _ in texts]
        texts_with = Counter(triple for count in counts for triple in count)
        self._unseen = math.log((len(texts) + 1) / 0.5)
        self._weights = {triple: math.log((len(texts) + 1) / (n + 0.5)) for triple, n in texts_with.items()}
        sums: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for (group, _, weight), count in zip(texts, counts, strict=True):
            for triple, value in self._weighed(count).items():
                sums[group][triple] += weight * value
        groups_with: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for group, vector in sums.items():
            for triple, value in _unit(vector).items():
                groups_with[triple][group] = value
        # Most of the work is with what nearly every group has, and there a list is faster than a dictionary.
        groups = range(max(sums, default=-1) + 1)
        common = {triple for triple, having in groups_with.items() if _COMMON * len(having) >= len(groups)}
        self._common = {triple: [groups_with[triple].get(group, 0.0) for group in groups] for triple in common}
        self._rare = {triple: having for triple, having in groups_with.items() if triple not in common}

    def likeness(self, words: Phrase, groups: Collection[int]) -> Mapping[int, float]:
        """Return 0 to 1 for each of these groups."""
        place = {group: at for at, group in enumerate(groups)}
        found = [0.0] * len(place)
        for triple, value in self._weighed(_triples(words)).items():
            if shares := self._common.get(triple):
                found = [sum_ + value * shares[group] for sum_, group in zip(found, place, strict=True)]
            else:
                for group, share in self._rare.get(triple, {}).items():
                    if group in place:
                        found[place[group]] += value * share
        return dict(zip(place, found, strict=True))

    def _weighed(self, count: Mapping[str, float]) -> dict[str, float]:
        return _unit({triple: math.sqrt(n) * self._weights.get(triple, self._unseen) for triple, n in count.items()})


def _triples(words: Phrase) -> dict[str, float]:
    """Count letter triples, ends of words included, and whole words."""
    count: defaultdict[str, float] = defaultdict(float)
    for word in words:
        weight = 1.0 if has_content(word) else WITHOUT_CONTENT
        padded = f" {word} "
        for at in range(len(padded) - 2):
            count[padded[at : at + 3]] += weight
        count[word] += weight
    return count


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {triple: value / length for triple, value in vector.items()}
