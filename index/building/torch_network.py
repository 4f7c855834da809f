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

from corpus.common.errors import ModelError
from index.encoder.encode import Card, Encoder, Floats, Ints, Pass
from index.encoder.weights import PACKAGED_SHA256, READER_WEIGHTS, Weights, file_sha256

READER_LAYER = 3  # whose states the reader goes on from (docs/reader.md)


class TorchNetwork(torch.nn.Module):
    """One pass of a `SentenceTransformer`: its sentence embedding, and per token the mean of some layers.

    With no layers named, a token's vector is its token embedding (late interaction).
    """

    def __init__(self, model: SentenceTransformer, layers: tuple[int, ...], reader_layer: int = 0) -> None:
        super().__init__()
        self.reader_layer = reader_layer
        self.model = model.eval()
        self.layers = layers
        _config(model).output_hidden_states = bool(layers)
        self._types = "token_type_ids" in model.tokenizer.model_input_names

    def run(self, ids: Ints, mask: Ints) -> Pass:
        """See `index.encoder.encode.Network`."""
        with torch.inference_mode():
            return Pass(*(_floats(out) for out in self(torch.from_numpy(ids), torch.from_numpy(mask))))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Plain tensors in and out, as an exporter wants it; layers are scaled to unit length before their mean."""
        features: dict[str, Any] = {"input_ids": input_ids, "attention_mask": attention_mask, "modality": "text"}
        if self._types:
            features["token_type_ids"] = torch.zeros_like(input_ids)
        out = self.model(features)
        last = out["token_embeddings"]
        chosen = [torch.nn.functional.normalize(out["all_layer_embeddings"][layer], dim=-1) for layer in self.layers]
        states = out["all_layer_embeddings"][self.reader_layer] if self.reader_layer else last
        return out["sentence_embedding"], torch.stack(chosen).mean(dim=0) if chosen else last, last, states


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
        model, layers = _load(weights)
    except ModelError:
        raise
    except Exception as error:  # whatever is wrong with a model's files, each library says so in a type of its own
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"the model {weights.name!r} cannot be loaded ({reason}); check or unset ASK_MODEL") from error
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise ModelError(f"the model {weights.name!r} has no fast tokenizer; choose one that has a tokenizer.json")
    tokenizer = Tokenizer.from_str(backend.to_str())
    card = _card(weights, model, layers)
    return Encoder(card, tokenizer, TorchNetwork(model, layers, card.reader_layer))


def _load(weights: Weights) -> tuple[SentenceTransformer, tuple[int, ...]]:
    """The model, and the layers its token vectors are taken from."""
    how: dict[str, Any] = {
        "device": "cpu",
        "revision": weights.revision_or_none(),
        "model_kwargs": {"use_safetensors": True},  # no pickle
    }
    model = SentenceTransformer(weights.place, **how)
    return model, _token_layers(model)


def _token_layers(model: SentenceTransformer) -> tuple[int, ...]:
    """The last layer and the one two before it, which keeps more of the word itself (measured: docs/ranking.md)."""
    depth = int(getattr(_config(model), "num_hidden_layers", 0))
    return (-3, -1) if depth > 3 else (-1,)


def _config(model: SentenceTransformer) -> Any:
    """The configuration of the transformer inside."""
    transformer: Any = model[0]
    return transformer.model.config


def _card(weights: Weights, model: SentenceTransformer, layers: tuple[int, ...]) -> Card:
    prompts = model.prompts or {}
    read = weights.sha256 == PACKAGED_SHA256 and READER_WEIGHTS.is_file()
    return Card(
        name=weights.name,
        revision=weights.revision,
        weights=weights.sha256 or _state_sha256(model),
        dim=int(model.get_embedding_dimension() or 0),
        window=int(model.max_seq_length or 512),
        token_layers=layers,
        reader_layer=READER_LAYER if read else 0,
        reader=file_sha256(READER_WEIGHTS) if read else "",
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
