"""Text ▶ vectors: tokenise, cut into windows, run the network once, and give one vector per text and per token.

What runs the network is swapped (`index.torch_network` builds, `index.onnx_network` serves); everything around it is
here, once, so both give the same. No text is dropped: what is longer than the window is encoded in several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Role = Literal["query", "passage"]

BATCH = 32


@dataclass(frozen=True, slots=True)
class Card:
    """What an index must know of a model: thresholds and vectors belong to exactly one of these."""

    name: str
    revision: str
    weights: str
    dim: int
    window: int
    query_prompt: str = ""
    passage_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Encoding:
    """One encoded text.

    `vector` is (dim,) float32 of unit length; `tokens` is (n_tokens, dim) float32 with unit rows, special tokens left
    out; `spans` is (n_tokens, 2) int32, where each token stands in the text.
    """

    vector: Floats
    tokens: Floats
    spans: NDArray[np.int32]


class Network(Protocol):
    """One forward pass."""

    def run(self, ids: Ints, mask: Ints) -> tuple[Floats, Floats]:
        """Map (batch, length) ids and mask to (batch, dim) vectors and (batch, length, dim) token vectors."""
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
        parts: list[list[tuple[Floats, Floats, NDArray[np.int32]]]] = [[] for _ in texts]
        done: dict[int, tuple[Floats, Floats]] = {}
        for batch in _batches(windows):
            done.update(zip(batch, self._forward([windows[i] for i in batch]), strict=True))
        for i, window in enumerate(windows):
            vector, tokens = done[i]
            keep = np.array(window.content, dtype=bool)
            spans = np.array(window.spans, dtype=np.int32).reshape(-1, 2) - len(prompt)
            parts[window.text].append((vector, tokens[keep], spans[keep]))
        return [_join(part) for part in parts]

    def _windows(self, n: int, text: str, skip: int) -> Iterator[_Window]:
        first = self._tokenizer.encode(text)
        for encoded in (first, *first.overflowing):
            content = [
                not special and span[1] > span[0] and span[0] >= skip
                for special, span in zip(encoded.special_tokens_mask, encoded.offsets, strict=True)
            ]
            yield _Window(n, encoded.ids, encoded.offsets, content)

    def _forward(self, windows: list[_Window]) -> list[tuple[Floats, Floats]]:
        longest = max(len(w.ids) for w in windows)
        ids = np.zeros((len(windows), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        vectors, tokens = self.network.run(ids, mask)
        return [
            (unit_rows(vectors[row]), unit_rows(tokens[row, : len(window.ids)])) for row, window in enumerate(windows)
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


def _join(parts: list[tuple[Floats, Floats, NDArray[np.int32]]]) -> Encoding:
    """Several windows of one text: their vectors are averaged by length, their tokens follow each other."""
    tokens = np.concatenate([t for _, t, _ in parts])
    spans = np.concatenate([s for _, _, s in parts])
    vector = unit_rows(sum((v * max(1, len(t)) for v, t, _ in parts), np.zeros_like(parts[0][0])))
    return Encoding(vector, tokens, spans)
