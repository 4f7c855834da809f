"""The risk–coverage curve: what answering more questions costs (El-Yaniv & Wiener 2010, JMLR 11:1605–1641).

Coverage is the share of answerable questions answered, risk the share of answered questions answered wrongly, where
answering an unanswerable question is wrong. Lowering the confidence demanded walks along the curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluate.statistic import Floats

TARGET_RISK = 0.05


@dataclass(frozen=True, slots=True)
class Point:
    """All questions of at least this confidence are answered."""

    coverage: float
    risk: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A named curve, and the point at which the system works (or would at `TARGET_RISK`), if any.

    Points after the first `answered` are what answering more than the system does would bring; None: all are answered.
    """

    name: str
    points: tuple[Point, ...]
    operating: Point | None = None
    answered: int | None = None


def risk_coverage(
    confidence: Sequence[float], wrong: Sequence[bool], answerable: Sequence[bool], total: int | None = None
) -> tuple[Point, ...]:
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
    level: Floats = np.asarray(confidence, dtype=np.float64)[order]
    risk = np.cumsum(np.asarray(wrong, dtype=np.float64)[order]) / np.arange(1, len(order) + 1)
    coverage = np.cumsum(np.asarray(answerable, dtype=np.float64)[order]) / max(1, total)
    last = np.append(level[1:] != level[:-1], True)
    return tuple(
        Point(float(c), float(r), float(f)) for c, r, f in zip(coverage[last], risk[last], level[last], strict=True)
    )


def widest_within(points: Sequence[Point], risk: float = TARGET_RISK) -> Point | None:
    """Return the point of most coverage whose risk does not exceed `risk`; None if there is none."""
    return max((p for p in points if p.risk <= risk), key=lambda p: p.coverage, default=None)
