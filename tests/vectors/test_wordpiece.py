"""Words become the pieces that the encoders were taught, by the rules of BERT's uncased tokeniser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import WeightsError
from bot.vectors.wordpiece import WITH_PIECES, WordPiece, load_pieces

PIECES = load_pieces()
CUT = WordPiece(PIECES)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("hello world", ["hello", "world"]),  # words that are pieces
        ("embeddings", ["em", "##bed", "##ding", "##s"]),  # the longest piece first, each time
        ("Café", ["cafe"]),  # accents and case make no difference
        ("Cafe\u0301", ["cafe"]),  # however the accent is written
        ("don't", ["don", "'", "t"]),  # a sign stands alone
        ("wi-fi, ok?", ["wi", "-", "fi", ",", "ok", "?"]),  # every sign
        ("x_y", ["x", "_", "y"]),  # an underscore is a sign too
        ("0x800", ["0", "##x", "##80", "##0"]),  # a code is cut like a word
        ("  my\tvpn\n", ["my", "vp", "##n"]),  # space is only between words
        ("\U0001f600", ["[UNK]"]),  # what no piece is for
        ("hello\u0416\U00010400", ["[UNK]"]),  # a word is known as a whole or not at all
        ("a" * 101, ["[UNK]"]),  # longer than any word
        ("", []),
        (" \n", []),
    ],
)
def test_a_text_is_cut_into_the_longest_pieces_there_are(text: str, pieces: list[str]) -> None:
    assert [PIECES[number] for number in CUT(text)] == pieces


def test_the_numbers_are_those_of_the_published_vocabulary() -> None:
    assert len(PIECES) == 30_522
    assert (CUT.start, CUT.end, CUT("hello world")) == (101, 102, [7592, 2088])


@given(st.text())
def test_any_text_is_cut_and_cut_the_same_again(text: str) -> None:
    numbers = CUT(text)

    assert all(0 <= number < len(PIECES) for number in numbers)
    assert CUT(text) == numbers == WordPiece(PIECES)(text)


@given(st.lists(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), min_size=1))
def test_nothing_of_a_plain_text_is_lost(words: list[str]) -> None:
    assert "".join(PIECES[number].removeprefix("##") for number in CUT(" ".join(words))) == "".join(words)


def test_what_is_kept_of_earlier_words_has_a_bound() -> None:
    cut = WordPiece(PIECES)

    for number in range(20_000):
        cut(f"word{number}")

    kept = cut._pieces_of.cache_info()
    assert kept.maxsize is not None
    assert kept.currsize == kept.maxsize < 20_000


@pytest.mark.parametrize(
    ("vocab", "says"),
    [
        (None, "cannot be read"),  # no file at all
        ({}, "cannot be read"),  # a file of something else
        ({"vocab": np.array("\n".join(["[UNK]", "[CLS]", "[SEP]", "hello"]))}, "not the pieces"),  # others
    ],
)
def test_pieces_that_are_not_the_shipped_ones_are_refused(
    vocab: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.str_]]] | None, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "pieces.npz"
    if vocab is not None:
        np.savez(path, allow_pickle=False, **vocab)

    with pytest.raises(WeightsError, match=says):
        load_pieces(path)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pieces.npz"
    path.write_bytes(WITH_PIECES.read_bytes()[:100_000])

    with pytest.raises(WeightsError, match="install tier1 again"):
        load_pieces(path)
