"""The network as sentence-transformers runs it: what builds an index, and what the exported twin is held against.

Importing this module is what makes a process heavy; nothing on the serving path does, unless the model could not be
exported.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils.logging import disable_progress_bar

from corpus.errors import ModelError
from index.encoder import Card, Encoder, Floats, Ints
from index.weights import Weights


class TorchNetwork:
    """One pass of a `SentenceTransformer`: its sentence embedding and its token embeddings."""

    def __init__(self, model: SentenceTransformer) -> None:
        self.model = model.eval()
        names = model.tokenizer.model_input_names
        self._types = "token_type_ids" in names

    def run(self, ids: Ints, mask: Ints) -> tuple[Floats, Floats]:
        """See `index.encoder.Network`."""
        features = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        with torch.inference_mode():
            out = self.model(self.with_types(features))
        return _floats(out["sentence_embedding"]), _floats(out["token_embeddings"])

    def with_types(self, features: dict[str, torch.Tensor]) -> dict[str, Any]:
        """Add what BERT-like models want besides: one segment, and that this is text."""
        if self._types:
            features["token_type_ids"] = torch.zeros_like(features["input_ids"])
        return {**features, "modality": "text"}


def _floats(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.detach().cpu().numpy(), dtype=np.float32)


def load_torch_encoder(weights: Weights) -> Encoder:
    """Load a sentence-transformers model as an encoder.

    Raises:
        ModelError: it cannot be loaded, or has no fast tokenizer (which is what knows where a token stands).
    """
    if not sys.stderr.isatty():
        disable_progress_bar()  # type: ignore[no-untyped-call]  # the one of loading weights does not look where it writes
    try:
        model = SentenceTransformer(
            weights.place,
            device="cpu",
            revision=weights.revision_or_none(),
            model_kwargs={"use_safetensors": True},  # no pickle
        )
    except Exception as error:  # whatever is wrong with a model's files, each library says so in a type of its own
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"the model {weights.name!r} cannot be loaded ({reason}); check or unset ASK_MODEL") from error
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise ModelError(f"the model {weights.name!r} has no fast tokenizer; choose one that has a tokenizer.json")
    tokenizer = Tokenizer.from_str(backend.to_str())
    return Encoder(_card(weights, model), tokenizer, TorchNetwork(model))


def _card(weights: Weights, model: SentenceTransformer) -> Card:
    prompts = model.prompts or {}
    return Card(
        name=weights.name,
        revision=weights.revision,
        weights=weights.sha256 or _state_sha256(model),
        dim=int(model.get_embedding_dimension() or 0),
        window=int(model.max_seq_length or 512),
        query_prompt=prompts.get("query") or "",
        passage_prompt=prompts.get("document") or prompts.get("passage") or "",
    )


def _state_sha256(model: SentenceTransformer) -> str:
    """A hash of the parameters themselves, for models that come from the hub's cache."""
    import hashlib

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
