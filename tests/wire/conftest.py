"""Houses for the tests, closed in the background: hanging up takes three seconds that no test needs to wait for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests.wire.house import House, Mode


@pytest.fixture(params=get_args(Mode))
def mode(request: pytest.FixtureRequest) -> Mode:
    given: Mode = request.param
    return given


@pytest.fixture
def house(mode: Mode, tmp_path: Path) -> Iterator[House]:
    """A running house, once in each mode."""
    with House(tmp_path, mode) as running:
        yield running
