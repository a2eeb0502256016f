"""The built index on disk, so that a restart need not build it again. Without it everything works, only later.

One npz file a key, without pickle: `<hash of the key>-<hash of the file>.npz`. A file that does not have the hash that
its name says is damaged: it is dropped, and what it held is built again. Other files in the folder are left alone.
Several processes may share a folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

_LIMIT = 500_000_000  # bytes in a folder; 100,000 phrasings take 150 million
_ABANDONED = 3600.0  # seconds after which whoever wrote an unfinished file is taken for dead
_OURS = re.compile(r"(?P<key>[0-9a-f]{32})-(?P<content>[0-9a-f]{64})\.npz")
_UNFINISHED = re.compile(r"[0-9a-f]{32}-[0-9a-f]{32}\.part")
_UNUSABLE = (OSError, ValueError, KeyError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile)

Arrays = Mapping[str, NDArray[Any]]


class Cache:
    """Arrays by key. Whatever the disk does, nothing is raised: what cannot be loaded is built by the caller.

    A key names everything that the arrays depend on. `folder` None keeps nothing. Of the files those used last are
    kept, with `limit` bytes together.
    """

    def __init__(self, folder: Path | None, *, limit: int = _LIMIT) -> None:
        self._folder, self._limit = folder, limit
        self._is_told = False
        if folder is None:
            log.info("the index is not kept on disk: it is built anew at each start")

    def load(self, key: str) -> Arrays | None:
        """Return what was saved last under this key, or None."""
        found = [path for path in self._files(_OURS) if path.name.startswith(_named(key))]
        if not found:
            return None
        path = max(found, key=_used_at)
        try:
            arrays = _read(path)
        except FileNotFoundError:  # another process has just put a newer one in its place
            return None
        except _UNUSABLE as error:
            log.warning("%s cannot be used (%s): what it held is built again", path, error)
            _remove(path)
            return None
        with suppress(OSError):
            os.utime(path)  # what is used stays longest
        return arrays

    def save(self, key: str, arrays: Arrays) -> None:
        """Keep the arrays, in place of what was saved under this key before. What was not used for long may have to go.

        Raises ValueError for arrays of objects, which only pickle could keep.
        """
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = _write(self._folder, _named(key), arrays)
        except OSError as error:
            if not self._is_told:
                why = error.strerror or error
                log.warning("the index is not kept in %s (%s): it is built anew at each start", self._folder, why)
            self._is_told = True
        else:
            self._tidy(path)

    def _tidy(self, newest: Path) -> None:
        key, _, _ = newest.name.partition("-")
        together = _size(newest)
        for path in sorted((path for path in self._files(_OURS) if path != newest), key=_used_at, reverse=True):
            together += _size(path)
            if together > self._limit or path.name.startswith(key):
                _remove(path)
        for path in self._files(_UNFINISHED):
            if time.time() - _used_at(path) > _ABANDONED:
                _remove(path)

    def _files(self, names: re.Pattern[str]) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if names.fullmatch(path.name)] if self._folder else []
        except OSError:
            return []


def _read(path: Path) -> Arrays:
    with path.open("rb") as file:
        if f"-{_digest(file)}.npz" not in path.name:
            raise ValueError("it is damaged")
        with np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}


def _write(folder: Path, name: str, arrays: Arrays) -> Path:
    """Write the file beside, and give it its name only when it is whole."""
    unfinished = folder / f"{name}-{uuid4().hex}.part"
    try:
        with unfinished.open("x+b") as file:
            # Not by numpy's own `savez`, which cannot take arrays that are named as its parameters are.
            with zipfile.ZipFile(file, "w") as packed:
                for array_name, array in arrays.items():
                    with packed.open(f"{array_name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
            path = folder / f"{name}-{_digest(file)}.npz"
        return unfinished.replace(path)
    except BaseException:
        _remove(unfinished)
        raise


def _digest(file: BufferedReader | BufferedRandom) -> str:
    """The hash of a whole file, which then stands at its beginning again."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _named(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just removed it
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
