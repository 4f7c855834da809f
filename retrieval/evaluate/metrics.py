"""The field's measures: ranking metrics, the area under the ROC curve, and the risk–coverage curve.

recall@k: see `datasets.Recall`. mrr@10: reciprocal rank of the first gold passage, 0 beyond rank 10 (Voorhees 1999).
ndcg@10: Järvelin & Kekäläinen 2002 with trec_eval's linear gain. All three are computed by ir-measures. A question for
which a system returns nothing, or whose answer no passage holds, counts as 0 in all of them.

The risk–coverage curve (El-Yaniv & Wiener 2010, JMLR 11:1605–1641) shows what answering more questions costs. Coverage
is the share of answerable questions answered, risk the share of answered questions answered wrongly, where answering an
unanswerable question is wrong. Lowering the confidence demanded walks along the curve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

from index.encoder.encode import Doubles
from retrieval.evaluate.datasets import Recall
from retrieval.evaluate.resampling import Units, ratio

RANKING = ("recall@1", "recall@3", "recall@5", "mrr@10", "ndcg@10")
TARGET_RISK = 0.05


def scores_of(ranked: Sequence[str]) -> dict[str, float]:
    """Return strictly decreasing scores for passages given best first.

    Evaluation tools sort by score and break ties by id, some in 32 bits; whole numbers keep our order everywhere.
    """
    return {id_: float(len(ranked) - n) for n, id_ in enumerate(ranked)}


def per_question(
    ranked: Mapping[str, Sequence[str]], gold: Mapping[str, Mapping[str, int]], recall: Recall
) -> dict[str, Doubles]:
    """Return metric ▶ an array of shape (questions,), in the order of `gold`.

    Args:
        ranked: question id ▶ passage ids, best first; questions may be absent.
        gold: question id ▶ passage id ▶ grade above 0; may be empty for a question.
        recall: what `recall@k` counts.
    """
    counted = {Recall.ANY: Success, Recall.SHARE: R}[recall]
    measures = dict(zip((counted @ 1, counted @ 3, counted @ 5, RR @ 10, nDCG @ 10), RANKING, strict=True))
    position = {id_: n for n, id_ in enumerate(gold)}
    values = {name: np.zeros(len(position)) for name in RANKING}
    judged = {id_: dict(grades) for id_, grades in gold.items() if grades}
    run = {id_: scores_of(ids) for id_, ids in ranked.items() if ids and id_ in judged}
    for found in ir_measures.iter_calc(list(measures), judged, run) if run else ():
        values[measures[found.measure]][position[found.query_id]] = found.value
    return values


@dataclass(frozen=True, slots=True)
class Auroc:
    """Wins of positives of unit i over negatives of unit j, shape (units, units), and counts of both by unit.

    The area is how often one of the first gets a higher confidence than one of the second, ties counting one half: the
    Mann–Whitney statistic (Hanley & McNeil 1982, Radiology 143:29–36). Pairs are counted between all articles at once,
    since one threshold serves them all.
    """

    wins: Doubles
    positives: Doubles
    negatives: Doubles

    def at(self, weights: Doubles) -> Doubles:
        """Return the area over the questions of the units drawn."""
        won: Doubles = ((weights @ self.wins) * weights).sum(axis=1)
        return ratio(won, (weights @ self.positives) * (weights @ self.negatives))


def auroc_of(positive: Doubles, positive_units: Units, negative: Doubles, negative_units: Units, n_units: int) -> Auroc:
    """Return the wins of `positive` over `negative` confidences, unit by unit; all arrays are one-dimensional."""
    wins = np.zeros((n_units, n_units))
    for unit in np.unique(positive_units):
        own = np.sort(positive[positive_units == unit])
        below = np.searchsorted(own, negative, side="left")
        not_above = np.searchsorted(own, negative, side="right")
        won = len(own) - (below + not_above) / 2  # those above, and half of those equal
        wins[unit] = np.bincount(negative_units, won, n_units)
    counts = (np.bincount(units, minlength=n_units).astype(np.float64) for units in (positive_units, negative_units))
    return Auroc(wins, *counts)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Coverage and risk if all questions of at least this confidence are answered."""

    coverage: float
    risk: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A named curve, and the point at which the system works (or would at `TARGET_RISK`), if any.

    Points after the first `answered` are what answering more than the system does would bring; None: all are answered.
    """

    name: str
    points: tuple[CurvePoint, ...]
    operating: CurvePoint | None = None
    answered: int | None = None


def risk_coverage(
    confidence: Sequence[float], wrong: Sequence[bool], answerable: Sequence[bool], total: int | None = None
) -> tuple[CurvePoint, ...]:
    """Return one point for each confidence there is, highest first; equal ones cannot be told apart by a threshold.

    Args:
        confidence: of each question, any order.
        wrong: whether answering it is wrong.
        answerable: whether it counts for coverage.
        total: how many answerable questions there are, where not all are given.
    """
    if not confidence:
        return ()
    total = sum(answerable) if total is None else total
    order = np.argsort(-np.asarray(confidence, dtype=np.float64), kind="stable")
    level: Doubles = np.asarray(confidence, dtype=np.float64)[order]
    risk = np.cumsum(np.asarray(wrong, dtype=np.float64)[order]) / np.arange(1, len(order) + 1)
    coverage = np.cumsum(np.asarray(answerable, dtype=np.float64)[order]) / max(1, total)
    last = np.append(level[1:] != level[:-1], True)
    rows = zip(coverage[last], risk[last], level[last], strict=True)
    return tuple(CurvePoint(float(c), float(r), float(f)) for c, r, f in rows)


def widest_within(points: Sequence[CurvePoint], risk: float = TARGET_RISK) -> CurvePoint | None:
    """Return the point of most coverage whose risk does not exceed `risk`; None if there is none."""
    return max((p for p in points if p.risk <= risk), key=lambda p: p.coverage, default=None)
