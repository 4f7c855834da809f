"""One finished evaluation: everything the tables, the JSON, the report and the gate show, and nothing they compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.evaluate.curve import Curve
from retrieval.evaluate.error_cases import ErrorGroup
from retrieval.evaluate.golden_scores import GoldenScores
from retrieval.evaluate.ranking import SystemRun
from retrieval.evaluate.reading_scores import ReadingScores
from retrieval.evaluate.scores import Scores

WITH_BANK = "golden"
WITHOUT_BANK = "golden_no_bank"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was run on what, what came out, and with which versions.

    `scores` is None where a golden set has no answerable row to rank passages for; `golden` holds the product's own
    answers, as it is and, if asked for, without its question bank; `reading` those on small articles, each alone.
    """

    command: str
    dataset: str
    scores: Scores | None
    runs: tuple[SystemRun, ...]
    curves: tuple[Curve, ...]
    errors: tuple[ErrorGroup, ...]
    versions: Mapping[str, str]
    golden: tuple[GoldenScores, ...] = ()
    notes: tuple[str, ...] = ()
    reading: ReadingScores | None = None
