"""One finished evaluation, with lists of its errors: what the tables, the JSON and the report show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluate.datasets import Dataset
from retrieval.evaluate.golden_scores import GoldenScores, Judged, Verdict
from retrieval.evaluate.metrics import Curve
from retrieval.evaluate.ranking_scores import RankedQuestion, RankingScores, SystemRun
from retrieval.evaluate.reading import Outcome, ReadingOutcomes
from retrieval.evaluate.reading_scores import ReadingScores


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One error: what was asked, what was shown, what would have been accepted.

    `label` says where it belongs and what happened.
    """

    question: str
    label: str
    shown: tuple[str, ...]
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Errors of one sort, out of `total` questions of that sort."""

    title: str
    items: tuple[ErrorItem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was run on what, what came out, and with which versions.

    `scores` is None where a golden set has no answerable row to rank passages for; `golden` holds the product's own
    answers, as it is and, if asked for, without its question bank; `reading` those on small articles, each alone.
    """

    command: str
    dataset: str
    versions: Mapping[str, str]
    notes: tuple[str, ...]
    curves: tuple[Curve, ...]
    errors: tuple[ErrorGroup, ...]
    runs: tuple[SystemRun, ...] = ()
    scores: RankingScores | None = None
    golden: tuple[GoldenScores, ...] = ()
    reading: ReadingScores | None = None


def ranking_errors(dataset: Dataset, run: SystemRun) -> tuple[ErrorGroup, ...]:
    """Return the questions of a run whose first passage is wrong, and those with a wrong sentence in the right one."""
    texts = {p.id: p.text for corpus in dataset.corpora for p in corpus.passages}
    ranked = [q for q in run.judged if q.question.answerable]
    wrong = [q for q in ranked if not q.passage_right]
    judged = [q for q in ranked if q.sentence_right is not None and q.passage_right]
    return (
        ErrorGroup("Another passage came first", tuple(_wrong_passage(q, texts) for q in wrong), len(ranked)),
        ErrorGroup(
            "Right passage, wrong sentence",
            tuple(_wrong_sentence(q) for q in judged if not q.sentence_right),
            len(judged),
        ),
    )


def golden_errors(judged: Sequence[Judged]) -> tuple[ErrorGroup, ...]:
    """Return the golden rows that did not come out right, by kind."""
    kinds = dict.fromkeys(j.row.kind for j in judged)
    return tuple(_kind(kind, [j for j in judged if j.row.kind == kind]) for kind in kinds)


def reading_errors(asked: ReadingOutcomes) -> tuple[ErrorGroup, ...]:
    """Return what came out wrong as given, then on the two sorts of pairs."""
    return (
        *_reading("As given", asked.given),
        *_reading("With and without the answer", [o for p in asked.with_without for o in (p.answering, p.other)]),
        *_reading("Contrast and decoy", [o for p in asked.contrast_decoy for o in (p.answering, p.other)]),
    )


def _reading(title: str, outcomes: Sequence[Outcome]) -> tuple[ErrorGroup, ...]:
    yes, no = ([o for o in outcomes if o.answerable is wanted] for wanted in (True, False))
    return (
        ErrorGroup(f"{title}: wrong first quote", _outcomes(o for o in yes if o.answered and not o.first), len(yes)),
        ErrorGroup(f"{title}: not answered", _outcomes(o for o in yes if not o.answered), len(yes)),
        ErrorGroup(f"{title}: answered though the text does not", _outcomes(o for o in no if o.answered), len(no)),
    )


def _outcomes(outcomes: Iterable[Outcome]) -> tuple[ErrorItem, ...]:
    """List outcomes, those it was surest of first."""
    return tuple(
        ErrorItem(
            outcome.question,
            f"{outcome.article}; came back as {outcome.kind.value}, confidence {outcome.confidence:.2f}",
            outcome.shown or ("nothing",),
            outcome.accepted or ("to be held back",),
        )
        for outcome in sorted(outcomes, key=lambda o: -o.confidence)
    )


def _wrong_passage(ranked: RankedQuestion, texts: Mapping[str, str]) -> ErrorItem:
    gold = tuple(texts[id_] for id_ in ranked.question.gold or () if id_ in texts)
    rank = next((n for n, id_ in enumerate(ranked.ranked, start=1) if id_ in (ranked.question.gold or {})), None)
    where = f"right passage at rank {rank}" if rank else f"right passage not among the first {len(ranked.ranked)}"
    return ErrorItem(ranked.question.text, f"{ranked.group}; {where}", _some([ranked.sentence, ranked.first]), gold)


def _wrong_sentence(ranked: RankedQuestion) -> ErrorItem:
    return ErrorItem(ranked.question.text, ranked.group, _some([ranked.sentence]), ranked.question.accepted)


def _kind(kind: str, judged: Sequence[Judged]) -> ErrorGroup:
    wrong = tuple(_golden(j) for j in judged if j.verdict is not Verdict.RIGHT)
    return ErrorGroup(kind.replace("_", " "), wrong, len(judged))


def _golden(judged: Judged) -> ErrorItem:
    row, answer = judged.row, judged.answer
    question = " ▸ ".join([*row.history, row.question])
    label = f"{row.id}; {judged.verdict.value}; came back as {answer.kind.value}, confidence {answer.confidence:.2f}"
    wanted = ("to be recognised as an emergency",) if row.emergency else row.quotes or ("to be held back",)
    return ErrorItem(question, label, tuple(q.text for q in answer.quotes) or (answer.text,), wanted)


def _some(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what was shown, each text once."""
    return tuple(dict.fromkeys(t for t in texts if t)) or ("nothing",)
