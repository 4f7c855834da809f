"""The tables of an evaluation as rows of text, head first: the terminal and the report show the same."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.evaluate.bootstrap import ROUNDS, Difference, Estimate
from retrieval.evaluate.golden_scores import SHARES, GoldenScores
from retrieval.evaluate.reading_scores import HELD_BACK, NEAR_HELD_BACK, READING_MEANINGS, ReadingScores, Reliability
from retrieval.evaluate.scores import METRICS, Scores
from retrieval.evaluate.verdict import Verdict

NOTHING = "–"

Rows = list[list[str]]


def system_rows(scores: Scores) -> Rows:
    """Return metrics down, systems across."""
    systems = list(scores.table)
    rows = [[metric, *(figure(scores.table[name][metric]) for name in systems)] for metric in measured(scores)]
    return [["metric", *systems], *rows]


def difference_rows(scores: Scores) -> Rows:
    """Return the reference's lead over every other system; nothing where none can be compared."""
    others = [name for name, found in scores.differences.items() if any(found.values())]
    if not others:
        return []
    rows = [[metric, *(lead(scores.differences[name][metric]) for name in others)] for metric in measured(scores)]
    return [["metric", *others], *rows]


def share_rows(run: GoldenScores) -> Rows:
    """Return every share, and how many of how many."""
    rows = [
        [name, figure(run.shares[name]), "{} of {}".format(*run.counts[name]), share.meaning]
        for name, share in SHARES.items()
    ]
    return [["figure", "value (95% interval)", "count", "meaning"], *rows]


def kind_rows(run: GoldenScores) -> Rows:
    """Return verdicts and kinds of answer by kind of question."""
    rows = [
        [
            kind,
            str(found.n),
            *(str(found.verdicts[v]) for v in Verdict),
            ", ".join(f"{name} {n}" for name, n in found.returned.items()),
        ]
        for kind, found in run.kinds.items()
    ]
    return [["kind", "questions", *(v.value for v in Verdict), "came back as"], *rows]


def reading_rows(scores: ReadingScores) -> Rows:
    """Return the figures down; as given, balanced, and the two sorts of pairs across."""
    columns = {
        "as given": scores.given,
        "balanced": scores.balanced,
        "with and without": scores.with_without,
        "contrast and decoy": scores.contrast_decoy,
    }
    measured = {name: found for name, found in columns.items() if found}
    counts = [["n", *(f"{found.n:,}" for found in measured.values())]]
    names = [name for name in READING_MEANINGS if name != NEAR_HELD_BACK]
    return [["figure", *measured], *counts, *([n, *(_read(f.table, n) for f in measured.values())] for n in names)]


def _read(table: Mapping[str, Estimate | None], name: str) -> str:
    return figure(table.get(name) or (table.get(NEAR_HELD_BACK) if name == HELD_BACK else None))


def reliability_rows(reliability: Reliability) -> Rows:
    """Return mean confidence and share right, bin by bin; empty bins are left out."""
    rows = [
        [f"{b.low:.1f} to {b.high:.1f}", f"{b.n:,}", f"{b.confidence:.3f}", f"{b.right:.3f}"]
        for b in reliability.bins
        if b.confidence is not None and b.right is not None
    ]
    return [["confidence", "n", "mean confidence", "share right"], *rows]


def footnote(scores: Scores) -> str:
    """Say how the intervals came about."""
    if scores.n_units < 2:
        return "No intervals: a single question has none."
    return f"{drawn(scores.n_units, scores.unit)} p is two-sided, not corrected for several comparisons."


def drawn(n: int, unit: str) -> str:
    """Say what intervals were drawn from; `n` is how many of these units there are."""
    if n < 2:
        return f"No intervals: a single {unit} has none."
    return f"In brackets: 95% intervals, {ROUNDS:,} bootstrap draws of {n:,} {unit}s."


def figure(estimate: Estimate | None) -> str:
    """Return a figure with its interval."""
    if estimate is None:
        return NOTHING
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def lead(found: Difference | None) -> str:
    """Return a difference with its interval and p."""
    if found is None:
        return NOTHING
    p = "p<0.001" if found.p < 0.001 else f"p={found.p:.3f}"
    return f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f}) {p}"


def measured(scores: Scores) -> list[str]:
    """Return the metrics the data set can measure for any system."""
    return [m for m in METRICS if any(found[m] is not None for found in scores.table.values())]
