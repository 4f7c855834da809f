"""The exported network, run by onnxruntime: opens in a fraction of a second and needs no torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from corpus.errors import ModelError
from index.encoder import Floats, Ints


class OnnxNetwork:
    """An ONNX file with inputs `input_ids`, `attention_mask` and outputs `vector`, `tokens`."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises types of its own that it does not export
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"{path.name} cannot be opened by onnxruntime ({reason}); run: make index") from error

    def run(self, ids: Ints, mask: Ints) -> tuple[Floats, Floats]:
        """See `index.encoder.Network`."""
        vector, tokens = self._session.run(["vector", "tokens"], {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vector), np.asarray(tokens)
