"""From what systems did to the figures of the contract: one table of estimates, one of paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluate.auroc import auroc_of
from retrieval.evaluate.bootstrap import Bootstrap, Difference, Estimate
from retrieval.evaluate.cases import Recall
from retrieval.evaluate.curve import Curve, Point, risk_coverage, widest_within
from retrieval.evaluate.metrics import RANKING, per_question
from retrieval.evaluate.ranking import Seen, SystemRun
from retrieval.evaluate.statistic import Floats, Mean, Statistic, Undefined, Units, mean_of

FULL = "full"
SENTENCE = "sentence@1"
OFF_TOPIC = "auroc_off_topic"
NO_ANSWER = "auroc_no_answer"
METRICS = (*RANKING, SENTENCE, OFF_TOPIC, NO_ANSWER)

Table = dict[str, dict[str, Estimate | None]]
Differences = dict[str, dict[str, Difference | None]]
_Sure = tuple[str, int, float]  # group, position, confidence


@dataclass(frozen=True, slots=True)
class Scores:
    """System ▶ metric ▶ estimate; other system ▶ metric ▶ the reference's figure less the other's.

    `n` counts questions ranked, `n_sentences` those whose right sentence is known; `unit` is what was resampled.
    """

    table: Table
    reference: str
    differences: Differences
    n: int
    n_sentences: int
    n_units: int
    unit: str


def score(runs: Sequence[SystemRun], recall: Recall) -> Scores:
    """Score the runs of one data set; differences are taken from `full`, or from the first run if there is none."""
    units = _Units(runs[0])
    found = {(run.name, metric): s for run in runs for metric, s in _statistics(run, units, recall).items()}
    drawn = Bootstrap(found, units.count)
    names = [run.name for run in runs]
    reference = FULL if FULL in names else names[0]
    table: Table = {name: {m: drawn.estimate((name, m)) for m in METRICS} for name in names}
    differences: Differences = {
        other: {m: drawn.compare((reference, m), (other, m)) for m in METRICS} for other in names if other != reference
    }
    n_sentences = sum(s.sentence_right is not None for s in runs[0].seen)
    return Scores(table, reference, differences, len(runs[0].ranked), n_sentences, units.count, units.unit)


class _Units:
    """What is resampled: articles where there are several, else questions."""

    def __init__(self, run: SystemRun) -> None:
        self._groups = {name: n for n, name in enumerate(dict.fromkeys(s.group for s in run.seen))}
        self._by_article = len(self._groups) > 1
        self.count = len(self._groups) if self._by_article else len(run.seen) + len(run.strangers)
        self.unit = "article" if self._by_article else "question"

    def of(self, groups: Sequence[str], positions: Sequence[int]) -> Units:
        """Return the unit of each observation, from its group or its own position."""
        numbers = [self._groups[g] for g in groups] if self._by_article else positions
        return np.asarray(numbers, dtype=np.int64)


def _statistics(run: SystemRun, units: _Units, recall: Recall) -> dict[str, Statistic]:
    return {
        **_ranking(run, units, recall),
        SENTENCE: _sentence(run, units),
        OFF_TOPIC: _off_topic(run, units),
        NO_ANSWER: _no_answer(run, units),
    }


def _ranking(run: SystemRun, units: _Units, recall: Recall) -> dict[str, Mean]:
    places = [n for n, s in enumerate(run.seen) if s.question.gold is not None]
    seen = [run.seen[n] for n in places]
    gold: dict[str, Mapping[str, int]] = {s.question.id: s.question.gold or {} for s in seen}
    values = per_question({s.question.id: s.ranked for s in seen}, gold, recall)
    own = units.of([s.group for s in seen], places)
    return {name: mean_of(found, own, units.count) for name, found in values.items()}


def _sentence(run: SystemRun, units: _Units) -> Mean:
    right = [np.nan if s.sentence_right is None else float(s.sentence_right) for s in run.seen]
    own = units.of([s.group for s in run.seen], range(len(run.seen)))
    return mean_of(np.asarray(right, dtype=np.float64), own, units.count)


def _off_topic(run: SystemRun, units: _Units) -> Statistic:
    own = [(s.group, n, s.confidence) for n, s in enumerate(run.seen) if s.question.answerable]
    others = [(s.group, n, s.confidence) for n, s in enumerate(run.strangers, start=len(run.seen))]
    return _auroc(own, others, units)


def _no_answer(run: SystemRun, units: _Units) -> Statistic:
    seen = [(s.group, n, s.confidence, s.question.answerable) for n, s in enumerate(run.seen)]
    return _auroc([s[:3] for s in seen if s[3]], [s[:3] for s in seen if not s[3]], units)


def _auroc(positive: list[_Sure], negative: list[_Sure], units: _Units) -> Statistic:
    if not positive or not negative:
        return Undefined()
    (above, above_units), (below, below_units) = (_columns(side, units) for side in (positive, negative))
    return auroc_of(above, above_units, below, below_units, units.count)


def _columns(side: list[_Sure], units: _Units) -> tuple[Floats, Units]:
    groups, places, confidences = zip(*side, strict=True)
    return np.asarray(confidences, dtype=np.float64), units.of(groups, places)


def curves(runs: Sequence[SystemRun]) -> tuple[Curve, ...]:
    """Return each system's risk–coverage curve by confidence, marked where it would answer at the target risk."""
    return tuple(Curve(run.name, points, widest_within(points)) for run in runs for points in [_points(run)])


def _points(run: SystemRun) -> tuple[Point, ...]:
    seen = [s for s in run.seen if _wrong(s) is not None]
    wrong = [bool(_wrong(s)) for s in seen]
    return risk_coverage([s.confidence for s in seen], wrong, [s.question.answerable for s in seen])


def _wrong(seen: Seen) -> bool | None:
    """Wrong is a wrong sentence, where sentences are not judged a wrong passage; None where neither is known."""
    if not seen.question.answerable:
        return True
    if seen.sentence_right is not None:
        return not seen.sentence_right
    if seen.question.gold is None:
        return None
    return not seen.ranked or seen.ranked[0] not in seen.question.gold
