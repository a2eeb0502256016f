"""The encoder that ships with the bot: its weights are checked, and a text has one vector, alone or among others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import WeightsError
from bot.vectors.light import SHA256, WEIGHTS, LightEncoder

ENCODER = LightEncoder()
TEXTS = ("my vpn is down", "i can not connect to the vpn", "what is for lunch", "", "word " * 500, "café")


def test_what_means_the_same_is_nearer_than_what_does_not() -> None:
    vpn, also_vpn, lunch = ENCODER.encode(TEXTS[:3])

    assert vpn @ also_vpn > 0.6
    assert vpn @ lunch < 0.3


def test_every_row_has_length_one_and_the_order_of_the_texts() -> None:
    rows = ENCODER.encode(TEXTS)

    assert rows.shape == (len(TEXTS), ENCODER.size)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    alone = np.concatenate([ENCODER.encode([text]) for text in TEXTS])

    assert np.allclose(ENCODER.encode(TEXTS), alone, atol=1e-5)
    assert np.allclose(ENCODER.encode(TEXTS * 60)[-len(TEXTS) :], alone, atol=1e-5)  # in several batches


def test_no_texts_have_no_rows() -> None:
    assert ENCODER.encode([]).shape == (0, ENCODER.size)


def test_the_version_names_the_weights() -> None:
    assert SHA256.startswith(ENCODER.version)


def test_weights_that_are_not_there_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"gone\.npz: .* cannot be read: .*Install the bot again"):
        LightEncoder(tmp_path / "gone.npz")


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    changed = tmp_path / "changed.npz"
    content = bytearray(WEIGHTS.read_bytes())
    content[5_000] ^= 1
    changed.write_bytes(content)

    with pytest.raises(WeightsError, match="not as we ship it"):
        LightEncoder(changed)
