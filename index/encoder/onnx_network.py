"""The exported network, run by onnxruntime: opens in a fraction of a second and needs no torch."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from time import monotonic

import numpy as np
import onnxruntime

from corpus.common.errors import ModelError
from index.encoder.encode import Ints, Pass

OUTPUTS = ["vectors", "tokens", "context", "states"]
WIDE = 2  # threads for a question that is alone; more were not measured
CROWDED_SECONDS = 1.0  # how long after two questions met each keeps to one thread


class OnnxNetwork:
    """An ONNX file with inputs `input_ids` and `attention_mask`, and `OUTPUTS`; optimised when it was exported.

    It runs on one thread: questions that come together are done soonest side by side. Once `widen` was called, one that
    is alone runs on two (measured: docs/performance.md).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._narrow = _open(path, 1)
        self._wide: onnxruntime.InferenceSession | None = None
        self._running = Lock()
        self._crowded_until = 0.0

    def widen(self) -> None:
        """Take a question that is alone in two thirds of the time, for as much memory again as the weights take."""
        self._wide = _open(self._path, WIDE)

    def run(self, ids: Ints, mask: Ints) -> Pass:
        """See `index.encoder.encode.Network`."""
        feed = {"input_ids": ids, "attention_mask": mask}
        if not self._running.acquire(blocking=False):
            self._crowded_until = monotonic() + CROWDED_SECONDS
            return _pass(self._narrow, feed)
        try:
            wide = self._wide if monotonic() > self._crowded_until else None
            return _pass(wide or self._narrow, feed)
        finally:
            self._running.release()


def _open(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = session_options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return open_session(path, options)


def _pass(session: onnxruntime.InferenceSession, feed: dict[str, Ints]) -> Pass:
    return Pass(*map(np.asarray, session.run(OUTPUTS, feed)))


def session_options(threads: int = 1) -> onnxruntime.SessionOptions:
    """Options: so many threads, and only errors are logged."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return options


def open_session(model: Path | bytes, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """Open an ONNX file, or what one holds.

    Raises:
        ModelError: onnxruntime cannot.
    """
    try:
        given = model if isinstance(model, bytes) else str(model)
        return onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises types of its own that it does not export
        reason = " ".join(str(error).split())[:200]
        name = "a model in memory" if isinstance(model, bytes) else model.name
        raise ModelError(f"{name} cannot be opened by onnxruntime ({reason}); run: make index") from error
