"""Which sentences answer: text and bank together, less the sentences that only promise an answer.

    score = sentence score of the search + TAUGHT · what the bank has learnt of this sentence - PROMISE, if it promises

A sentence is quoted with the neighbours it needs (`retrieval.answering.quote_extent`); no two quotes
overlap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from index.bank_model import BankPrediction
from index.contents import Index
from index.encoder.encode import Floats
from retrieval.answering.quote_extent import promises, quote
from retrieval.ranking.maxsim import Rows
from retrieval.ranking.search import Found
from retrieval.result import Quote

TAUGHT = 1.0
READ = 0.5  # weight of the reader's probability beside the sentence's score
PROMISE = 0.6  # more than CLOSE: what promises an answer never stands beside one, unless the bank points at it
MOST_QUOTES = 3
REPEATED = 0.9  # sentences whose vectors are that near say the same
CLOSE = 0.5  # a further quote is at most that much worse than the first


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences by how well they answer: `rows` (n,) with `scores` (n,), best first."""

    rows: Rows
    scores: Floats


def rank_sentences(index: Index, found: Found, taught: BankPrediction | None) -> Ranked:
    """Rank the sentences found, and those the bank points at, by how well they answer."""
    scores = {int(row): float(score) for row, score in zip(found.sentences, found.sentence_scores, strict=True)}
    if taught:
        least = min(scores.values())
        for row, vote in zip(index.bank.model.targets, taught.sentences, strict=True):
            scores[int(row)] = scores.get(int(row), least) + TAUGHT * float(vote)
    for row in scores:
        if promises(index.sentence(row)[1].text):
            scores[row] -= PROMISE
    rows = np.array(sorted(scores, key=lambda row: (-scores[row], row)), dtype=np.int64)
    return Ranked(rows, np.array([scores[int(row)] for row in rows], dtype=np.float32))


def rank_by_reading(ranked: Ranked, answers: Floats) -> Ranked:
    """Rank again with the reader's probabilities (n,) of the first n sentences."""
    scores = ranked.scores.copy()
    scores[: len(answers)] += READ * answers
    order = np.argsort(-scores, kind="stable")
    return Ranked(ranked.rows[order], scores[order])


def pick_quotes(index: Index, ranked: Ranked, most: int = MOST_QUOTES) -> list[Quote]:
    """Quote the best sentence, and further ones that are nearly as good; quotes that overlap become one."""
    quotes: list[Quote] = []
    quoted: list[int] = []
    for row, score in zip(ranked.rows, ranked.scores, strict=True):
        if score < ranked.scores[0] - CLOSE:
            break
        candidate = quote(index, int(row), float(score), reaching=True)
        met = [n for n, other in enumerate(quotes) if _overlap(candidate, other)]
        if met:
            for n in met:
                candidate = _union(index, int(row), quotes[n], candidate)
            quotes[met[0]] = candidate
            quotes = [q for n, q in enumerate(quotes) if n not in met[1:]]
        elif len(quotes) < most and not _repeats(index, int(row), quoted):
            quotes.append(candidate)
            quoted.append(int(row))
    return quotes


def _repeats(index: Index, row: int, quoted: list[int]) -> bool:
    """Whether a sentence says again what one already quoted says."""
    vectors = index.sentence_dense.rows(np.array([row, *quoted], dtype=np.int64))
    return bool((vectors[1:] @ vectors[0] >= REPEATED).any())


def _overlap(a: Quote, b: Quote) -> bool:
    return a.article == b.article and a.start < b.end and b.start < a.end


def _union(index: Index, row: int, first: Quote, second: Quote) -> Quote:
    """Both as one quote; they stand in one passage, that of sentence `row`."""
    passage, _ = index.sentence(row)
    start, end = min(first.start, second.start), max(first.end, second.end)
    return replace(first, text=passage.text[start - passage.start : end - passage.start], start=start, end=end)
