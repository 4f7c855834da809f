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

from index.contents import Index
from index.encoder.encode import Floats
from index.lexical import terms_and_pairs
from retrieval.ranking.candidates import candidates
from retrieval.ranking.maxsim import Rows, best_between, max_sim
from retrieval.ranking.query import EncodeQuestion, Query, read_query

RANKING_VERSION = 3
QUOTED_FROM = 10  # sentences are chosen from that many passages
AT_ONCE = 200_000  # cosines in memory at once; more take no less time (measured at 10,000 passages)


@dataclass(frozen=True, slots=True)
class RankingWeights:
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

    def __init__(
        self, index: Index, encode: EncodeQuestion, weights: RankingWeights | None = None, *, bank: bool = True
    ) -> None:
        """`bank` False leaves the question bank aside."""
        self.index = index
        self._encode = encode
        self._weights = weights or RankingWeights()
        self._bank = bank

    def find(self, text: str) -> Found:
        """Search for a question."""
        query = self.read(text)
        shares = self.index.lexical.shares(query.terms)
        return self.look(query, shares, candidates(self.index, query, shares, bank=self._bank))

    def read(self, text: str) -> Query:
        """Read a question against the index."""
        return read_query(text, self.index, self._encode, weigh=self._weights.idf)

    def look(self, query: Query, shares: Floats, rows: Rows) -> Found:
        """Rank some passages, `rows` ascending, one at least; `shares` (n,) are the BM25 shares of all."""
        sentences = self._sentences(rows)
        counts = self._counts(rows)
        starts = np.cumsum([0, *counts])[:-1]
        best, leads = self._best(query, rows)
        near = self.index.sentence_dense.rows(sentences) @ query.encoding.vector
        passages = self._passages(query, starts, best, leads, near, shares[rows])
        order = np.argsort(-passages, kind="stable")
        chosen = np.isin(np.repeat(np.arange(len(rows)), counts), order[:QUOTED_FROM])
        scores = self._sentence_scores(query, sentences[chosen], best[chosen], near[chosen])
        scores += self._weights.sentence_passage * np.repeat(passages, counts)[chosen]
        by_score = np.argsort(-scores, kind="stable")
        return Found(
            query=query,
            passages=rows[order],
            scores=passages[order],
            sentences=sentences[chosen][by_score],
            sentence_scores=scores[by_score],
            best=best[chosen][by_score],
        )

    def _sentences(self, rows: Rows) -> Rows:
        """The sentences of some passages, one passage after the other."""
        counts = self._counts(rows)
        before = np.cumsum([0, *counts])[:-1]
        return np.repeat(self.index.first_sentence[rows] - before, counts) + np.arange(counts.sum())

    def _counts(self, rows: Rows) -> Rows:
        return self.index.first_sentence[rows + 1] - self.index.first_sentence[rows]

    def _best(self, query: Query, rows: Rows) -> tuple[Floats, Floats]:
        """The best cosine of each question token: (n_sentences, n_query_tokens) among a sentence's own tokens.

        And (n_passages, n_query_tokens) among those before a passage's first sentence. Some passages at a time, so that
        a long question takes no more room than a short one.
        """
        starts = self.index.tokens.starts
        products = int((starts[rows + 1] - starts[rows]).sum()) * len(query.idf)
        parts = np.array_split(rows, min(len(rows), 1 + products // AT_ONCE))
        own, leads = zip(*(self._best_of(query, part) for part in parts), strict=True)
        return np.concatenate(own), np.concatenate(leads)

    def _best_of(self, query: Query, rows: Rows) -> tuple[Floats, Floats]:
        index, sentences = self.index, self._sentences(rows)
        near = index.tokens.cosines(rows, query.encoding.tokens)
        starts = np.cumsum([0, *(index.tokens.starts[rows + 1] - index.tokens.starts[rows])])[:-1]
        moves = np.repeat(starts - index.tokens.starts[rows], self._counts(rows))
        leads = np.cumsum([0, *self._counts(rows)])[:-1]  # a passage's tokens are its lead and then its sentences
        best = best_between(near, np.insert(index.first_token[sentences] + moves, leads, starts))
        places = leads + np.arange(len(rows))
        return np.delete(best, places, axis=0), best[places]

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


def _terms(index: Index, sentence: int) -> frozenset[str]:
    return _terms_of(index.sentence(sentence)[1].text)


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms_and_pairs(text))
