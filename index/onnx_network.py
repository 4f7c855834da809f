"""The exported network, run by onnxruntime: opens in a fraction of a second and needs no torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from corpus.errors import ModelError
from index.encoder import Ints, Pass

OUTPUTS = ["vectors", "tokens", "context"]


class OnnxNetwork:
    """An ONNX file with inputs `input_ids` and `attention_mask`, and `OUTPUTS`."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises types of its own that it does not export
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"{path.name} cannot be opened by onnxruntime ({reason}); run: make index") from error

    def run(self, ids: Ints, mask: Ints) -> Pass:
        """See `index.encoder.Network`."""
        return Pass(*map(np.asarray, self._session.run(OUTPUTS, {"input_ids": ids, "attention_mask": mask})))
