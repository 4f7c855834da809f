"""The small ONNX network behind `index.quantised`, written along when an index is made; nothing is learnt in it."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto as Types
from onnx import helper, numpy_helper

from index.quantised import ZERO

OPSET, IR_VERSION = 13, 9


def graph() -> bytes:
    """The ONNX file: ((codes - ZERO) · asked) · scales · asked_scales, and a row of -1 below."""
    inputs: dict[str, tuple[int, list[str | int]]] = {
        "codes": (Types.UINT8, ["n", "dim"]),
        "asked": (Types.INT8, ["dim", "m"]),
        "scales": (Types.FLOAT, ["n", 1]),
        "asked_scales": (Types.FLOAT, ["m"]),
    }
    fixed = {"zero": np.uint8(ZERO), "below": np.array([0, 0, 1, 0]), "least": np.float32(-1)}
    nodes = [
        helper.make_node("MatMulInteger", ["codes", "asked", "zero"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["float"], to=Types.FLOAT),
        helper.make_node("Mul", ["float", "scales"], ["scaled"]),
        helper.make_node("Mul", ["scaled", "asked_scales"], ["cosines"]),
        helper.make_node("Pad", ["cosines", "below", "least"], ["padded"]),
    ]
    made = helper.make_graph(
        nodes,
        "cosines",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info("padded", Types.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in fixed.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return bytes(model.SerializeToString())
