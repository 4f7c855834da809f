"""The tables of an evaluation: rows of text, head first, which the report shows too, and all of it for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.golden_scores import SHARES, GoldenScores, Verdict
from retrieval.evaluate.ranking_scores import METRICS, RankingScores
from retrieval.evaluate.reading_scores import HELD_BACK, NEAR_HELD_BACK, READING_MEANINGS, ReadingScores, Reliability
from retrieval.evaluate.resampling import ROUNDS, Difference, Estimate

NOTHING = "–"

TableRows = list[list[str]]


def system_rows(scores: RankingScores) -> TableRows:
    """Return metrics down, systems across."""
    systems = list(scores.table)
    rows = [[metric, *(figure(scores.table[name][metric]) for name in systems)] for metric in measured(scores)]
    return [["metric", *systems], *rows]


def difference_rows(scores: RankingScores) -> TableRows:
    """Return the reference's lead over every other system; nothing where none can be compared."""
    others = [name for name, found in scores.differences.items() if any(found.values())]
    if not others:
        return []
    rows = [[metric, *(lead(scores.differences[name][metric]) for name in others)] for metric in measured(scores)]
    return [["metric", *others], *rows]


def share_rows(run: GoldenScores) -> TableRows:
    """Return every share, and how many of how many."""
    rows = [
        [name, figure(run.shares[name]), "{} of {}".format(*run.counts[name]), share.meaning]
        for name, share in SHARES.items()
    ]
    return [["figure", "value (95% interval)", "count", "meaning"], *rows]


def kind_rows(run: GoldenScores) -> TableRows:
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


def reading_rows(scores: ReadingScores) -> TableRows:
    """Return the figures down; as given, balanced, and the two sorts of pairs across."""
    columns = ("as given", "balanced", "with and without", "contrast and decoy")
    measured = {name: found for name, found in zip(columns, scores.parts.values(), strict=True) if found}
    counts = [["n", *(f"{found.n:,}" for found in measured.values())]]
    names = [name for name in READING_MEANINGS if name != NEAR_HELD_BACK]
    return [["figure", *measured], *counts, *([n, *(_read(f.table, n) for f in measured.values())] for n in names)]


def _read(table: Mapping[str, Estimate | None], name: str) -> str:
    return figure(table.get(name) or (table.get(NEAR_HELD_BACK) if name == HELD_BACK else None))


def reliability_rows(reliability: Reliability) -> TableRows:
    """Return mean confidence and share right, bin by bin; empty bins are left out."""
    rows = [
        [f"{b.low:.1f} to {b.high:.1f}", f"{b.n:,}", f"{b.confidence:.3f}", f"{b.right:.3f}"]
        for b in reliability.bins
        if b.confidence is not None and b.right is not None
    ]
    return [["confidence", "n", "mean confidence", "share right"], *rows]


def footnote(scores: RankingScores) -> str:
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


def measured(scores: RankingScores) -> list[str]:
    """Return the metrics the data set can measure for any system."""
    return [m for m in METRICS if any(found[m] is not None for found in scores.table.values())]


def render(evaluation: Evaluation) -> str:
    """Return all tables of an evaluation, ending in a line feed."""
    return "\n\n".join(part for part in _parts(evaluation) if part) + "\n"


def grid(title: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a title above rows in columns wide enough, without trailing blanks; empty without rows."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([title, *lines])


def _parts(evaluation: Evaluation) -> Iterator[str]:
    yield f"{evaluation.command} {evaluation.dataset}"
    for run in evaluation.golden:
        yield grid(f"Answers by {run.name}, {run.n:,} questions", share_rows(run))
        yield grid(f"Answers by {run.name}, by kind", kind_rows(run))
    if evaluation.scores:
        scores = evaluation.scores
        yield grid(f"Ranking, {scores.n:,} questions", system_rows(scores))
        yield grid(f"{scores.reference} less each other system", difference_rows(scores))
        yield footnote(scores)
    if evaluation.reading:
        reading = evaluation.reading
        yield grid(f"Reading, {reading.articles:,} articles, each alone", reading_rows(reading))
        for name, found in zip(("as given", "balanced"), reading.calibration.values(), strict=True):
            if found:
                error = f"expected calibration error {found.error:.3f}"
                yield grid(f"Confidence against truth, {name}: {error}", reliability_rows(found))
        yield drawn(reading.articles, "article")
    yield from (f"note: {note}" for note in evaluation.notes)
