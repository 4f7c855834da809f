"""Which passages are worth a closer look: the best by a first score that costs little, and a few whose place is sure.

    first = 0.25 · cos(question, best sentence) + 0.60 · BM25 share

fitted to the order of the whole score among its best thousand (docs/performance.md). Sentences come out of FAISS; a
passage none of whose sentences is among them counts as the last of them. BM25 knows every passage.
"""

from __future__ import annotations

import numpy as np

from index.contents import Index
from index.encoder.encode import Floats
from retrieval.ranking.maxsim import Rows
from retrieval.ranking.query import Query

CANDIDATES = 500  # the best of the first score; where there are no more passages, all are looked at
SENTENCES = 1000  # that many sentences are taken from FAISS
NEAREST = 50  # passages nearest by their own vector are looked at whatever their words
BANKED = 10  # and those that the nearest wordings of the bank point at
COSINE = 0.25
WORDS = 0.60


def candidates(index: Index, query: Query, shares: Floats, *, bank: bool = True) -> Rows:
    """Rows of passages, ascending; `shares` (n,) are the passages' BM25 shares."""
    n = len(index.passages)
    if n <= CANDIDATES:
        return np.arange(n, dtype=np.int64)
    first = COSINE * _best_sentences(index, query) + WORDS * shares
    best = np.argpartition(-first, CANDIDATES)[:CANDIDATES]
    near = index.dense.search(query.encoding.vector, NEAREST).rows
    return np.unique(np.concatenate([best, near, _banked(index, query) if bank else near[:0]]))


def _best_sentences(index: Index, query: Query) -> Floats:
    """For each passage the cosine of its best sentence, (n,) float32."""
    found = index.sentence_dense.search(query.encoding.vector, SENTENCES)
    best = np.full(len(index.passages), found.scores.min(initial=1), dtype=np.float32)
    best[index.sentence_passage[found.rows[::-1]]] = found.scores[::-1]  # of several, the best is written last
    return best


def _banked(index: Index, query: Query) -> Rows:
    nearest = index.bank.dense.search(query.encoding.vector, BANKED).rows
    rows = [row for wording in nearest for row, _ in index.bank.asked[int(wording)].sentences]
    return np.array(rows, dtype=np.int64)
