"""How alike two texts are letter by letter: sees that words belong together where no ending rule does."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.core.matching.reading import Phrase, has_content

WITHOUT_CONTENT: Final = 0.5  # how much a stop word weighs beside another word as frequent


class Letters:
    """The cosine between a text's letter triples and those of each group of texts, rare triples weighing more."""

    def __init__(self, texts: Sequence[tuple[int, Phrase, float]]) -> None:
        """Take texts as (group, words, weight in the group)."""
        counts = [_triples(words) for _, words, _ in texts]
        texts_with = Counter(triple for count in counts for triple in count)
        self._unseen = math.log((len(texts) + 1) / 0.5)
        self._weights = {triple: math.log((len(texts) + 1) / (n + 0.5)) for triple, n in texts_with.items()}
        sums: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for (group, _, weight), count in zip(texts, counts, strict=True):
            for triple, value in self._weighed(count).items():
                sums[group][triple] += weight * value
        self._groups_with: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for group, vector in sums.items():
            for triple, value in _unit(vector).items():
                self._groups_with[triple][group] = value

    def likeness(self, words: Phrase, groups: Collection[int]) -> Mapping[int, float]:
        """Return 0 to 1 for each of these groups."""
        found = dict.fromkeys(groups, 0.0)
        for triple, value in self._weighed(_triples(words)).items():
            having = self._groups_with.get(triple, {})
            for group in having.keys() & found.keys():
                found[group] += value * having[group]
        return found

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
