"""A knowledge base is encoded once; what customers say is not kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.vectors.cache import Cache
from bot.vectors.remembering import Remembering

PHRASINGS = [f"how do i get {number} monitors" for number in range(200)]
MANY = [f"how do i get {number} monitors" for number in range(10_000)]


class Counting:
    """An encoder that counts the texts it had to encode."""

    def __init__(self, version: str = "v1", size: int = 3) -> None:
        self.version, self.size, self.encoded = version, size, 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return np.array([[len(text), sum(map(ord, text)), 1][: self.size] for text in texts], np.float32)


def test_a_restart_encodes_nothing_again(tmp_path: Path) -> None:
    before, after = Counting(), Counting()

    rows = Remembering(before, Cache(tmp_path)).encode(PHRASINGS)
    again = Remembering(after, Cache(tmp_path)).encode(PHRASINGS)

    np.testing.assert_array_equal(again, rows)
    assert again.dtype == np.float32
    assert (before.encoded, after.encoded) == (200, 0)


def test_the_order_of_the_list_makes_no_difference(tmp_path: Path) -> None:
    after = Counting()
    Remembering(Counting(), Cache(tmp_path)).encode(PHRASINGS)

    rows = Remembering(after, Cache(tmp_path)).encode(PHRASINGS[::-1])

    np.testing.assert_array_equal(rows, Counting().encode(PHRASINGS[::-1]))
    assert after.encoded == 0


@pytest.mark.parametrize(
    "edited",
    [
        ["can i have a monitor", *MANY],  # at the very beginning, where everything else moves
        [*MANY[:5_000], "can i have a monitor", *MANY[5_001:]],  # one text for another
        MANY[1:],  # one less
    ],
)
def test_after_an_edit_only_what_it_touches_is_encoded(edited: list[str], tmp_path: Path) -> None:
    after = Counting()
    Remembering(Counting(), Cache(tmp_path)).encode(MANY)

    rows = Remembering(after, Cache(tmp_path)).encode(edited)

    np.testing.assert_array_equal(rows, Counting().encode(edited))
    assert 0 < after.encoded < 2_000


def test_what_is_kept_is_what_would_be_encoded(tmp_path: Path) -> None:
    """Even where an encoder's last digits depend on which texts it is given together."""
    edited = [*MANY, "can i have a monitor"]
    Remembering(_Together(), Cache(tmp_path / "old")).encode(MANY)

    after_an_edit = Remembering(_Together(), Cache(tmp_path / "old")).encode(edited)
    from_nothing = Remembering(_Together(), Cache(tmp_path / "new")).encode(edited)
    without_a_cache = Remembering(_Together(), Cache(None)).encode(edited)

    np.testing.assert_array_equal(after_an_edit, from_nothing)
    np.testing.assert_array_equal(after_an_edit, without_a_cache)


class _Together(Counting):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().encode(texts) + np.float32(len(texts) / 1_024)


@pytest.mark.parametrize(
    ("encoder", "texts"),
    [
        (Counting("v2"), PHRASINGS),  # other weights
        (Counting(), [*PHRASINGS[:-1], "how do i get 3 monitors"]),  # another text
        (Counting(size=2), PHRASINGS),  # rows that do not fit
    ],
)
def test_what_has_changed_is_encoded_anew(encoder: Counting, texts: list[str], tmp_path: Path) -> None:
    Remembering(Counting(), Cache(tmp_path)).encode(PHRASINGS)

    rows = Remembering(encoder, Cache(tmp_path)).encode(texts)

    np.testing.assert_array_equal(rows, Counting(size=encoder.size).encode(texts))
    assert encoder.encoded == len(texts)


def test_texts_with_the_same_letters_are_not_the_same(tmp_path: Path) -> None:
    remembering = Remembering(Counting(), Cache(tmp_path))
    remembering.encode([*PHRASINGS, "aa", "ab"])

    rows = remembering.encode([*PHRASINGS, "aaa", "b"])

    np.testing.assert_array_equal(rows[-2:], Counting().encode(["aaa", "b"]))


def test_a_message_is_not_kept(tmp_path: Path) -> None:
    encoder = Counting()
    remembering = Remembering(encoder, Cache(tmp_path))

    for _ in range(2):
        remembering.encode(["i forgot my password", "my password is swordfish"])

    assert encoder.encoded == 4
    assert list(tmp_path.iterdir()) == []


def test_it_passes_for_the_encoder_it_stands_for(tmp_path: Path) -> None:
    remembering = Remembering(Counting("v9"), Cache(tmp_path))

    assert (remembering.version, remembering.size) == ("v9", 3)


def test_half_an_emoji_is_a_text_too(tmp_path: Path) -> None:
    texts = [*PHRASINGS, "\ud83d"]

    assert Remembering(Counting(), Cache(tmp_path)).encode(texts).shape == (201, 3)
