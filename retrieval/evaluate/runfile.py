"""TREC files for other tools: `question Q0 passage rank score system` a line, and the qrels beside them.

Scores are whole numbers falling with the rank, so that every tool keeps our order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.evaluate.metrics import scores_of
from retrieval.evaluate.ranking import SystemRun


def write_runs(folder: Path, runs: Sequence[SystemRun]) -> list[Path]:
    """Write `<system>.run` for every system and `qrels.txt`; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"{file_name(run.name)}.run" for run in runs]
    for path, run in zip(written, runs, strict=True):
        path.write_text("".join(_run_lines(run)), encoding="utf-8")
    qrels = folder / "qrels.txt"
    qrels.write_text("".join(_qrels_lines(runs[0])) if runs else "", encoding="utf-8")
    return [*written, qrels]


def file_name(system: str) -> str:
    """Return a system's name as one plain word."""
    return re.sub(r"[^\w.-]+", "-", system).strip("-") or "system"


def _run_lines(run: SystemRun) -> Iterator[str]:
    for seen in run.ranked:
        for rank, (id_, score) in enumerate(scores_of(seen.ranked).items(), start=1):
            yield f"{seen.question.id} Q0 {id_} {rank} {score:.0f} {file_name(run.name)}\n"


def _qrels_lines(run: SystemRun) -> Iterator[str]:
    for seen in run.ranked:
        for id_, grade in (seen.question.gold or {}).items():
            yield f"{seen.question.id} 0 {id_} {grade}\n"
