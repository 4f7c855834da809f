"""Figures of reading: as given, on balanced pairs and on either sort of them; and how far a confidence can be believed.

Confidence is held against one event: the text answers the question, and the first quote is right (Guo et al. 2017,
arXiv:1706.04599, for the expected calibration error over ten equal bins).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder.encode import Doubles
from retrieval.evaluate.metrics import Curve, auroc_of, risk_coverage, widest_within
from retrieval.evaluate.reading import Outcome, Pair, ReadingOutcomes
from retrieval.evaluate.resampling import Bootstrap, Estimate, Mean, Statistic, Undefined, Units, mean_of

FIRST_RIGHT = "first_right"
ANY_RIGHT = "any_right"
COVERAGE = "coverage"
NEAR_HELD_BACK = "near_held_back"
HELD_BACK = "held_back"
WRONG = "wrong_among_answers"
AUROC = "auroc_answerable"
PAIRED = "paired"
READING_MEANINGS = {
    FIRST_RIGHT: "answerable, answered, and the first quote is right",
    ANY_RIGHT: "answerable, answered, and one of the quotes is right",
    COVERAGE: "answerable questions answered",
    NEAR_HELD_BACK: "unanswerable questions not answered",
    HELD_BACK: "questions not answered of a text that does not answer them",
    WRONG: "answers given that are wrong (less is better)",
    AUROC: "surer of answerable than of unanswerable questions (0.5 is chance)",
    PAIRED: "surer of the same question on the text that answers (0.5 is chance)",
}
BINS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures over `n` questions, each put to one text; None where there is nothing to measure one on."""

    n: int
    table: Mapping[str, Estimate | None]


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes of a confidence from `low` up to `high`: their mean confidence, and how many of them came true."""

    low: float
    high: float
    n: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Ten bins, and the mean distance of confidence from truth over all outcomes."""

    bins: tuple[Bin, ...]
    error: float


@dataclass(frozen=True, slots=True)
class ReadingScores:
    """All figures of one reading; the balanced ones are None where there are no pairs of that sort."""

    articles: int
    given: Figures
    balanced: Figures | None
    with_without: Figures | None
    contrast_decoy: Figures | None
    reliability: Reliability
    reliability_balanced: Reliability | None

    @property
    def parts(self) -> Mapping[str, Figures | None]:
        """The figures by name: as given, and those of pairs."""
        return {
            "given": self.given,
            "balanced": self.balanced,
            "with_without": self.with_without,
            "contrast_decoy": self.contrast_decoy,
        }

    @property
    def calibration(self) -> Mapping[str, Reliability | None]:
        """The reliability by name: as given and on balanced pairs."""
        return {"given": self.reliability, "balanced": self.reliability_balanced}


def score_reading(asked: ReadingOutcomes) -> ReadingScores:
    """Make all figures, with intervals over articles on the same draws."""
    units = {name: n for n, name in enumerate(dict.fromkeys(outcome.article for outcome in asked.given))}
    both = (*asked.with_without, *asked.contrast_decoy)
    paired = {"balanced": both, "with_without": asked.with_without, "contrast_decoy": asked.contrast_decoy}
    found = {name: _of_pairs(pairs, units) for name, pairs in paired.items() if pairs}
    found["given"] = _of_outcomes(asked.given, units, NEAR_HELD_BACK)
    drawn = Bootstrap({(name, key): s for name, row in found.items() for key, s in row.items()}, len(units))
    tables = {name: {key: drawn.estimate((name, key)) for key in row} for name, row in found.items()}
    figures = {name: Figures(2 * len(pairs), tables[name]) for name, pairs in paired.items() if name in tables}
    return ReadingScores(
        len(units),
        Figures(len(asked.given), tables["given"]),
        figures.get("balanced"),
        figures.get("with_without"),
        figures.get("contrast_decoy"),
        reliability(asked.given),
        reliability(_outcomes(both)) if "balanced" in figures else None,
    )


def reliability(outcomes: Sequence[Outcome]) -> Reliability:
    """Hold confidences against what came true."""
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
    right = np.array([outcome.answerable and outcome.first for outcome in outcomes], dtype=np.float64)
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    bins = tuple(_bin(n, confidence[place == n], right[place == n]) for n in range(BINS))
    apart = sum(b.n * abs(b.confidence - b.right) for b in bins if b.confidence is not None and b.right is not None)
    return Reliability(bins, apart / max(1, len(outcomes)))


def reading_curves(asked: ReadingOutcomes) -> tuple[Curve, ...]:
    """Return risk against coverage by confidence, were every question answered from some confidence on."""
    both = _outcomes((*asked.with_without, *asked.contrast_decoy))
    return tuple(_curve(name, found) for name, found in (("as given", asked.given), ("balanced", both)) if found)


def _curve(name: str, outcomes: Sequence[Outcome]) -> Curve:
    points = risk_coverage(
        [o.confidence for o in outcomes],
        [not (o.answerable and o.first) for o in outcomes],
        [o.answerable for o in outcomes],
    )
    return Curve(name, points, widest_within(points))


def _bin(number: int, confidence: Doubles, right: Doubles) -> Bin:
    n = len(confidence)
    means = (float(confidence.mean()), float(right.mean())) if n else (None, None)
    return Bin(number / BINS, (number + 1) / BINS, n, *means)


def _outcomes(pairs: Sequence[Pair]) -> list[Outcome]:
    return [outcome for pair in pairs for outcome in (pair.answering, pair.other)]


def _of_pairs(pairs: Sequence[Pair], units: Mapping[str, int]) -> dict[str, Statistic]:
    def won(pair: Pair) -> float:
        ahead = pair.answering.confidence - pair.other.confidence
        return 0.5 if ahead == 0 else float(ahead > 0)

    paired = _mean([(pair.answering.article, won(pair)) for pair in pairs], units)
    return {**_of_outcomes(_outcomes(pairs), units, HELD_BACK), PAIRED: paired}


def _of_outcomes(outcomes: Sequence[Outcome], units: Mapping[str, int], held_back: str) -> dict[str, Statistic]:
    yes = [o for o in outcomes if o.answerable]
    no = [o for o in outcomes if not o.answerable]
    return {
        FIRST_RIGHT: _mean([(o.article, o.answered and o.first) for o in yes], units),
        ANY_RIGHT: _mean([(o.article, o.answered and o.some) for o in yes], units),
        COVERAGE: _mean([(o.article, o.answered) for o in yes], units),
        held_back: _mean([(o.article, not o.answered) for o in no], units),
        WRONG: _mean([(o.article, not (o.answerable and o.first)) for o in outcomes if o.answered], units),
        AUROC: _auroc(yes, no, units),
    }


def _mean(values: Sequence[tuple[str, float]], units: Mapping[str, int]) -> Mean:
    own = np.array([units[article] for article, _ in values], dtype=np.int64)
    return mean_of(np.array([value for _, value in values], dtype=np.float64), own, len(units))


def _auroc(yes: Sequence[Outcome], no: Sequence[Outcome], units: Mapping[str, int]) -> Statistic:
    if not yes or not no:
        return Undefined()
    above, below = (_columns(side, units) for side in (yes, no))
    return auroc_of(*above, *below, len(units))


def _columns(side: Sequence[Outcome], units: Mapping[str, int]) -> tuple[Doubles, Units]:
    confidence = np.array([o.confidence for o in side], dtype=np.float64)
    return confidence, np.array([units[o.article] for o in side], dtype=np.int64)
