"""Bounds on figures: `--fail-under METRIC=VALUE` and `--fail-over METRIC=VALUE` fail a command that falls short.

METRIC is a figure of the golden set, of a reading or of the system `full` (`recall@1`), or another system's
(`bm25.recall@1`) or part's (`balanced.paired`). Figures of which less is better can only be failed over, the others
only under, so that no bound stands the wrong way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.common.errors import BelowTarget, SettingError
from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.golden_scores import SHARES
from retrieval.evaluate.ranking_scores import METRICS
from retrieval.evaluate.reading_scores import READING_MEANINGS, WRONG
from retrieval.evaluate.resampling import Estimate

LESS_IS_BETTER = frozenset({"risk", "answered_wrong", "abstained", "emergency_false_alarms", WRONG})
KNOWN = tuple(dict.fromkeys((*METRICS, *SHARES, *READING_MEANINGS)))


@dataclass(frozen=True, slots=True)
class Bound:
    """The most or the least a figure may be; `system` is empty for the product itself."""

    system: str
    metric: str
    value: float

    @property
    def name(self) -> str:
        """The figure as it was written."""
        return f"{self.system}.{self.metric}" if self.system else self.metric

    @property
    def less_is_better(self) -> bool:
        """Whether the bound is an upper one."""
        return self.metric in LESS_IS_BETTER


def read_bounds(under: Sequence[str], over: Sequence[str]) -> tuple[Bound, ...]:
    """Return the bounds that both flags give.

    Raises:
        SettingError: one is not METRIC=VALUE, names no figure there is, or stands the wrong way round.
    """
    bounds = [("--fail-under", _bound(text)) for text in under] + [("--fail-over", _bound(text)) for text in over]
    for used, bound in bounds:
        right, better = ("--fail-over", "less") if bound.less_is_better else ("--fail-under", "more")
        if used != right:
            raise SettingError(f"{used} {bound.name}: of {bound.metric} {better} is better; use {right}")
    return tuple(bound for _, bound in bounds)


def _bound(text: str) -> Bound:
    name, _, value = text.rpartition("=")
    system, _, metric = name.rpartition(".")
    if metric not in KNOWN:
        raise SettingError(f"{text!r}: no such figure {metric!r}; write METRIC=VALUE with one of {', '.join(KNOWN)}")
    try:
        bound = float(value)
    except ValueError as error:
        raise SettingError(f"{text!r}: {value!r} is not a number; write {name}=0.9") from error
    if not 0 <= bound <= 1:
        raise SettingError(f"{text!r}: {value} is not between 0 and 1, as every figure is; write {name}=0.9")
    return Bound(system, metric, bound)


def check(bounds: Sequence[Bound], evaluation: Evaluation) -> None:
    """Hold every figure against its bound.

    Raises:
        BelowTarget: at least one falls short; the message holds all of them with both values.
        SettingError: a figure was not measured here.
    """
    short = [text for bound in bounds if (text := _shortfall(bound, _measured(bound, evaluation)))]
    if short:
        raise BelowTarget("; ".join(short) + "; --report lists the errors")


def _shortfall(bound: Bound, value: float) -> str:
    missed, side = (value > bound.value, "most") if bound.less_is_better else (value < bound.value, "least")
    return f"{bound.name} is {value:.4f}, at {side} {bound.value:g} was demanded" if missed else ""


def _measured(bound: Bound, evaluation: Evaluation) -> float:
    estimate = _figures(bound, evaluation).get(bound.metric)
    if estimate is None:
        raise SettingError(f"{bound.name} is not measured on {evaluation.dataset}; leave it out")
    return estimate.value


def _figures(bound: Bound, evaluation: Evaluation) -> Mapping[str, Estimate | None]:
    if evaluation.reading:
        part = evaluation.reading.parts.get(bound.system or "given")
        return part.table if part else {}
    if bound.metric in SHARES:
        return evaluation.golden[0].shares if evaluation.golden and not bound.system else {}
    scores = evaluation.scores
    return scores.table.get(bound.system or scores.reference, {}) if scores else {}
