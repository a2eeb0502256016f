"""The doctor says which matcher serves, and how to come by the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.errors import WeightsError
from bot.vectors.choosing import chosen_for, encoder_for
from bot.vectors.semantic import installed_model


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a process that has chosen nothing yet; and leave nothing behind."""
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "TIER1_MATCHER"):
        monkeypatch.delenv(name, raising=False)
    for kept in (encoder_for, chosen_for):
        kept.cache_clear()
    yield
    for kept in (encoder_for, chosen_for):
        kept.cache_clear()


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # as if it were not installed


def matcher(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["doctor", "--json"])
    (found,) = [check for check in json.loads(capsys.readouterr().out)["checks"] if check["check"] == "matcher"]
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("without_the_extra")
def test_the_default_serves_and_the_way_to_the_extra_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = matcher(capsys)

    assert found["level"] == "ok"
    assert found["what"].startswith("`default` serves")
    assert found["do"] == "for `semantic`, `pip install '.[semantic]'` and set TIER1_MATCHER=semantic"


@pytest.mark.usefixtures("without_the_extra")
def test_an_extra_that_is_wanted_and_not_there_is_a_warning(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIER1_MATCHER", "semantic")

    assert matcher(capsys) == {
        "check": "matcher",
        "level": "warning",
        "what": "`semantic` is wanted, `default` serves: onnxruntime is not installed",
        "do": "`pip install '.[semantic]'`",
    }


def test_the_extra_serves_where_it_is_wanted_and_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        installed_model()
    except WeightsError as error:
        pytest.skip(f"the semantic extra is not installed: {error}")
    monkeypatch.setenv("TIER1_MATCHER", "semantic")

    found = matcher(capsys)

    assert found["level"] == "ok"
    assert found["what"].startswith("`semantic` serves")
    assert found["do"] == "for `default`, unset TIER1_MATCHER"


def test_a_matcher_that_there_is_not_is_a_wrong_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIER1_MATCHER", "clever")

    main(["doctor", "--json"])

    found = [check for check in json.loads(capsys.readouterr().out)["checks"] if "TIER1_MATCHER" in check["what"]]
    assert [(check["check"], check["level"]) for check in found] == [("settings", "wrong"), ("matcher", "warning")]
    assert found[0]["do"] == "it must be `default` or `semantic`"
