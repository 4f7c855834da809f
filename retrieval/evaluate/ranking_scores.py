"""What systems rank, and their figures: every question is put to every system once, then one table is made of it.

The systems stand in the inner loop: they see one question after the other, so whatever encodes it may keep the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from tqdm import tqdm

from retrieval.evaluate.datasets import Build, Corpus, Dataset, Question, Recall
from retrieval.evaluate.metrics import Curve, CurvePoint, auroc_of, per_question, risk_coverage, widest_within
from retrieval.evaluate.resampling import (
    Bootstrap,
    Difference,
    Estimate,
    Mean,
    Statistic,
    Undefined,
    Units,
    mean_of,
)
from retrieval.ranking.protocols import Ranker, RankingResult

DEPTH = 10
FULL = "full"
SENTENCE = "sentence@1"
OFF_TOPIC = "auroc_off_topic"
NO_ANSWER = "auroc_no_answer"
METRICS: Mapping[str, str] = {
    "recall@1": "the right passage comes first",
    "recall@3": "it is among the first three",
    "recall@5": "it is among the first five",
    "mrr@10": "one over the rank of the right passage",
    "ndcg@10": "right passages, discounted by rank",
    SENTENCE: "the one sentence shown holds the answer",
    OFF_TOPIC: "more confident of own questions than of other articles' (0.5 is chance)",
    NO_ANSWER: "more confident of answerable than of unanswerable questions (0.5 is chance)",
}


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """What one system did with one question: passage ids best first, the sentence it would show, its confidence."""

    question: Question
    group: str
    ranked: tuple[str, ...]
    first: str
    sentence: str
    sentence_right: bool | None
    confidence: float

    @property
    def passage_right(self) -> bool:
        """Whether the first passage is a gold one."""
        return bool(self.ranked) and self.ranked[0] in (self.question.gold or {})


@dataclass(frozen=True, slots=True)
class SystemRun:
    """All that one system did, in the order of the data set; of questions off topic, the group and the confidence."""

    name: str
    questions: tuple[RankedQuestion, ...]
    off_topic: tuple[tuple[str, float], ...]

    @property
    def judged(self) -> tuple[RankedQuestion, ...]:
        """The questions whose passages can be judged."""
        return tuple(q for q in self.questions if q.question.gold is not None)


@dataclass(frozen=True, slots=True)
class RankingScores:
    """System ▶ metric ▶ estimate; other system ▶ metric ▶ the reference's figure less the other's.

    `n` counts questions ranked, `n_sentences` those whose right sentence is known; `unit` is what was resampled.
    """

    table: Mapping[str, Mapping[str, Estimate | None]]
    reference: str
    differences: Mapping[str, Mapping[str, Difference | None]]
    n: int
    n_sentences: int
    n_units: int
    unit: str


def run_systems(dataset: Dataset, build: Build, *, progress: bool | None = None) -> tuple[SystemRun, ...]:
    """Return what every system did; every corpus must give systems of the same names.

    `progress` None shows a bar where standard error is a terminal.
    """
    own: dict[str, list[RankedQuestion]] = {}
    off_topic: dict[str, list[tuple[str, float]]] = {}
    total = sum(len(c.questions) + len(c.off_topic) for c in dataset.corpora)
    with tqdm(total=total, unit="question", disable=None if progress is None else not progress) as bar:
        for corpus in dataset.corpora:
            _ask(dataset, corpus, build(corpus.articles, corpus.passages), own, off_topic, bar)
    return tuple(SystemRun(name, tuple(asked), tuple(off_topic.get(name, ()))) for name, asked in own.items())


def _ask(
    dataset: Dataset,
    corpus: Corpus,
    systems: Mapping[str, Ranker],
    own: dict[str, list[RankedQuestion]],
    off_topic: dict[str, list[tuple[str, float]]],
    bar: tqdm[NoReturn],
) -> None:
    k = min(DEPTH, len(corpus.passages))
    for question in corpus.questions:
        for name, system in systems.items():
            own.setdefault(name, []).append(_ranked(dataset, corpus, question, system.look(question.text, k)))
        bar.update()
    for question in corpus.off_topic:
        for name, system in systems.items():
            off_topic.setdefault(name, []).append((corpus.group, system.look(question.text, k).confidence))
        bar.update()


def _ranked(dataset: Dataset, corpus: Corpus, question: Question, look: RankingResult) -> RankedQuestion:
    return RankedQuestion(
        question,
        corpus.group,
        tuple(hit.passage.id for hit in look.hits),
        look.hits[0].passage.text if look.hits else "",
        look.sentence.text if look.sentence else "",
        dataset.sentence_right(question, look.sentence),
        look.confidence,
    )


def score_ranking(runs: Sequence[SystemRun], recall: Recall) -> RankingScores:
    """Return the figures of one data set; differences are taken from `full`, or from the first run if there is none."""
    first, names = runs[0], [run.name for run in runs]
    units, n_units, unit = _units(first)
    found = {(run.name, metric): s for run in runs for metric, s in _statistics(run, units, n_units, recall).items()}
    drawn = Bootstrap(found, n_units)
    reference = FULL if FULL in names else names[0]
    others = [name for name in names if name != reference]
    return RankingScores(
        {name: {m: drawn.estimate((name, m)) for m in METRICS} for name in names},
        reference,
        {other: {m: drawn.compare((reference, m), (other, m)) for m in METRICS} for other in others},
        len(first.judged),
        sum(q.sentence_right is not None for q in first.questions),
        n_units,
        unit,
    )


def _units(run: SystemRun) -> tuple[Units, int, str]:
    """Return what is resampled: the unit of every question, those off topic last; how many there are; their name.

    Units are articles where there are several, else questions.
    """
    numbers = {name: n for n, name in enumerate(dict.fromkeys(q.group for q in run.questions))}
    groups = [*(q.group for q in run.questions), *(group for group, _ in run.off_topic)]
    if len(numbers) > 1:
        return np.asarray([numbers[group] for group in groups], dtype=np.int64), len(numbers), "article"
    return np.arange(len(groups), dtype=np.int64), len(groups), "question"


def _statistics(run: SystemRun, units: Units, n_units: int, recall: Recall) -> dict[str, Statistic]:
    own = len(run.questions)
    confidence = np.asarray([*(q.confidence for q in run.questions), *(c for _, c in run.off_topic)], dtype=np.float64)
    positions = np.arange(len(units))
    answerable = np.asarray([n for n, q in enumerate(run.questions) if q.question.answerable], dtype=np.int64)
    unanswerable = np.setdiff1d(positions[:own], answerable)
    right = [np.nan if q.sentence_right is None else float(q.sentence_right) for q in run.questions]

    def auroc(positive: Units, negative: Units) -> Statistic:
        if not len(positive) or not len(negative):
            return Undefined()
        return auroc_of(confidence[positive], units[positive], confidence[negative], units[negative], n_units)

    return {
        **_ranking(run, units, n_units, recall),
        SENTENCE: mean_of(np.asarray(right, dtype=np.float64), units[:own], n_units),
        OFF_TOPIC: auroc(answerable, positions[own:]),
        NO_ANSWER: auroc(answerable, unanswerable),
    }


def _ranking(run: SystemRun, units: Units, n_units: int, recall: Recall) -> dict[str, Mean]:
    judged = np.asarray([n for n, q in enumerate(run.questions) if q.question.gold is not None], dtype=np.int64)
    gold: dict[str, Mapping[str, int]] = {q.question.id: q.question.gold or {} for q in run.judged}
    values = per_question({q.question.id: q.ranked for q in run.judged}, gold, recall)
    return {name: mean_of(found, units[judged], n_units) for name, found in values.items()}


def ranking_curves(runs: Sequence[SystemRun]) -> tuple[Curve, ...]:
    """Return each system's risk–coverage curve by confidence, marked where it would answer at the target risk."""
    return tuple(Curve(run.name, points, widest_within(points)) for run in runs for points in [_points(run)])


def _points(run: SystemRun) -> tuple[CurvePoint, ...]:
    judged = [(q, wrong) for q in run.questions if (wrong := _wrong(q)) is not None]
    answerable = [q.question.answerable for q, _ in judged]
    return risk_coverage([q.confidence for q, _ in judged], [wrong for _, wrong in judged], answerable)


def _wrong(ranked: RankedQuestion) -> bool | None:
    """Wrong is a wrong sentence, where sentences are not judged a wrong passage; None where neither is known."""
    if not ranked.question.answerable:
        return True
    if ranked.sentence_right is not None:
        return not ranked.sentence_right
    return None if ranked.question.gold is None else not ranked.passage_right
