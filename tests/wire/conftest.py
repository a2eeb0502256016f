"""Houses for the tests, closed in the background: a bot that stops says first what is due, and no test needs that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests.wire.house import CLOSING, House, Mode


@pytest.fixture(scope="session", autouse=True)
def closed() -> Iterator[None]:
    """Every house is closed when the tests are over: an interpreter that ends starts no thread any more."""
    yield
    for closing in CLOSING:
        closing.join()


@pytest.fixture(params=get_args(Mode))
def mode(request: pytest.FixtureRequest) -> Mode:
    given: Mode = request.param
    return given


@pytest.fixture
def house(mode: Mode, tmp_path: Path) -> Iterator[House]:
    """A running house, once in each mode."""
    with House(tmp_path, mode) as running:
        yield running
