"""Search: candidates ▶ late interaction ▶ one fused score ▶ passages and their sentences.

    passage  = SENTENCE · cos(question, best sentence) + GRAMS · BM25 share + LATE · MaxSim(question, two sentences)
    sentence = OWN · MaxSim(question, its own tokens) + (1 - OWN) · passage

Every part lies between -1 and 1 whatever the question, so scores of different questions can be compared; nothing is
normalised per query. MaxSim is ColBERT's (Khattab & Zaharia 2020, arXiv:2004.12832): for each token of the question
the best cosine among the tokens, here averaged by weight. Parts are swapped off by a weight of 0 (`docs/ranking.md`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.contents import Index
from index.encoder import Floats
from retrieval.query import EncodeQuestion, Query, read_query

RANKING_VERSION = 1
CANDIDATES = 100
ALL_UP_TO = 200  # that many passages are all looked at
CACHED_TOKENS = 100_000  # that many token vectors are kept in single precision

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """The fusion: how much each part counts (chosen on squad-paragraphs-dev and covid-qa-dev, by cross-validation)."""

    sentence: float = 0.12
    grams: float = 0.24
    late: float = 0.64
    own: float = 0.45
    window: bool = True
    idf: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: `passages` (k,) rows best first with `scores`; `sentences` of all of them, best first.

    `best` (n_sentences, n_query_tokens) holds for each sentence, in the order of `sentences`, the best cosine per token
    of the question.
    """

    query: Query
    passages: Rows
    scores: Floats
    sentences: Rows
    sentence_scores: Floats
    best: Floats


class Search:
    """Searches one index."""

    def __init__(self, index: Index, encode: EncodeQuestion, weights: Weights | None = None) -> None:
        self.index = index
        self._encode = encode
        self._weights = weights or Weights()
        small = len(index.tokens.ids) <= CACHED_TOKENS
        self._cached: Floats | None = index.tokens.vectors.astype(np.float32) if small else None

    def find(self, text: str) -> Found:
        """Search for a question."""
        query = read_query(text, self.index, self._encode, weigh=self._weights.idf)
        shares = self.index.lexical.shares(query.grams)
        rows = self._candidates(query, shares)
        sentences = np.concatenate([self._sentences(row) for row in rows])
        best = self._best(query, rows, sentences)
        own = best @ query.weights
        passages = self._passages(query, rows, sentences, best, shares[rows])
        places = np.repeat(np.arange(len(rows)), self._counts(rows))
        scores = self._weights.own * own + (1 - self._weights.own) * passages[places]
        order, by_score = np.argsort(-passages, kind="stable"), np.argsort(-scores, kind="stable")
        return Found(query, rows[order], passages[order], sentences[by_score], scores[by_score], best[by_score])

    def _candidates(self, query: Query, shares: Floats) -> Rows:
        """Rows worth a closer look: near by passage, by sentence, by a banked question, or by words."""
        index = self.index
        n = len(index.passages)
        if n <= ALL_UP_TO:
            return np.arange(n, dtype=np.int64)
        near = index.dense.search(query.encoding.vector, CANDIDATES).rows
        by_sentence = index.sentence_passage[index.sentence_dense.search(query.encoding.vector, CANDIDATES).rows]
        banked = [row for i in self._banked(query) for row, _ in index.bank.asked[i].sentences]
        words = np.argpartition(-shares, CANDIDATES)[:CANDIDATES]
        return np.unique(np.concatenate([near, by_sentence, words, np.array(banked, dtype=np.int64)]))

    def _banked(self, query: Query) -> list[int]:
        return [int(i) for i in self.index.bank.dense.search(query.encoding.vector, 10).rows]

    def _sentences(self, passage: int) -> Rows:
        return np.arange(self.index.first_sentence[passage], self.index.first_sentence[passage + 1])

    def _counts(self, rows: Rows) -> Rows:
        return self.index.first_sentence[rows + 1] - self.index.first_sentence[rows]

    def _best(self, query: Query, rows: Rows, sentences: Rows) -> Floats:
        """(n_sentences, n_query_tokens): the best cosine of each question token among a sentence's own tokens."""
        tokens, starts = self._tokens(rows)
        offsets = np.repeat(starts - self.index.tokens.starts[rows], self._counts(rows))
        firsts = self.index.first_token[sentences] + offsets
        ends = np.append(firsts[1:], len(tokens))
        cosines = tokens @ query.encoding.tokens.T
        if len(cosines) == 0 or len(firsts) == 0:
            return np.full((len(sentences), len(query.weights)), -1, dtype=np.float32)
        best = np.maximum.reduceat(cosines, np.minimum(firsts, len(cosines) - 1), axis=0)
        best[firsts >= ends] = -1  # a sentence without a token
        return np.asarray(best, dtype=np.float32)

    def _tokens(self, rows: Rows) -> tuple[Floats, Rows]:
        """The token vectors of some passages, one after the other, and where each begins."""
        store = self.index.tokens
        if self._cached is not None and len(rows) == len(self.index.passages):
            return self._cached, store.starts[:-1]
        parts = [store.rows(int(row)) for row in rows]
        starts = np.cumsum([0, *(part.stop - part.start for part in parts)])[:-1]
        source = store.vectors if self._cached is None else self._cached
        return np.concatenate([source[part] for part in parts]).astype(np.float32, copy=False), starts

    def _passages(self, query: Query, rows: Rows, sentences: Rows, best: Floats, shares: Floats) -> Floats:
        weights = self._weights
        starts = np.cumsum([0, *self._counts(rows)])[:-1]
        pairs = _with_next(best, self._counts(rows)) if weights.window else best
        late = np.maximum.reduceat(pairs @ query.weights, starts)
        cosines = self.index.sentence_dense.rows(sentences) @ query.encoding.vector
        near = np.maximum.reduceat(cosines, starts)
        return np.asarray(weights.sentence * near + weights.grams * shares + weights.late * late, dtype=np.float32)


def _with_next(best: Floats, counts: Rows) -> Floats:
    """Each sentence together with the next one of its passage: the better cosine per token."""
    last = np.cumsum(counts) - 1
    following = np.roll(best, -1, axis=0)
    following[last] = best[last]
    return np.maximum(best, following)
