"""What is written for other programs: the `--json` file, and TREC run files with their qrels.

In the JSON, figures stand by system, with intervals and comparisons beside them under keys of their own. A run file has
`question Q0 passage rank score system` on a line, scores whole numbers falling with the rank, so that every tool keeps
our order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retrieval.evaluate.evaluation import Evaluation
from retrieval.evaluate.golden_scores import GoldenScores, KindScore, Verdict
from retrieval.evaluate.metrics import Curve, scores_of
from retrieval.evaluate.ranking_scores import RankingScores, SystemRun
from retrieval.evaluate.reading_scores import Figures, ReadingScores, Reliability
from retrieval.evaluate.resampling import ROUNDS, Difference, Estimate

_DIGITS = 6
_POINTS = 200
_VERDICTS = {
    Verdict.RIGHT: "right",
    Verdict.LATER: "right_not_first",
    Verdict.WRONG: "wrong",
    Verdict.ABSTAINED: "abstained",
}


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return plain values; null is a figure the data set cannot measure."""
    if evaluation.reading:
        return _reading(evaluation.reading, evaluation)
    scores = evaluation.scores
    runs = dict(zip(("golden", "golden_no_bank"), evaluation.golden, strict=False))
    return {
        "systems": {name: {**_values(f), "n": scores.n} for name, f in scores.table.items()} if scores else {},
        **{key: _golden(run) for key, run in runs.items()},
        "intervals": {
            "systems": {name: _intervals(f) for name, f in scores.table.items()} if scores else {},
            **{key: _intervals(run.shares) for key, run in runs.items()},
        },
        "comparisons": _comparisons(scores) if scores else {},
        "curves": {curve.name: _curve(curve) for curve in evaluation.curves},
        "dataset": _dataset(evaluation),
        "versions": dict(evaluation.versions),
    }


def _reading(scores: ReadingScores, evaluation: Evaluation) -> dict[str, Any]:
    articles = {"articles": scores.articles}
    halves = {"with_without": scores.with_without, "contrast_decoy": scores.contrast_decoy}
    balanced = scores.balanced and {
        **articles,
        **_figures(scores.balanced),
        **{name: half and {**articles, **_figures(half)} for name, half in halves.items()},
    }
    intervals = scores.balanced and {
        **_intervals(scores.balanced.table),
        **{name: half and _intervals(half.table) for name, half in halves.items()},
    }
    return {
        **articles,
        **_figures(scores.given),
        "balanced": balanced,
        "intervals": {**_intervals(scores.given.table), "balanced": intervals},
        "calibration": {name: found and _reliability(found) for name, found in scores.calibration.items()},
        "curves": {curve.name: _curve(curve) for curve in evaluation.curves},
        "dataset": {
            "name": evaluation.dataset,
            "command": evaluation.command,
            "bootstrap": {"rounds": ROUNDS, "unit": "article", "units": scores.articles},
            "notes": list(evaluation.notes),
        },
        "versions": dict(evaluation.versions),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {"n": figures.n, **_values(figures.table)}


def _reliability(reliability: Reliability) -> dict[str, Any]:
    bins = [
        {name: value if value is None else round(value, _DIGITS) for name, value in asdict(b).items()}
        for b in reliability.bins
    ]
    return {"bins": bins, "expected_calibration_error": round(reliability.error, _DIGITS)}


def _values(figures: Mapping[str, Estimate | None]) -> dict[str, float | None]:
    return {name: None if e is None else round(e.value, _DIGITS) for name, e in figures.items()}


def _intervals(figures: Mapping[str, Estimate | None]) -> dict[str, list[float] | None]:
    return {
        name: None if e is None or e.low is None or e.high is None else [round(e.low, _DIGITS), round(e.high, _DIGITS)]
        for name, e in figures.items()
    }


def _comparisons(scores: RankingScores) -> dict[str, dict[str, dict[str, float] | None]]:
    """The reference's figure less the other system's."""
    return {
        other: {metric: _difference(d) for metric, d in differences.items()}
        for other, differences in scores.differences.items()
    }


def _difference(found: Difference | None) -> dict[str, float] | None:
    if found is None:
        return None
    values = {"difference": found.difference, "low": found.low, "high": found.high, "p": found.p}
    return {name: round(value, _DIGITS) for name, value in values.items()}


def _golden(run: GoldenScores) -> dict[str, Any]:
    return {
        **_values(run.shares),
        "n": run.n,
        "counts": {name: list(count) for name, count in run.counts.items()},
        "kinds": {kind: _kind(found) for kind, found in run.kinds.items()},
    }


def _kind(found: KindScore) -> dict[str, Any]:
    verdicts = {_VERDICTS[verdict]: count for verdict, count in found.verdicts.items()}
    return {"n": found.n, **verdicts, "returned": dict(found.returned)}


def _curve(curve: Curve) -> list[list[float]]:
    """Coverage, risk and confidence, thinned evenly; the last point is always kept."""
    step = max(1, len(curve.points) // _POINTS)
    kept = curve.points[::-1][::step][::-1]
    return [[round(p.coverage, _DIGITS), round(p.risk, _DIGITS), round(p.confidence, _DIGITS)] for p in kept]


def _dataset(evaluation: Evaluation) -> dict[str, Any]:
    scores = evaluation.scores
    resampled = {"rounds": ROUNDS, "unit": scores.unit, "units": scores.n_units} if scores else None
    return {
        "name": evaluation.dataset,
        "command": evaluation.command,
        "n": scores.n if scores else 0,
        "n_sentences": scores.n_sentences if scores else 0,
        "bootstrap": resampled,
        "notes": list(evaluation.notes),
    }


def write_runs(folder: Path, runs: Sequence[SystemRun]) -> list[Path]:
    """Write `<system>.run` for every system and `qrels.txt`; return the paths."""
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
    for asked in run.judged:
        for rank, (id_, score) in enumerate(scores_of(asked.ranked).items(), start=1):
            yield f"{asked.question.id} Q0 {id_} {rank} {score:.0f} {file_name(run.name)}\n"


def _qrels_lines(run: SystemRun) -> Iterator[str]:
    for asked in run.judged:
        for id_, grade in (asked.question.gold or {}).items():
            yield f"{asked.question.id} 0 {id_} {grade}\n"
