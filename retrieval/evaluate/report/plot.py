"""The risk–coverage curve as a picture: a line a system, its working point marked."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from retrieval.evaluate.curve import TARGET_RISK, Curve, Point
from retrieval.evaluate.report.markup import esc, line, picture, words

_WIDTH, _HEIGHT = 720, 380
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 16, 24, 52
_STYLES = 5
_POINTS = 400


def risk_plot(curves: Sequence[Curve]) -> str:
    """Return the picture with its legend; empty without any point."""
    drawn = [curve for curve in curves if curve.points]
    if not drawn:
        return ""
    top = _top(drawn)
    shapes = [*_axes(top), *(s for n, curve in enumerate(drawn) for s in _curve(n % _STYLES, curve, top))]
    label = "Risk against coverage. " + "; ".join(_spoken(curve) for curve in drawn)
    legend = "".join(_legend(n % _STYLES, curve) for n, curve in enumerate(drawn))
    return f"<figure class=wide>{picture(label, _WIDTH, _HEIGHT, shapes)}<ul class=legend>{legend}</ul></figure>"


def _top(curves: Sequence[Curve]) -> float:
    """The highest risk shown: that of the curves where they have settled, in steps of 5%, at least 10%."""
    settled = [p.risk for curve in curves for p in curve.points if p.coverage >= 0.1]
    return min(1.0, max(0.1, ceil(max(settled, default=1.0) * 20) / 20))


def _axes(top: float) -> list[str]:
    shapes: list[str] = []
    for n in range(6):
        x, y = _x(n / 5), _y(top * n / 5, top)
        shapes += [line(_x(0), y, _x(1), y, "grid"), line(x, _y(0, top), x, _y(top, top), "grid")]
        shapes += [words(x, _y(0, top) + 18, f"{n * 20}%", "tick", "middle")]
        shapes += [words(_x(0) - 8, y + 4, f"{top * n * 20:.3g}%", "tick", "end")]
    shapes.append(words(_x(0.5), _HEIGHT - 10, "coverage: answerable questions answered", "axis", "middle"))
    shapes.append(f'<g transform="translate(14 {_y(top / 2, top):.1f}) rotate(-90)">')
    shapes.append(words(0, 0, "risk: answers that are wrong", "axis", "middle") + "</g>")
    if top >= TARGET_RISK:
        shapes.append(line(_x(0), _y(TARGET_RISK, top), _x(1), _y(TARGET_RISK, top), "target"))
    return shapes


def _curve(style: int, curve: Curve, top: float) -> list[str]:
    given = len(curve.points) if curve.answered is None else curve.answered
    shapes = [_path(curve.points[:given], f"curve c{style}", top)]
    if given < len(curve.points):
        shapes.append(_path(curve.points[max(0, given - 1) :], f"curve beyond c{style}", top))
    if curve.operating:
        x, y = _x(curve.operating.coverage), _y(min(top, curve.operating.risk), top)
        shapes.append(
            f'<circle class="mark c{style}" cx="{x:.1f}" cy="{y:.1f}" r="6"><title>{_at(curve)}</title></circle>'
        )
    return shapes


def _path(points: Sequence[Point], style: str, top: float) -> str:
    step = max(1, len(points) // _POINTS)
    kept = [*points[:-1:step], *points[-1:]]
    places = " ".join(f"{_x(p.coverage):.1f},{_y(min(top, p.risk), top):.1f}" for p in kept)
    return f'<polyline class="{style}" points="{places}"/>'


def _legend(style: int, curve: Curve) -> str:
    key = f'<svg aria-hidden=true viewBox="0 0 32 12"><line class="curve c{style}" x1=1 y1=6 x2=31 y2=6 /></svg>'
    return f"<li>{key}<span><b>{esc(curve.name)}</b> {_at(curve)}</span></li>"


def _at(curve: Curve) -> str:
    if curve.operating is None:
        return f"no confidence keeps wrong answers at {TARGET_RISK:.0%} or below" if curve.answered is None else ""
    place = f"{curve.operating.coverage:.1%} answered, {curve.operating.risk:.1%} of answers wrong"
    return f"works at: {place}" if curve.answered is not None else f"at most {TARGET_RISK:.0%} wrong: {place}"


def _spoken(curve: Curve) -> str:
    return f"{curve.name}: {_at(curve) or 'answers nothing'}"


def _x(coverage: float) -> float:
    return _LEFT + coverage * (_WIDTH - _LEFT - _RIGHT)


def _y(risk: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - risk / top * (_HEIGHT - _TOP - _BOTTOM)
