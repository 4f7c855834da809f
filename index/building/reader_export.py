"""The reader's weights ▶ the ONNX file that an index carries, and the proof that both give the same probabilities.

In the repository a matrix takes one byte a number, with one scale a row; everything else is kept in half precision.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from corpus.common.errors import ModelError
from index.building.reader_network import DIM, FEATURES, ReaderNetwork
from index.encoder.onnx_network import open_session, session_options
from index.encoder.weights import READER_WEIGHTS

INPUTS = ("question_vectors", "question_states", "vectors", "states", "owner", "near", "same")
MOST = 127
MOST_APART = 1e-3  # of a probability, between torch and onnxruntime
OPSET = 20


class _Served(nn.Module):
    """One question at a time, without padding."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, asked: Tensor, asked_states: Tensor, vectors: Tensor, states: Tensor, *rest: Tensor) -> Tensor:
        """Probabilities (n,) for (q, DIM) twice, (t, DIM) twice, owner (n, t), near (n, 2) and same (q, t)."""
        owner, near, same = rest
        logits = self.network(
            asked[None],
            asked_states[None],
            vectors[None],
            states[None],
            torch.ones_like(asked[None, :, 0]),
            torch.ones_like(vectors[None, :, 0]),
            owner[None],
            near[None],
            same[None],
        )
        return cast(Tensor, logits[0].sigmoid())


def save_reader(network: ReaderNetwork, path: Path, metadata: Mapping[str, str]) -> None:
    """Write the weights, rounded to bytes."""
    packed: dict[str, Tensor] = {}
    for name, value in network.state_dict().items():
        if value.ndim == 2 and min(value.shape) > FEATURES:
            scales = (value.abs().amax(dim=1, keepdim=True) / MOST).clamp(min=1e-8)
            packed[f"{name}.codes"] = (value / scales).round().to(torch.int8)
            packed[f"{name}.scales"] = scales
        else:
            packed[name] = value.half()
    save_file(packed, path, dict(metadata))


def load_reader(path: Path) -> ReaderNetwork:
    """Read the weights.

    Raises:
        ModelError: there is no such file, or it holds another network.
    """
    try:
        packed = load_file(path)
        state = {name: value.float() for name, value in packed.items() if not name.endswith((".codes", ".scales"))}
        for name in [name.removesuffix(".codes") for name in packed if name.endswith(".codes")]:
            state[name] = packed[f"{name}.codes"].float() * packed[f"{name}.scales"]
        network = ReaderNetwork()
        network.load_state_dict(state)
    except (OSError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"{path}: no weights of this reader ({reason}); fetch the repository's own again") from error
    return network.eval()


@cache
def reader_onnx(path: Path = READER_WEIGHTS) -> bytes:
    """The reader as an ONNX model, proved against torch.

    Raises:
        ModelError: it cannot be exported, or the twin does not agree.
    """
    network = _Served(load_reader(path))
    model = _export(network)
    apart = max(_apart(network, model, *size) for size in ((2, 9, 1), (7, 60, 3), (12, 150, 6), (31, 300, 8)))
    if apart > MOST_APART:
        raise ModelError(f"the exported reader differs by {apart:.5f} from torch, at most {MOST_APART} is allowed")
    return model


def _export(network: _Served) -> bytes:
    q, t, n = (torch.export.Dim(name, min=1, max=4096) for name in ("q", "t", "n"))
    shapes = ({0: q}, {0: q}, {0: t}, {0: t}, ({0: n, 1: t}, {0: n}, {0: q, 1: t}))
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        program = torch.onnx.export(
            network,
            example(5, 40, 3),
            input_names=list(INPUTS),
            output_names=["probabilities"],
            dynamic_shapes=shapes,
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    assert program is not None  # noqa: S101 - only None where a file was named
    return cast(bytes, program.model_proto.SerializeToString())


def example(q: int, t: int, n: int) -> tuple[Tensor, ...]:
    """Random inputs of q question tokens and n sentences of together t tokens, the same each time."""
    chance = torch.Generator().manual_seed(q + t + n)
    rows = [torch.randn(size, DIM, generator=chance) for size in (q, q, t, t)]
    unit = [nn.functional.normalize(rows[i], dim=-1) for i in (0, 2)]
    owner = torch.zeros(n, t)
    owner[torch.arange(t) * n // t, torch.arange(t)] = 1
    near = torch.rand(n, 2, generator=chance)
    same = (torch.rand(q, t, generator=chance) > 0.95).float()
    return unit[0], rows[1] * 0.3, unit[1], rows[3] * 0.3, owner, near, same


def _apart(network: _Served, model: bytes, q: int, t: int, n: int) -> float:
    inputs = example(q, t, n)
    with torch.inference_mode():
        expected = network(*inputs).numpy()
    session = open_session(model, session_options())
    feed = {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}
    return float(np.abs(session.run(None, feed)[0] - expected).max())
