"""The exported network, run by onnxruntime: opens in a fraction of a second and needs no torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from corpus.errors import ModelError
from index.encoder import Ints, Pass

OUTPUTS = ["vectors", "tokens", "context"]
THREADS = 1  # a question is too short for two; several are answered at once instead (measured: docs/performance.md)


class OnnxNetwork:
    """An ONNX file with inputs `input_ids` and `attention_mask`, and `OUTPUTS`; optimised when it was exported."""

    def __init__(self, path: Path, threads: int = THREADS) -> None:
        options = session_options(threads)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        self._session = open_session(path, options)

    def run(self, ids: Ints, mask: Ints) -> Pass:
        """See `index.encoder.Network`."""
        return Pass(*map(np.asarray, self._session.run(OUTPUTS, {"input_ids": ids, "attention_mask": mask})))


def session_options(threads: int = THREADS) -> onnxruntime.SessionOptions:
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
