"""The reliability diagram: what came true of each tenth of confidence, beside the line on which both are equal."""

from __future__ import annotations

from retrieval.evaluate.reading_scores import Bin, Reliability
from retrieval.evaluate.report.markup import line, picture, rect, words

_WIDTH, _HEIGHT = 720, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 16, 24, 52


def reliability_plot(reliability: Reliability) -> str:
    """Return the picture; empty without any outcome."""
    filled = [b for b in reliability.bins if b.n]
    if not filled:
        return ""
    shapes = [*_axes(), *(_bar(b) for b in filled), line(_x(0), _y(0), _x(1), _y(1), "target")]
    label = "Share right by confidence. " + "; ".join(_spoken(b) for b in filled)
    return f"<figure class=wide>{picture(label, _WIDTH, _HEIGHT, shapes)}</figure>"


def _axes() -> list[str]:
    shapes: list[str] = []
    for n in range(6):
        share = n / 5
        shapes += [line(_x(0), _y(share), _x(1), _y(share), "grid")]
        shapes += [words(_x(share), _y(0) + 18, f"{share:.0%}", "tick", "middle")]
        shapes += [words(_x(0) - 8, _y(share) + 4, f"{share:.0%}", "tick", "end")]
    shapes.append(words(_x(0.5), _HEIGHT - 10, "confidence", "axis", "middle"))
    shapes.append(f'<g transform="translate(14 {_y(0.5):.1f}) rotate(-90)">')
    shapes.append(words(0, 0, "share right", "axis", "middle") + "</g>")
    return shapes


def _bar(found: Bin) -> str:
    right = found.right or 0.0
    width = _x(found.high) - _x(found.low) - 2
    return rect(_x(found.low) + 1, _y(right), width, _y(0) - _y(right), "bar own", _spoken(found))


def _spoken(found: Bin) -> str:
    return f"{found.low:.0%} to {found.high:.0%}: {found.right or 0.0:.1%} of {found.n:,} right"


def _x(confidence: float) -> float:
    return _LEFT + confidence * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
