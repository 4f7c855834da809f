"""Search: candidates ▶ late interaction ▶ one fused score ▶ passages and their sentences.

    passage  = 0.15 · cos(question, best sentence) + 0.25 · BM25 share
               + 0.60 · (MaxSim(question, passage) + MaxSim(question, best sentence)) / 2
    sentence = 0.60 · its passage + 0.30 · MaxSim(question, sentence) + 0.05 · cos(question, sentence)
               + 0.05 · share of the question's terms it holds

Every part lies between -1 and 1 whatever the question, so scores of different questions can be compared; nothing is
normalised per query. MaxSim is ColBERT's (Khattab & Zaharia 2020, arXiv:2004.12832): for each token of the question
the best cosine among the tokens, averaged by the square root of idf for passages and by idf for the sentence. A
passage's tokens are those of its heading (or FAQ question) and of its sentences. BM25 share is BM25 over the sum of
the question's idf. How each part earns its place stands in `docs/ranking.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.contents import Index
from index.encoder import Floats
from index.lexical import terms_and_pairs
from retrieval.query import EncodeQuestion, Query, read_query

RANKING_VERSION = 2
CANDIDATES = 30
QUOTED_FROM = 10  # sentences are chosen from that many passages
ALL_UP_TO = 100  # that many passages are all looked at
CACHED_TOKENS = 100_000  # that many token vectors are kept in single precision

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """The fusion above (round numbers between those that cross-validation over articles chose on two sets)."""

    cosine: float = 0.15
    words: float = 0.25
    late: float = 0.60
    sentence_passage: float = 0.60
    sentence_late: float = 0.30
    sentence_cosine: float = 0.05
    sentence_words: float = 0.05
    idf: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: `passages` (k,) rows best first with `scores`; the sentences of the first few, best first.

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
        self._ends = np.append(index.first_token[1:], 0)  # the row after each sentence's last token
        self._ends[index.first_sentence[1:] - 1] = index.tokens.starts[1:]

    def find(self, text: str) -> Found:
        """Search for a question."""
        query = read_query(text, self.index, self._encode, weigh=self._weights.idf)
        shares = self.index.lexical.shares(query.terms)
        rows = self._candidates(query, shares)
        sentences = np.concatenate([self._sentences(row) for row in rows])
        starts = np.cumsum([0, *self._counts(rows)])[:-1]
        best, leads = self._best(query, rows, sentences)
        cosines = self.index.sentence_dense.rows(sentences) @ query.encoding.vector
        passages = self._passages(query, starts, best, leads, cosines, shares[rows])
        order = np.argsort(-passages, kind="stable")
        near = np.isin(np.repeat(np.arange(len(rows)), self._counts(rows)), order[:QUOTED_FROM])
        scores = self._sentence_scores(query, sentences[near], best[near], cosines[near])
        scores += self._weights.sentence_passage * np.repeat(passages, self._counts(rows))[near]
        by_score = np.argsort(-scores, kind="stable")
        return Found(
            query=query,
            passages=rows[order],
            scores=passages[order],
            sentences=sentences[near][by_score],
            sentence_scores=scores[by_score],
            best=best[near][by_score],
        )

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

    def _best(self, query: Query, rows: Rows, sentences: Rows) -> tuple[Floats, Floats]:
        """The best cosine of each question token: (n_sentences, n_query_tokens) among a sentence's own tokens.

        And (n_passages, n_query_tokens) among those before a passage's first sentence.
        """
        index, (tokens, starts) = self.index, self._tokens(rows)
        cosines = np.full((len(tokens) + 1, len(query.idf)), -1, dtype=np.float32)
        np.matmul(tokens, query.encoding.tokens.T, out=cosines[:-1])
        moved = starts - index.tokens.starts[rows]
        moves = np.repeat(moved, self._counts(rows))
        firsts = index.first_token[index.first_sentence[rows]] + moved
        own = _best_within(cosines, index.first_token[sentences] + moves, self._ends[sentences] + moves)
        return own, _best_within(cosines, starts, firsts)

    def _tokens(self, rows: Rows) -> tuple[Floats, Rows]:
        """The token vectors of some passages, one after the other, and where each begins."""
        store = self.index.tokens
        if self._cached is not None and len(rows) == len(self.index.passages):
            return self._cached, store.starts[:-1]
        parts = [store.rows(int(row)) for row in rows]
        starts = np.cumsum([0, *(part.stop - part.start for part in parts)])[:-1]
        source = store.vectors if self._cached is None else self._cached
        return np.concatenate([source[part] for part in parts]).astype(np.float32, copy=False), starts

    def _passages(
        self, query: Query, starts: Rows, best: Floats, leads: Floats, cosines: Floats, shares: Floats
    ) -> Floats:
        soft = np.sqrt(query.idf)
        whole = max_sim(np.maximum(leads, np.maximum.reduceat(best, starts)), soft)
        single = np.maximum.reduceat(max_sim(best, soft), starts)
        near = np.maximum.reduceat(cosines, starts)
        weights = self._weights
        fused = weights.cosine * near + weights.words * shares + weights.late * (whole + single) / 2
        return np.asarray(fused, dtype=np.float32)

    def _sentence_scores(self, query: Query, sentences: Rows, best: Floats, cosines: Floats) -> Floats:
        """The part of a sentence's score that is its own."""
        weights = self._weights
        held = self._held(query, sentences) if weights.sentence_words else np.zeros(len(sentences), np.float32)
        own = weights.sentence_late * max_sim(best, query.idf) + weights.sentence_cosine * cosines
        return np.asarray(own + weights.sentence_words * held, dtype=np.float32)

    def _held(self, query: Query, sentences: Rows) -> Floats:
        """The share of the question's idf that each sentence holds."""
        asked = {term: self.index.lexical.idf(term) for term in query.terms}
        total = max(sum(asked.values()), 1e-9)
        held = [sum(asked[t] for t in asked.keys() & _terms(self.index, int(s))) / total for s in sentences]
        return np.array(held, dtype=np.float32)


def max_sim(best: Floats, weights: Floats) -> Floats:
    """The weighted mean over the question's tokens of their best cosines: (n, n_tokens) and (n_tokens,) to (n,)."""
    return np.asarray(best @ weights / max(float(weights.sum()), 1e-9), dtype=np.float32)


def _best_within(cosines: Floats, starts: Rows, ends: Rows) -> Floats:
    """The greatest of the rows from each start to its end, by column; -1 where there is no row.

    `cosines` has one row more than there are tokens, since numpy takes no end beyond its last row.
    """
    best = np.maximum.reduceat(cosines, np.column_stack([starts, ends]).ravel(), axis=0)[::2]
    best[starts >= ends] = -1
    return best


def _terms(index: Index, sentence: int) -> frozenset[str]:
    passage = int(index.sentence_passage[sentence])
    text = index.passages[passage].sentences[sentence - int(index.first_sentence[passage])].text
    return _terms_of(text)


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms_and_pairs(text))
