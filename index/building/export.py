"""sentence-transformers ▶ ONNX, by torch's own exporter, and the proof that both give the same vectors.

An export that does not agree is not used: `prove` compares every vector and every token on texts given to it.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from corpus.common.errors import ModelError
from index.building.torch_network import TorchNetwork
from index.encoder.encode import Encoder, Encoding, Network
from index.encoder.onnx_encoder import FOLDER, NETWORK, WEIGHTS, open_served
from index.encoder.onnx_network import OUTPUTS, open_session, session_options

LEAST_COSINE = 0.99999
OPSET = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """The worst agreement seen, as cosine, over `texts` texts."""

    texts: int
    vectors: float
    tokens: float


def export_encoder(encoder: Encoder, root: Path, texts: Sequence[str]) -> Proof:
    """Export an encoder into a generation folder and prove the twin on `texts`.

    Raises:
        ModelError: it cannot be exported, or the twin does not agree; nothing is left behind.
    """
    folder = root / FOLDER
    folder.mkdir()
    try:
        export(encoder.network, folder / NETWORK)
        optimise(folder / NETWORK)
        (folder / "tokenizer.json").write_text(encoder.tokenizer_json(), encoding="utf-8")
        return prove(encoder, open_served(root, encoder.card), texts)
    except ModelError:
        shutil.rmtree(folder)
        raise


def export(network: Network, path: Path) -> None:
    """Write the network as one ONNX file, any batch size and length.

    Raises:
        ModelError: torch cannot export this model.
    """
    if not isinstance(network, TorchNetwork):
        raise ModelError(f"only a torch network can be exported, this is a {type(network).__name__}")
    example = torch.tensor([[101, 2000, 102], [101, 102, 0]])
    axes = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("length", min=2, max=8192)}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        try:
            torch.onnx.export(
                network,
                (example, (example > 0).long()),
                str(path),
                input_names=["input_ids", "attention_mask"],
                output_names=OUTPUTS,
                dynamic_shapes={"input_ids": axes, "attention_mask": axes},
                opset_version=OPSET,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
        except (RuntimeError, ValueError, TypeError, torch.onnx.OnnxExporterError) as error:
            raise ModelError(f"this model cannot be exported ({' '.join(str(error).split())[:200]})") from error


def optimise(path: Path) -> None:
    """Rewrite an ONNX file as onnxruntime would run it, its weights beside it, so that opening it is little work.

    Weights in a file of their own are memory-mapped; inside the ONNX file they would be read and copied.

    Raises:
        ModelError: onnxruntime cannot open it.
    """
    whole = path.rename(path.with_name("whole.onnx"))
    options = session_options()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    open_session(whole, options)
    whole.unlink()


def prove(reference: Encoder, twin: Encoder, texts: Sequence[str]) -> Proof:
    """Compare two encoders on texts.

    Raises:
        ModelError: a cosine is below `LEAST_COSINE`, or the tokens do not stand at the same places.
    """
    pairs = list(zip(reference.encode(texts), twin.encode(texts), strict=True))
    proof = Proof(len(texts), min(_vector(a, b) for a, b in pairs), min(_tokens(a, b) for a, b in pairs))
    if min(proof.vectors, proof.tokens) < LEAST_COSINE:
        raise ModelError(
            f"the exported encoder differs: cosine {proof.vectors:.6f} for texts and {proof.tokens:.6f} for tokens, "
            f"at least {LEAST_COSINE} is needed"
        )
    return proof


def _vector(a: Encoding, b: Encoding) -> float:
    return float(a.vector @ b.vector)


def _tokens(a: Encoding, b: Encoding) -> float:
    if not np.array_equal(a.spans, b.spans):
        return -1.0
    return float(np.min(np.sum(a.tokens * b.tokens, axis=1), initial=1.0))
