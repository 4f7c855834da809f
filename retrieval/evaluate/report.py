"""The report as one HTML file: figures with intervals, charts, and errors one can read.

Nothing is loaded from anywhere; it is readable in light and dark, on paper and by ear. Words and markup stand in
`report.html`, which escapes all text, and `report.css`; rows and charts come from `tables` and `charts`.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from retrieval.evaluate import charts, tables
from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.golden_scores import SHARES
from retrieval.evaluate.ranking_scores import METRICS
from retrieval.evaluate.reading_scores import AUROC, FIRST_RIGHT, HELD_BACK, PAIRED, READING_MEANINGS, WRONG
from retrieval.evaluate.resampling import Estimate

MOST_ERRORS = 100
_LONG = 700  # characters of a text shown in the list of errors

_RANKING_CARDS = ("recall@1", "sentence@1", "auroc_off_topic")
_GOLDEN_CARDS = ("first_quote_right", "coverage", "risk", "near_miss_held_back", "other_held_back", "emergency_recall")
_READING_CARDS = (FIRST_RIGHT, HELD_BACK, WRONG, AUROC, PAIRED)


def render_report(evaluation: Evaluation) -> str:
    """Return the report."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shorten"] = _shorten
    return environment.get_template("report.html").render(
        evaluation=evaluation,
        cards=_cards(evaluation),
        charts=charts,
        tables=tables,
        reading_meanings=[("figure", "meaning"), *READING_MEANINGS.items()],
        most_errors=MOST_ERRORS,
    )


def _shorten(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG].rsplit(" ", 1)[0] + " …"


def _cards(evaluation: Evaluation) -> list[tuple[str, Estimate, str]]:
    """Return the figures to show in large type: name, estimate and meaning."""
    found: list[tuple[str, Estimate | None, str]] = []
    if evaluation.golden:
        shares = evaluation.golden[0].shares
        found = [(name, shares[name], SHARES[name].meaning) for name in _GOLDEN_CARDS]
    elif evaluation.reading:
        balanced, given = evaluation.reading.balanced, evaluation.reading.given
        label, part = ("balanced: ", balanced) if balanced else ("", given)
        found = [(f"{label}{name}", part.table.get(name), READING_MEANINGS[name]) for name in _READING_CARDS]
    elif evaluation.scores:
        figures = evaluation.scores.table[evaluation.scores.reference]
        found = [(name, figures[name], METRICS[name]) for name in _RANKING_CARDS]
    return [(name.replace("_", " "), estimate, meaning) for name, estimate, meaning in found if estimate]
