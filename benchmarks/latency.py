"""Time inside one process: a question's parts, the encoder beside sentence-transformers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.open import Opened
from retrieval.ranking.candidates import candidates
from retrieval.ranking.query import question_encoder
from retrieval.ranking.search import Search

WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the median and the 99th percentile of `n` runs."""

    p50: float
    p99: float
    n: int

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Spread:
        """Take both out of a sample."""
        p50, p99 = np.percentile(milliseconds, [50, 99])
        return cls(round(float(p50), 2), round(float(p99), 2), len(milliseconds))


def spread(run: Callable[[str], Any], questions: Sequence[str]) -> Spread:
    """Time a call for each question, after a few that do not count."""
    for question in questions[:WARM_UP]:
        run(question)
    return Spread.of([_milliseconds(run, question) for question in questions])


def side_by_side(runs: dict[str, Callable[[str], Any]], questions: Sequence[str]) -> dict[str, Spread]:
    """Time several calls question by question in turn, so that a busy machine slows them alike."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    warming = questions[:WARM_UP]
    for number, question in enumerate([*warming, *questions]):
        for name, run in runs.items():
            milliseconds = _milliseconds(run, question)
            if number >= len(warming):
                taken[name].append(milliseconds)
    return {name: Spread.of(sample) for name, sample in taken.items()}


def parts(opened: Opened, questions: Sequence[str]) -> dict[str, Spread]:
    """Where a search's time goes: encoding, choosing candidates, scoring them."""
    index, encode = opened.index, question_encoder(opened.encoder)
    search = Search(index, encode)
    taken: dict[str, list[float]] = {"encode": [], "candidates": [], "re-score": []}
    for question in questions:
        taken["encode"].append(_milliseconds(encode, question))
        started = time.perf_counter()
        query = search.read(question)  # its encoding is remembered
        shares = index.lexical.shares(query.terms)
        rows = candidates(index, query, shares)
        chosen = time.perf_counter()
        search.look(query, shares, rows)
        taken["candidates"].append(1000 * (chosen - started))
        taken["re-score"].append(1000 * (time.perf_counter() - chosen))
    return {name: Spread.of(sample[min(WARM_UP, len(sample) - 1) :]) for name, sample in taken.items()}


def _milliseconds(run: Callable[[str], Any], question: str) -> float:
    started = time.perf_counter()
    run(question)
    return 1000 * (time.perf_counter() - started)
