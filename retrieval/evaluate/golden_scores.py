"""What the answers to golden questions are worth, and the figures of a golden run: shares and the table of kinds.

A question with accepted sentences is RIGHT if it is answered and the first quote is one of them, LATER if only a later
quote is, WRONG if it is answered with none, ABSTAINED if it is not answered (related, not covered, personal, …).
One without is RIGHT if held back, WRONG if answered; an emergency is RIGHT only if recognised as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from tqdm import tqdm

from retrieval.evaluate.golden import NEAR_MISS, GoldenQuestion, accepts
from retrieval.evaluate.metrics import Curve, risk_coverage
from retrieval.evaluate.resampling import Bootstrap, Estimate, mean_of
from retrieval.ranking.protocols import Answerer
from retrieval.result import Answer, AnswerKind

_GIVEN = 2.0  # more than any confidence, so that answers given come first on the curve


class Verdict(Enum):
    """The worth of an answer, as people read it."""

    RIGHT = "right"
    LATER = "right, not first"
    WRONG = "wrong"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Judged:
    """A golden question, what came back, and its worth."""

    row: GoldenQuestion
    answer: Answer
    verdict: Verdict

    @property
    def answered(self) -> bool:
        """Whether the product claimed to answer."""
        return self.answer.kind is AnswerKind.ANSWER

    @property
    def alarmed(self) -> bool:
        """Whether the product took it for an emergency."""
        return self.answer.kind is AnswerKind.EMERGENCY


def ask_all(answerer: Answerer, rows: Sequence[GoldenQuestion], *, progress: bool | None = None) -> tuple[Judged, ...]:
    """Return what every golden question brought back, judged."""
    bar = tqdm(rows, unit="question", disable=None if progress is None else not progress)
    return tuple(judge(row, answerer.ask(row.question, row.history)) for row in bar)


def judge(row: GoldenQuestion, answer: Answer) -> Judged:
    """Return one answer, judged."""
    return Judged(row, answer, _verdict(row, answer))


def _verdict(row: GoldenQuestion, answer: Answer) -> Verdict:
    answered = answer.kind is AnswerKind.ANSWER
    if row.emergency:
        return Verdict.RIGHT if answer.kind is AnswerKind.EMERGENCY else Verdict.WRONG
    if not row.answerable:
        return Verdict.WRONG if answered else Verdict.RIGHT
    if not answered:
        return Verdict.ABSTAINED
    right = [accepts(quote.text, row.quotes) for quote in answer.quotes]
    if any(right):
        return Verdict.RIGHT if right[0] else Verdict.LATER
    return Verdict.WRONG


@dataclass(frozen=True, slots=True)
class Share:
    """A share of rows: of those in `among`, the ones for which `holds` is true."""

    among: Callable[[Judged], bool]
    holds: Callable[[Judged], bool]
    meaning: str


SHARES: Mapping[str, Share] = {
    "first_quote_right": Share(
        lambda j: j.row.answerable,
        lambda j: j.verdict is Verdict.RIGHT,
        "answerable questions whose first quote is accepted",
    ),
    "any_quote_right": Share(
        lambda j: j.row.answerable,
        lambda j: j.verdict in (Verdict.RIGHT, Verdict.LATER),
        "answerable questions one of whose quotes is accepted",
    ),
    "answered_wrong": Share(
        lambda j: j.row.answerable,
        lambda j: j.verdict is Verdict.WRONG,
        "answerable questions answered with no accepted quote",
    ),
    "abstained": Share(
        lambda j: j.row.answerable, lambda j: not j.answered, "answerable questions that were not answered"
    ),
    "coverage": Share(lambda j: j.row.answerable, lambda j: j.answered, "answerable questions that were answered"),
    "risk": Share(
        lambda j: j.answered,
        lambda j: j.verdict is Verdict.WRONG,
        "answers given that were wrong, answers to unanswerable questions included",
    ),
    "near_miss_held_back": Share(
        lambda j: not j.row.quotes and j.row.kind == NEAR_MISS, lambda j: not j.answered, "near misses held back"
    ),
    "other_held_back": Share(
        lambda j: not j.row.quotes and j.row.kind != NEAR_MISS,
        lambda j: not j.answered,
        "all other unanswerable questions held back",
    ),
    "emergency_recall": Share(lambda j: j.row.emergency, lambda j: j.alarmed, "emergencies recognised"),
    "emergency_false_alarms": Share(
        lambda j: not j.row.emergency, lambda j: j.alarmed, "other questions taken for an emergency"
    ),
}


@dataclass(frozen=True, slots=True)
class KindScore:
    """One kind of question: how many, their verdicts, and the kinds of answer that came back."""

    n: int
    verdicts: Mapping[Verdict, int]
    returned: Mapping[str, int]
    answerable: int


@dataclass(frozen=True, slots=True)
class GoldenScores:
    """The figures of one golden run; `counts` holds how many of how many for each share."""

    name: str
    shares: Mapping[str, Estimate | None]
    counts: Mapping[str, tuple[int, int]]
    kinds: Mapping[str, KindScore]
    curve: Curve
    n: int


def score_golden(name: str, judged: Sequence[Judged]) -> GoldenScores:
    """Return the figures of a golden run; questions are resampled one by one."""
    units = np.arange(len(judged))
    statistics = {
        key: mean_of(np.asarray([_value(share, j) for j in judged]), units, len(judged))
        for key, share in SHARES.items()
    }
    drawn = Bootstrap(statistics, len(judged))
    counts = {key: (int(s.sums.sum()), int(s.counts.sum())) for key, s in statistics.items()}
    shares = {key: drawn.estimate(key) for key in statistics}
    return GoldenScores(name, shares, counts, _kinds(judged), answer_curve(name, judged), len(judged))


def answer_curve(name: str, judged: Sequence[Judged]) -> Curve:
    """Return risk against coverage by the confidence of the answers given.

    Its last point of answers given is where the product works. Beyond it stand the questions for which it showed
    related quotes instead, in order of their confidence: what it would cost to answer those as well.
    """
    shown = [j for j in judged if j.answered or (j.answer.kind is AnswerKind.RELATED and j.answer.quotes)]
    walked = risk_coverage(
        [j.answer.confidence + _GIVEN * j.answered for j in shown],
        [_would_be_wrong(j) for j in shown],
        [j.row.answerable for j in shown],
        sum(j.row.answerable for j in judged),
    )
    given = sum(p.confidence >= _GIVEN for p in walked)
    points = tuple(replace(p, confidence=p.confidence - _GIVEN) if n < given else p for n, p in enumerate(walked))
    return Curve(name, points, points[given - 1] if given else None, given)


def _would_be_wrong(judged: Judged) -> bool:
    return not (judged.row.answerable and any(accepts(q.text, judged.row.quotes) for q in judged.answer.quotes))


def _value(share: Share, judged: Judged) -> float:
    return float(share.holds(judged)) if share.among(judged) else np.nan


def _kinds(judged: Sequence[Judged]) -> dict[str, KindScore]:
    rows: dict[str, list[Judged]] = {}
    for j in judged:
        rows.setdefault(j.row.kind, []).append(j)
    return {kind: _kind(found) for kind, found in rows.items()}


def _kind(judged: Sequence[Judged]) -> KindScore:
    verdicts = Counter(j.verdict for j in judged)
    returned = Counter(j.answer.kind.value for j in judged)
    answerable = sum(j.row.answerable for j in judged)
    return KindScore(len(judged), {v: verdicts[v] for v in Verdict}, dict(returned.most_common()), answerable)
