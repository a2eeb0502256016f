"""Words that an entry must or must not have: how they are found, and what they leave out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.entries import Entry, Keywords, Words
from bot.core.matches import Ranking
from bot.core.matching import build_matcher
from bot.core.matching.vetoes.guards import Phrases
from bot.vectors.choosing import DEFAULT, encoder_for

words = st.lists(st.sampled_from("abc"), max_size=8).map(tuple)


@given(st.lists(words.filter(bool)), words)
def test_a_phrase_is_found_where_it_stands_as_it_is_and_nowhere_else(
    phrases: list[tuple[str, ...]], said: tuple[str, ...]
) -> None:
    spans = {said[start:end] for start in range(len(said)) for end in range(start + 1, len(said) + 1)}

    assert Phrases(phrases).within(said) == spans & set(phrases)


LANTERN = Entry("a/lantern", "Repair a lantern", ("the lantern is broken", "my lantern is dark"), "an answer")
TORCH = Entry("a/torch", "Repair a torch", ("the torch is broken", "my torch is dark"), "an answer")
OTHERS = (
    Entry("b/lunch", "The lunch menu", ("what is for lunch",), "an answer"),
    Entry("b/tea", "Where tea is", ("is there any tea left",), "an answer"),
)


def ranked(said: str, **guards: tuple[str, ...]) -> Ranking:
    guarded = replace(TORCH, keywords=Keywords(**guards))
    return build_matcher([LANTERN, guarded, *OTHERS], Words(), {}, encoder_for(DEFAULT)).rank(said)


@pytest.mark.parametrize(
    ("guards", "may_answer"),
    [
        ({"none": ("broken",)}, False),  # a veto
        ({"none": ("broken glass",)}, True),  # of a whole phrase, which is not there
        ({"none": ("glass", "is broken")}, False),  # any of them will do
        ({"any": ("lamp",)}, False),  # not one of those it needs
        ({"any": ("lamp", "torch")}, True),  # one is enough
        ({"all": ("torch", "red")}, False),  # each is needed
        ({"all": ("torch", "red"), "any": ("torch",)}, False),  # of both lists
        ({"all": ("torch", "broken")}, True),
        ({"all": ("torch",), "none": ("broken",)}, False),  # a veto beats what is there
    ],
)
def test_what_a_guard_lets_through(guards: dict[str, tuple[str, ...]], may_answer: bool) -> None:
    ranking = ranked("the torch is broken", **guards)

    assert (TORCH.id in [match.entry for match in ranking.matches]) is may_answer


def test_what_a_guard_leaves_out_takes_nothing_from_the_others() -> None:
    said = "the lantern and the torch are broken"
    shares = ranked(said)
    alone = ranked(said, none=("lantern",))

    assert [match.entry for match in shares.matches[:2]] == [LANTERN.id, TORCH.id]
    assert [match.entry for match in alone.matches] == [LANTERN.id]
    assert alone.matches[0].confidence > shares.matches[0].confidence
