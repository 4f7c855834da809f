"""An evaluation as plain text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.rows import (
    difference_rows,
    drawn,
    footnote,
    kind_rows,
    reading_rows,
    reliability_rows,
    share_rows,
    system_rows,
)


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
        for name, found in (("as given", reading.reliability), ("balanced", reading.reliability_balanced)):
            if found:
                error = f"expected calibration error {found.error:.3f}"
                yield grid(f"Confidence against truth, {name}: {error}", reliability_rows(found))
        yield drawn(reading.articles, "article")
    yield from (f"note: {note}" for note in evaluation.notes)
