"""A question as it is searched: its vector, its tokens and how much each of them counts, its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.contents import Index
from index.encoder.encode import Encoder, Encoding, Floats
from index.lexical import terms_and_pairs


@dataclass(frozen=True, slots=True)
class Query:
    """`idf` (n_tokens,) float32: each word piece's idf among the passages, 0 for punctuation; `terms` are for BM25.

    idf = ln(1 + (n - df + 0.5) / (df + 0.5)), as in BM25.
    """

    text: str
    encoding: Encoding
    idf: Floats
    terms: tuple[str, ...]


EncodeQuestion = Callable[[str], Encoding]


def question_encoder(encoder: Encoder) -> EncodeQuestion:
    """Encode one question in one forward pass; the last one is remembered, for those who ask twice."""

    def encode(text: str) -> Encoding:
        return encoder.encode([text], "query")[0]

    return lru_cache(maxsize=1)(encode)


def shortened(text: str, encoder: Encoder) -> str:
    """As much of a text as the network reads in one pass: what a question costs is bounded by that.

    A thousand characters of prose fit; a thousand of another script or of signs do not.
    """
    most = encoder.room
    if len(text) > most:
        while (pieces := encoder.count(text)) > most:
            text = text[: len(text) * most // pieces]
    return text


def read_query(text: str, index: Index, encode: EncodeQuestion, *, weigh: bool = True) -> Query:
    """Read a question against an index."""
    encoding = encode(text)
    return Query(text, encoding, _idf(text, encoding, index, weigh), tuple(terms_and_pairs(text)))


def _idf(text: str, encoding: Encoding, index: Index, weigh: bool) -> Floats:
    counted = index.piece_frequencies
    known = np.minimum(encoding.ids, len(counted) - 1)
    df = np.where(encoding.ids < len(counted), counted[known], 0)
    idf = np.log(1 + (len(index.passages) - df + 0.5) / (df + 0.5)) if weigh else np.ones(len(df))
    word = np.array([any(c.isalnum() for c in text[a:b]) for a, b in encoding.spans], dtype=bool)
    return np.where(word, idf, 0).astype(np.float32)
