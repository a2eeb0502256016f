"""What is kept on disk comes back as it was or not at all, and nothing that a disk does stops the bot."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.vectors.cache import Cache

ARRAYS: dict[str, NDArray[Any]] = {
    "rows": np.arange(12, dtype=np.float32).reshape(3, 4),
    "file": np.array([1, -2], np.int8),  # a name that numpy's own `savez` cannot take
    "ids": np.array(["accounts/reset-password", "küche"]),
    "none": np.zeros((0, 7)),
    "one": np.array(0.5),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "tier1.cache"


def _kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz"))


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_what_was_saved_comes_back_as_it_was(folder: Path) -> None:
    Cache(folder).save("key", ARRAYS)

    loaded = Cache(folder).load("key")

    assert loaded is not None
    assert loaded.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)


def test_each_key_has_its_own_and_the_last_saved_counts(folder: Path) -> None:
    cache = Cache(folder)
    cache.save("a", {"x": np.array(1)})
    cache.save("b", {"x": np.array(2)})
    cache.save("a", {"x": np.array(3)})

    found = [cache.load(key) for key in ("a", "b", "c")]

    assert [one and int(one["x"]) for one in found] == [3, 2, None]
    assert len(_kept(folder)) == 2


def test_a_file_opens_in_numpy_as_it_is(folder: Path) -> None:
    Cache(folder).save("key", ARRAYS)

    with np.load(_kept(folder)[0]) as file:
        assert set(file.files) == ARRAYS.keys()


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_file_with_one_bit_turned_is_built_again(at: int, bit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("turned")
    cache = Cache(folder)
    cache.save("key", ARRAYS)
    (path,) = _kept(folder)
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)

    assert cache.load("key") is None
    assert not path.exists()
    cache.save("key", ARRAYS)
    assert cache.load("key") is not None
    shutil.rmtree(folder)


@pytest.mark.parametrize("rest", [0, 1, 100, -1])
def test_a_file_that_was_cut_off_is_told_and_built_again(
    rest: int, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Cache(folder).save("key", ARRAYS)
    (path,) = _kept(folder)
    path.write_bytes(path.read_bytes()[:rest])

    assert Cache(folder).load("key") is None
    (warning,) = _warnings(caplog)
    assert str(path) in warning
    assert "built again" in warning


def test_another_keys_file_does_not_count_under_this_keys_name(folder: Path) -> None:
    cache = Cache(folder)
    cache.save("a", {"x": np.array(1)})
    (of_a,) = _kept(folder)
    cache.save("b", {"x": np.array(2)})
    (of_b,) = [path for path in _kept(folder) if path != of_a]
    shutil.copyfile(of_b, of_a)

    assert cache.load("a") is None


@pytest.mark.parametrize("content", [b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_a_foreign_file_with_the_right_hash_does_no_harm(content: bytes, folder: Path) -> None:
    import hashlib  # noqa: PLC0415  used only to forge a name

    cache = Cache(folder)
    cache.save("key", ARRAYS)
    (path,) = _kept(folder)
    key = path.name.partition("-")[0]
    path.unlink()
    (folder / f"{key}-{hashlib.sha256(content).hexdigest()}.npz").write_bytes(content)

    assert not cache.load("key")


def test_objects_are_neither_written_nor_read(folder: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle=False"):
        Cache(folder).save("key", {"x": np.array([{"a": 1}], dtype=object)})

    assert list(folder.iterdir()) == []


def test_only_the_files_used_last_are_kept_and_others_files_are_left_alone(folder: Path) -> None:
    Cache(folder).save("first", {"x": np.zeros(100)})
    cache = Cache(folder, limit=8 * _kept(folder)[0].stat().st_size)
    others = [folder / "notes.npz", folder / "a-b.npz", folder / "kb.part"]
    for other in others:
        other.write_text("mine", encoding="utf-8")
    _make_older(folder, hours=5)

    for number in range(20):
        cache.save(f"key {number}", {"x": np.full(100, number)})
        _make_older(folder, hours=1)
        assert cache.load("first") is not None  # which makes it one that was used

    assert len(_kept(folder)) - 2 == 8
    assert [cache.load(f"key {number}") is not None for number in range(20)] == [False] * 13 + [True] * 7
    assert all(other.exists() for other in others)


def _make_older(folder: Path, *, hours: int) -> None:
    for path in folder.iterdir():
        before = path.stat().st_mtime - hours * 3600
        os.utime(path, (before, before))


def test_what_a_dead_process_left_unfinished_goes_after_an_hour(folder: Path) -> None:
    cache = Cache(folder)
    cache.save("key", ARRAYS)
    old, new = folder / f"{'a' * 32}-{'b' * 32}.part", folder / f"{'a' * 32}-{'c' * 32}.part"
    old.write_bytes(b"half")
    _make_older(folder, hours=2)
    new.write_bytes(b"half")

    cache.save("other", ARRAYS)

    assert (old.exists(), new.exists()) == (False, True)


def test_off_keeps_nothing_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    cache = Cache(None)

    cache.save("key", ARRAYS)

    assert cache.load("key") is None
    assert [record.getMessage() for record in caplog.records] == [
        "the index is not kept on disk: it is built anew at each start"
    ]


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = Cache(tmp_path / "file" / "tier1.cache")

    for _ in range(3):
        cache.save("key", ARRAYS)
        assert cache.load("key") is None

    (warning,) = _warnings(caplog)
    assert str(tmp_path / "file" / "tier1.cache") in warning


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_fills_up_leaves_nothing_behind(folder: Path) -> None:
    program = f"""
import resource, signal
from pathlib import Path
import numpy as np
from bot.vectors.cache import Cache
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
cache = Cache(Path({str(folder)!r}))
cache.save("key", {{"x": np.zeros(1_000_000)}})
assert cache.load("key") is None
cache.save("small", {{"x": np.zeros(10)}})
assert cache.load("small") is not None
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert "is not kept in" in ended.stderr
    assert [path.suffix for path in folder.iterdir()] == [".npz"]


@pytest.mark.long
def test_many_at_once_never_see_half_a_file(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    until = time.monotonic() + 1
    seen: list[bool] = []

    def play(number: int) -> None:
        cache = Cache(folder)
        while time.monotonic() < until:
            cache.save("key", {"x": np.full(1_000, number)})
            found = cache.load("key")
            seen.append(found is None or len(set(found["x"].tolist())) == 1)

    players = [threading.Thread(target=play, args=(number,)) for number in range(4)]
    for player in players:
        player.start()
    for player in players:
        player.join()

    assert seen
    assert all(seen)
    assert _warnings(caplog) == []
