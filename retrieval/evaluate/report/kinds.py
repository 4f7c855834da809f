"""Golden questions by kind: a bar of verdicts for each."""

from __future__ import annotations

from retrieval.evaluate.golden_scores import GoldenScores, KindScore
from retrieval.evaluate.report.markup import esc, picture, rect, words
from retrieval.evaluate.verdict import Verdict

STYLES = {
    Verdict.RIGHT: "v-right",
    Verdict.LATER: "v-later",
    Verdict.ABSTAINED: "v-abstained",
    Verdict.WRONG: "v-wrong",
}

_ROW = 28
_WIDTH, _LEFT, _RIGHT = 720, 170, 56


def kind_bars(run: GoldenScores) -> str:
    """Return the picture and its key."""
    shapes = [s for n, (kind, found) in enumerate(run.kinds.items()) for s in _row(n, kind, found)]
    label = "Verdicts by kind. " + "; ".join(f"{_name(kind)}: {_spoken(found)}" for kind, found in run.kinds.items())
    key = "".join(f"<li><i class={style}></i>{esc(verdict.value)}</li>" for verdict, style in STYLES.items())
    chart = picture(label, _WIDTH, _ROW * len(run.kinds) + 4, shapes)
    return f"<figure class=wide><ul class=legend>{key}</ul>{chart}</figure>"


def _row(number: int, kind: str, found: KindScore) -> list[str]:
    y, x = _ROW * number + 4.0, float(_LEFT)
    shapes = [
        words(_LEFT - 10, y + 16, _name(kind), "name", "end"),
        words(_WIDTH - 4, y + 16, str(found.n), "value", "end"),
    ]
    for verdict, style in STYLES.items():
        count = found.verdicts[verdict]
        if not count:
            continue
        width = count / found.n * (_WIDTH - _LEFT - _RIGHT)
        shapes.append(rect(x, y, width - 1, 22, style, f"{verdict.value}: {count} of {found.n}"))
        if width > 22:
            shapes.append(words(x + width / 2, y + 16, str(count), f"count {style}", "middle"))
        x += width
    return shapes


def _spoken(found: KindScore) -> str:
    return ", ".join(f"{count} {verdict.value}" for verdict, count in found.verdicts.items() if count)


def _name(kind: str) -> str:
    return kind.replace("_", " ")
