"""`--fail-under METRIC=VALUE` and `--fail-over METRIC=VALUE`: a figure that falls short fails the command.

METRIC is a figure of the golden set, of a reading or of the system `full` (`recall@1`), or another system's
(`bm25.recall@1`) or part's (`balanced.paired`).
Figures of which less is better can only be failed over, the others only under, so that no gate stands the wrong way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.common.errors import BelowTarget, SettingError
from retrieval.evaluate.bootstrap import Estimate
from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.golden_scores import SHARES
from retrieval.evaluate.reading_scores import READING_MEANINGS, WRONG
from retrieval.evaluate.scores import METRICS

LESS_IS_BETTER = frozenset({"risk", "answered_wrong", "abstained", "emergency_false_alarms", WRONG})
KNOWN = tuple(dict.fromkeys((*METRICS, *SHARES, *READING_MEANINGS)))


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on one figure; `system` is empty for the product itself."""

    system: str
    metric: str
    bound: float

    @property
    def name(self) -> str:
        """The figure as it was written."""
        return f"{self.system}.{self.metric}" if self.system else self.metric


def read_gates(under: Sequence[str], over: Sequence[str]) -> tuple[Gate, ...]:
    """Read the values of both flags.

    Raises:
        SettingError: one is not METRIC=VALUE, names no figure there is, or stands the wrong way round.
    """
    gates = tuple(_gate(text) for text in (*under, *over))
    for n, gate in enumerate(gates):
        right = "--fail-over" if gate.metric in LESS_IS_BETTER else "--fail-under"
        used = "--fail-under" if n < len(under) else "--fail-over"
        if used != right:
            better = "less" if gate.metric in LESS_IS_BETTER else "more"
            raise SettingError(f"{used} {gate.name}: of {gate.metric} {better} is better; use {right}")
    return gates


def _gate(text: str) -> Gate:
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
    return Gate(system, metric, bound)


def check(gates: Sequence[Gate], evaluation: Evaluation) -> None:
    """Hold every figure against its bound.

    Raises:
        BelowTarget: at least one falls short; the message holds all of them with both values.
        SettingError: a figure was not measured here.
    """
    short = [text for gate in gates if (text := _shortfall(gate, _measured(gate, evaluation)))]
    if short:
        raise BelowTarget("; ".join(short) + "; --report lists the errors")


def _shortfall(gate: Gate, value: float) -> str:
    if gate.metric in LESS_IS_BETTER:
        return f"{gate.name} is {value:.4f}, at most {gate.bound:g} was demanded" if value > gate.bound else ""
    return f"{gate.name} is {value:.4f}, at least {gate.bound:g} was demanded" if value < gate.bound else ""


def _measured(gate: Gate, evaluation: Evaluation) -> float:
    estimate = _figures(gate, evaluation).get(gate.metric)
    if estimate is None:
        raise SettingError(f"{gate.name} is not measured on {evaluation.dataset}; leave it out")
    return estimate.value


def _figures(gate: Gate, evaluation: Evaluation) -> Mapping[str, Estimate | None]:
    if evaluation.reading:
        parts = {
            "": evaluation.reading.given,
            "balanced": evaluation.reading.balanced,
            "with_without": evaluation.reading.with_without,
            "contrast_decoy": evaluation.reading.contrast_decoy,
        }
        found = parts.get(gate.system)
        return found.table if found else {}
    if gate.metric in SHARES:
        return evaluation.golden[0].shares if evaluation.golden and not gate.system else {}
    scores = evaluation.scores
    return scores.table.get(gate.system or scores.reference, {}) if scores else {}
