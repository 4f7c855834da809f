"""Text ▶ vectors: tokenise, cut into windows, run the network once, and give one vector per text and per token.

What runs the network is swapped (`index.building.torch_network` builds, `index.encoder.onnx_network` serves);
everything around it is here, once, so both give the same. No text is dropped: what is longer than the window is
encoded in several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
Role = Literal["query", "passage"]

BATCH = 32


@dataclass(frozen=True, slots=True)
class Card:
    """What an index must know of a model: thresholds and vectors belong to exactly one of these.

    `token_layers` are the layers whose mean, each at unit length, is a token's vector (-1 is the last);
    none for a late-interaction model, whose token vectors are its own. `reader_layer` is the layer whose states the
    reader goes on from, 0 where there is no reader for this model; `reader` is the SHA-256 of the reader's weights.
    """

    name: str
    revision: str
    weights: str
    dim: int
    window: int
    token_layers: tuple[int, ...]
    query_prompt: str = ""
    passage_prompt: str = ""
    reader_layer: int = 0
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Encoding:
    """One encoded text.

    `vector` is (dim,) float32 of unit length; `tokens` is (n_tokens, dim) float32 with unit rows, special tokens left
    out; `context` is the same of the last layer alone, not scaled (its mean is what models pool into `vector`);
    `states` is (n_tokens, dim) of the reader's layer, not scaled, or (n_tokens, 0) where there is no reader;
    `spans` is (n_tokens, 2) int32, where each token stands in the text; `ids` is (n_tokens,) int64.
    """

    vector: Floats
    tokens: Floats
    context: Floats
    states: Floats
    spans: NDArray[np.int32]
    ids: Ints


@dataclass(frozen=True, slots=True)
class Pass:
    """What one forward pass gives: `vectors` (batch, dim), `tokens`, `context` and `states` (batch, length, dim)."""

    vectors: Floats
    tokens: Floats
    context: Floats
    states: Floats


class Network(Protocol):
    """What runs a forward pass."""

    def run(self, ids: Ints, mask: Ints) -> Pass:
        """Run (batch, length) ids and their mask."""
        ...


@dataclass(frozen=True, slots=True)
class _Window:
    text: int
    ids: list[int]
    spans: list[tuple[int, int]]
    content: list[bool]


class Encoder:
    """A tokenizer and a network."""

    def __init__(self, card: Card, tokenizer: Tokenizer, network: Network) -> None:
        self.card = card
        self.network = network
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.enable_truncation(card.window)
        self._specials = tokenizer.num_special_tokens_to_add(is_pair=False)

    @property
    def room(self) -> int:
        """How many word pieces one window holds beside the special tokens and the passage prompt."""
        return self.card.window - self._specials - self._pieces(self.card.passage_prompt)

    def count(self, text: str) -> int:
        """How many word pieces a text has."""
        return self._pieces(text)

    def _pieces(self, text: str) -> int:
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return len(encoded.ids) + sum(len(more.ids) for more in encoded.overflowing)

    def tokenizer_json(self) -> str:
        """The tokenizer as one JSON document, for the index folder."""
        return str(self._tokenizer.to_str())

    def encode(self, texts: Sequence[str], role: Role = "passage") -> list[Encoding]:
        """Encode texts in one forward pass each (several where a text is longer than the window)."""
        prompt = self.card.query_prompt if role == "query" else self.card.passage_prompt
        windows = [w for n, text in enumerate(texts) for w in self._windows(n, prompt + text, len(prompt))]
        parts: list[list[Encoding]] = [[] for _ in texts]
        done: dict[int, Pass] = {}
        for batch in _batches(windows):
            done.update(zip(batch, self._forward([windows[i] for i in batch]), strict=True))
        for i, window in enumerate(windows):
            row = done[i]
            keep = np.array(window.content, dtype=bool)
            spans = np.array(window.spans, dtype=np.int32).reshape(-1, 2) - len(prompt)
            ids = np.array(window.ids, dtype=np.int64)
            parts[window.text].append(
                Encoding(row.vectors, row.tokens[keep], row.context[keep], row.states[keep], spans[keep], ids[keep])
            )
        return [_join(part) for part in parts]

    def _windows(self, n: int, text: str, skip: int) -> Iterator[_Window]:
        first = self._tokenizer.encode(text)
        for encoded in (first, *first.overflowing):
            content = [
                not special and span[1] > span[0] and span[0] >= skip
                for special, span in zip(encoded.special_tokens_mask, encoded.offsets, strict=True)
            ]
            yield _Window(n, encoded.ids, encoded.offsets, content)

    def _forward(self, windows: list[_Window]) -> list[Pass]:
        """One `Pass` a window, without its batch axis and padding."""
        longest = max(len(w.ids) for w in windows)
        ids = np.zeros((len(windows), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        out = self.network.run(ids, mask)
        sizes = [len(window.ids) for window in windows]
        return [
            Pass(
                unit_rows(out.vectors[row]),
                unit_rows(out.tokens[row, :size]),
                out.context[row, :size],
                out.states[row, :size, : self.card.dim if self.card.reader_layer else 0],
            )
            for row, size in enumerate(sizes)
        ]


def unit_rows(rows: Floats) -> Floats:
    """Scale to unit length along the last axis; zeros stay zeros."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)


def _batches(windows: list[_Window]) -> Iterator[list[int]]:
    """Windows of like length together, so that little is padded."""
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def _join(parts: list[Encoding]) -> Encoding:
    """Several windows of one text: their vectors are averaged by length, their tokens follow each other."""
    if len(parts) == 1:
        return parts[0]
    weighted = np.stack([part.vector * max(1, len(part.tokens)) for part in parts])
    return Encoding(
        vector=unit_rows(weighted.sum(axis=0)),
        tokens=np.concatenate([part.tokens for part in parts]),
        context=np.concatenate([part.context for part in parts]),
        states=np.concatenate([part.states for part in parts]),
        spans=np.concatenate([part.spans for part in parts]),
        ids=np.concatenate([part.ids for part in parts]),
    )
