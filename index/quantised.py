"""Cosines of token vectors kept in bytes, by onnxruntime: bytes are multiplied as they lie, never unpacked to floats.

One product of unsigned by signed bytes (MatMulInteger) takes a tenth of the time of unpacking and multiplying floats
(docs/performance.md). The question's side is rounded to 7 bits, since processors without VNNI add two products of 8
bits in 16 and would cut them off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.encoder.encode import Floats
from index.encoder.onnx_network import open_session, session_options

Codes = NDArray[np.uint8]
Halves = NDArray[np.float16]

ZERO = 128  # the code of 0
MOST = 127  # how far from it the code of a row's greatest number lies
ASKED_MOST = 63


def encode(rows: Floats) -> tuple[Codes, Halves]:
    """Codes (n, dim) and scales (n,) of rows: row = (codes - ZERO) · scale, about.

    What was decoded gets the very same ones: 127 times a half fits a float exactly.
    """
    scales = (np.abs(rows).max(axis=1, initial=0) / MOST).astype(np.float16)
    signed = np.rint(rows / _divisors(scales)).clip(-MOST, MOST)
    return (signed + ZERO).astype(np.uint8), scales


def decode(codes: Codes, scales: Halves) -> Floats:
    """The rows that codes (n, dim) and scales (n,) stand for."""
    return (codes.astype(np.float32) - ZERO) * scales.astype(np.float32)[:, None]


def _divisors(scales: NDArray[np.floating]) -> Floats:
    return np.where(scales > 0, scales, 1).astype(np.float32)[:, None]


class Products:
    """Cosines of coded rows with a question's tokens."""

    def __init__(self, model: bytes) -> None:
        """Open an `index.building.product_graph`.

        Raises:
            ModelError: onnxruntime cannot.
        """
        options = session_options()
        options.enable_cpu_mem_arena = False  # it would keep the room of the largest question
        self._session = open_session(model, options)

    def cosines(self, codes: Codes, scales: Halves, asked: Floats) -> Floats:
        """Of coded rows (n, dim) and float rows (m, dim): (n + 1, m) float32; the last row is -1 and of no token."""
        asked_scales = np.abs(asked).max(axis=1, initial=0) / ASKED_MOST
        signed = np.rint(asked / _divisors(asked_scales)).astype(np.int8)
        inputs = {"codes": codes, "scales": scales.astype(np.float32)[:, None], "asked": np.ascontiguousarray(signed.T)}
        return np.asarray(self._session.run(None, {**inputs, "asked_scales": asked_scales})[0])
