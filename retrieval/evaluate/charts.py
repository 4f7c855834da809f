"""The charts of the report as shapes in SVG's own terms; the template `report.html` writes them out.

Everything is drawn from the same figures as the tables. A chart's label says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from retrieval.evaluate.golden_scores import GoldenScores, KindScore, Verdict
from retrieval.evaluate.metrics import TARGET_RISK, Curve, CurvePoint
from retrieval.evaluate.ranking_scores import METRICS, RankingScores
from retrieval.evaluate.reading_scores import Bin, Reliability
from retrieval.evaluate.resampling import Estimate
from retrieval.evaluate.tables import figure

_VERDICTS = {
    Verdict.RIGHT: "v-right",
    Verdict.LATER: "v-later",
    Verdict.ABSTAINED: "v-abstained",
    Verdict.WRONG: "v-wrong",
}
_LINE_STYLES = 5
_MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG element: its name, attributes, tooltip and text."""

    tag: str
    attributes: Mapping[str, str]
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of `width` by `height` units with its label for those who hear it.

    `swatches` (style, text) are a key above it, `lines` (style, name, text) one below it; `caption` is a name and its
    meaning. `wide` takes the whole width of the page.
    """

    label: str
    width: int
    height: int
    shapes: Sequence[Shape]
    caption: tuple[str, str] | None = None
    swatches: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, str, str], ...] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where shares from 0 to 1 lie on a chart: across from the left, up from the bottom; up to `top` of 1."""

    width: int
    height: int
    left: int
    right: int
    above: int = 0
    below: int = 0
    top: float = 1.0

    def x(self, share: float) -> float:
        return self.left + share * (self.width - self.left - self.right)

    def y(self, share: float) -> float:
        return self.height - self.below - share / self.top * (self.height - self.above - self.below)


def metric_charts(scores: RankingScores) -> list[Chart]:
    """Return a chart for each metric that was measured: a bar a system, with its interval, from 0 to 1."""
    found = {metric: {name: row[metric] for name, row in scores.table.items()} for metric in METRICS}
    measured = {metric: {n: e for n, e in row.items() if e is not None} for metric, row in found.items()}
    return [_metric(metric, row, scores.reference) for metric, row in measured.items() if row]


def _metric(metric: str, estimates: Mapping[str, Estimate], reference: str) -> Chart:
    frame = _Frame(460, 6 + 26 * len(estimates) + 4, 132, 60)
    shapes = [_line(frame.x(v), 6, frame.x(v), frame.height - 4, "grid") for v in (0, 0.25, 0.5, 0.75, 1)]
    for n, (name, estimate) in enumerate(estimates.items()):
        shapes += _bar(frame, 6 + 26 * n, name, estimate, " own" if name == reference else "")
    label = f"{metric}: " + "; ".join(f"{name} {figure(e)}" for name, e in estimates.items())
    return Chart(label, frame.width, frame.height, shapes, (metric, METRICS[metric]))


def _bar(frame: _Frame, y: float, name: str, estimate: Estimate, own: str) -> list[Shape]:
    short = name if len(name) <= 20 else name[:19] + "…"
    shapes = [
        _words(frame.left - 8, y + 17, short, f"name{own}", "end"),
        _box(frame.left, y + 5, frame.x(estimate.value) - frame.left, 16, f"bar{own}", f"{name} {figure(estimate)}"),
        _words(frame.width - 4, y + 17, f"{estimate.value:.3f}", f"value{own}", "end"),
    ]
    if estimate.low is not None and estimate.high is not None:
        low, high, middle = frame.x(estimate.low), frame.x(estimate.high), y + 13
        shapes.append(_line(low, middle, high, middle, "whisker"))
        shapes += [_line(x, middle - 4, x, middle + 4, "whisker") for x in (low, high)]
    return shapes


def kind_chart(run: GoldenScores) -> Chart:
    """Return golden questions by kind: a bar of verdicts for each."""
    frame = _Frame(720, 28 * len(run.kinds) + 4, 170, 56)
    shapes = [s for n, (kind, found) in enumerate(run.kinds.items()) for s in _kind(frame, 28 * n + 4.0, kind, found)]
    spoken = (
        f"{kind.replace('_', ' ')}: " + ", ".join(f"{count} {v.value}" for v, count in found.verdicts.items() if count)
        for kind, found in run.kinds.items()
    )
    label = "Verdicts by kind. " + "; ".join(spoken)
    swatches = tuple((style, verdict.value) for verdict, style in _VERDICTS.items())
    return Chart(label, frame.width, frame.height, shapes, swatches=swatches, wide=True)


def _kind(frame: _Frame, y: float, kind: str, found: KindScore) -> list[Shape]:
    shapes = [
        _words(frame.left - 10, y + 16, kind.replace("_", " "), "name", "end"),
        _words(frame.width - 4, y + 16, str(found.n), "value", "end"),
    ]
    x = frame.x(0)
    for verdict, style in _VERDICTS.items():
        count = found.verdicts[verdict]
        if not count:
            continue
        width = frame.x(count / found.n) - frame.x(0)
        shapes.append(_box(x, y, width - 1, 22, style, f"{verdict.value}: {count} of {found.n}"))
        if width > 22:
            shapes.append(_words(x + width / 2, y + 16, str(count), f"count {style}"))
        x += width
    return shapes


def risk_chart(curves: Sequence[Curve]) -> Chart | None:
    """Return the risk–coverage curves, a line a system, its working point marked; None without any point."""
    drawn = [curve for curve in curves if curve.points]
    if not drawn:
        return None
    # The highest risk shown is that of the curves where they have settled, in steps of 5%, at least 10%.
    settled = [p.risk for curve in drawn for p in curve.points if p.coverage >= 0.1]
    top = min(1.0, max(0.1, ceil(max(settled, default=1.0) * 20) / 20))
    frame = _Frame(720, 380, 64, 24, 16, 52, top)
    shapes = _axes(frame, "coverage: answerable questions answered", "risk: answers that are wrong")
    if top >= TARGET_RISK:
        shapes.append(_line(frame.x(0), frame.y(TARGET_RISK), frame.x(1), frame.y(TARGET_RISK), "target"))
    for n, curve in enumerate(drawn):
        shapes += _curve(frame, f"c{n % _LINE_STYLES}", curve)
    label = "Risk against coverage. " + "; ".join(f"{c.name}: {_working(c) or 'answers nothing'}" for c in drawn)
    lines = tuple((f"c{n % _LINE_STYLES}", curve.name, _working(curve)) for n, curve in enumerate(drawn))
    return Chart(label, frame.width, frame.height, shapes, lines=lines, wide=True)


def _curve(frame: _Frame, style: str, curve: Curve) -> list[Shape]:
    given = len(curve.points) if curve.answered is None else curve.answered
    shapes = [_path(frame, curve.points[:given], f"curve {style}")]
    if given < len(curve.points):
        shapes.append(_path(frame, curve.points[max(0, given - 1) :], f"curve beyond {style}"))
    if curve.operating:
        place = {
            "cx": f"{frame.x(curve.operating.coverage):.1f}",
            "cy": f"{frame.y(min(frame.top, curve.operating.risk)):.1f}",
        }
        shapes.append(Shape("circle", {"class": f"mark {style}", **place, "r": "6"}, _working(curve)))
    return shapes


def _path(frame: _Frame, points: Sequence[CurvePoint], style: str) -> Shape:
    step = max(1, len(points) // _MOST_POINTS)
    kept = [*points[:-1:step], *points[-1:]]
    places = " ".join(f"{frame.x(p.coverage):.1f},{frame.y(min(frame.top, p.risk)):.1f}" for p in kept)
    return Shape("polyline", {"class": style, "points": places})


def _working(curve: Curve) -> str:
    """Say where a system works, or would with as much risk as is aimed at."""
    if curve.operating is None:
        return f"no confidence keeps wrong answers at {TARGET_RISK:.0%} or below" if curve.answered is None else ""
    place = f"{curve.operating.coverage:.1%} answered, {curve.operating.risk:.1%} of answers wrong"
    return f"works at: {place}" if curve.answered is not None else f"at most {TARGET_RISK:.0%} wrong: {place}"


def reliability_chart(reliability: Reliability) -> Chart:
    """Return what came true of each tenth of confidence, beside the line on which both are equal."""
    filled = [b for b in reliability.bins if b.n]
    frame = _Frame(720, 300, 64, 24, 16, 52)
    shapes = _axes(frame, "confidence", "share right")
    for b in filled:
        left, up = frame.x(b.low), frame.y(b.right or 0.0)
        shapes.append(_box(left + 1, up, frame.x(b.high) - left - 2, frame.y(0) - up, "bar own", _spoken(b)))
    shapes.append(_line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), "target"))
    label = "Share right by confidence. " + "; ".join(_spoken(b) for b in filled)
    return Chart(label, frame.width, frame.height, shapes, wide=True)


def _spoken(found: Bin) -> str:
    return f"{found.low:.0%} to {found.high:.0%}: {found.right or 0.0:.1%} of {found.n:,} right"


def _axes(frame: _Frame, across: str, up: str) -> list[Shape]:
    """Return a grid of fifths with both axes in percent."""
    shapes: list[Shape] = []
    for n in range(6):
        x, y = frame.x(n / 5), frame.y(frame.top * n / 5)
        shapes.append(_line(frame.x(0), y, frame.x(1), y, "grid"))
        shapes.append(_line(x, frame.y(0), x, frame.y(frame.top), "grid"))
        shapes.append(_words(x, frame.y(0) + 18, f"{n * 20}%", "tick"))
        shapes.append(_words(frame.x(0) - 8, y + 4, f"{frame.top * n * 20:.3g}%", "tick", "end"))
    shapes.append(_words(frame.x(0.5), frame.height - 10, across, "axis"))
    turned = f"translate(14 {frame.y(frame.top / 2):.1f}) rotate(-90)"
    shapes.append(Shape("text", {"class": "axis", "transform": turned, "text-anchor": "middle"}, text=up))
    return shapes


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> Shape:
    return Shape("line", {"class": style, "x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"})


def _box(x: float, y: float, width: float, height: float, style: str, title: str) -> Shape:
    size = {"width": f"{max(0.0, width):.1f}", "height": f"{height:.1f}"}
    return Shape("rect", {"class": style, "x": f"{x:.1f}", "y": f"{y:.1f}", **size}, title)


def _words(x: float, y: float, text: str, style: str, anchor: str = "middle") -> Shape:
    return Shape("text", {"class": style, "x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}, text=text)
