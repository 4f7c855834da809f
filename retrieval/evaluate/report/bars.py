"""Bars with intervals: one small chart a metric, one bar a system, all from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.evaluate.bootstrap import Estimate
from retrieval.evaluate.report.markup import esc, line, picture, rect, words
from retrieval.evaluate.rows import figure
from retrieval.evaluate.scores import METRICS, Scores

MEANINGS = {
    "recall@1": "the right passage comes first",
    "recall@3": "it is among the first three",
    "recall@5": "it is among the first five",
    "mrr@10": "one over the rank of the right passage",
    "ndcg@10": "right passages, discounted by rank",
    "sentence@1": "the one sentence shown holds the answer",
    "auroc_off_topic": "more confident of own questions than of other articles' (0.5 is chance)",
    "auroc_no_answer": "more confident of answerable than of unanswerable questions (0.5 is chance)",
}

_ROW, _TOP = 26, 6
_WIDTH, _LEFT, _RIGHT = 460, 132, 60


def metric_bars(scores: Scores) -> str:
    """Return a chart for each metric that was measured."""
    charts = [_chart(metric, {n: f[metric] for n, f in scores.table.items()}, scores.reference) for metric in METRICS]
    found = "\n".join(chart for chart in charts if chart)
    return f"<div class=charts>\n{found}\n</div>" if found else ""


def _chart(metric: str, figures: Mapping[str, Estimate | None], reference: str) -> str:
    measured = {name: e for name, e in figures.items() if e is not None}
    if not measured:
        return ""
    shapes = [s for n, (name, e) in enumerate(measured.items()) for s in _row(n, name, e, name == reference)]
    height = _TOP + _ROW * len(measured) + 4
    frame = [line(_x(v), _TOP, _x(v), height - 4, "grid") for v in (0, 0.25, 0.5, 0.75, 1)]
    label = f"{metric}: " + "; ".join(f"{name} {figure(e)}" for name, e in measured.items())
    return (
        f"<figure><figcaption><b>{esc(metric)}</b> {esc(MEANINGS[metric])}</figcaption>\n"
        f"{picture(label, _WIDTH, height, frame + shapes)}</figure>"
    )


def _row(number: int, name: str, estimate: Estimate, is_reference: bool) -> list[str]:
    y = _TOP + _ROW * number
    style = "bar own" if is_reference else "bar"
    shapes = [
        words(_LEFT - 8, y + 17, _fit(name), "name own" if is_reference else "name", "end"),
        rect(_x(0), y + 5, _x(estimate.value) - _x(0), 16, style, f"{name} {figure(estimate)}"),
        words(_WIDTH - 4, y + 17, f"{estimate.value:.3f}", "value own" if is_reference else "value", "end"),
    ]
    if estimate.low is not None and estimate.high is not None:
        shapes += _whisker(_x(estimate.low), _x(estimate.high), y + 13)
    return shapes


def _whisker(low: float, high: float, y: float) -> list[str]:
    ends = [line(x, y - 4, x, y + 4, "whisker") for x in (low, high)]
    return [line(low, y, high, y, "whisker"), *ends]


def _x(value: float) -> float:
    return _LEFT + value * (_WIDTH - _LEFT - _RIGHT)


def _fit(name: str) -> str:
    return name if len(name) <= 20 else name[:19] + "…"
