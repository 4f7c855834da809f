"""A question as it is searched: its vector, its tokens and how much each of them counts, its letter groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.contents import Index
from index.encoder import Encoder, Encoding, Floats
from index.lexical import grams


@dataclass(frozen=True, slots=True)
class Query:
    """`weights` (n_tokens,) float32 sum to 1: the square root of each word piece's idf among the passages.

    Punctuation counts nothing. idf = ln(1 + (n - df + 0.5) / (df + 0.5)) as in BM25; its square root keeps one rare
    piece from drowning the rest.
    """

    text: str
    encoding: Encoding
    weights: Floats
    grams: tuple[str, ...]


EncodeQuestion = Callable[[str], Encoding]


def question_encoder(encoder: Encoder, remember: int = 1) -> EncodeQuestion:
    """Encode one question in one forward pass; the last ones are remembered, for those who ask twice."""

    def encode(text: str) -> Encoding:
        return encoder.encode([text], "query")[0]

    return lru_cache(maxsize=remember)(encode)


def read_query(text: str, index: Index, encode: EncodeQuestion, *, weigh: bool = True) -> Query:
    """Read a question against an index."""
    encoding = encode(text)
    return Query(text, encoding, _weights(text, encoding, index, weigh), tuple(grams(text)))


def _weights(text: str, encoding: Encoding, index: Index, weigh: bool) -> Floats:
    counted = index.piece_frequencies
    known = np.minimum(encoding.ids, len(counted) - 1)
    df = np.where(encoding.ids < len(counted), counted[known], 0)
    idf = np.log(1 + (len(index.passages) - df + 0.5) / (df + 0.5)) if weigh else np.ones(len(df))
    word = np.array([any(c.isalnum() for c in text[a:b]) for a, b in encoding.spans], dtype=bool)
    weights = np.where(word, np.sqrt(np.maximum(idf, 0)), 0)
    return np.asarray(weights / max(float(weights.sum()), 1e-9), dtype=np.float32)
