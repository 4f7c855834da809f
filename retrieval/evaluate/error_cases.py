"""Lists of errors a person can read: what was asked, what was shown, what would have been accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluate.cases import Dataset
from retrieval.evaluate.ranking import Seen, SystemRun
from retrieval.evaluate.reading import Asked, Outcome
from retrieval.evaluate.verdict import Judged, Verdict


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One error. `label` says where it belongs and what happened."""

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


def ranking_errors(dataset: Dataset, run: SystemRun) -> tuple[ErrorGroup, ...]:
    """Return the questions of a run whose first passage is wrong, and those with a wrong sentence in the right one."""
    texts = {p.id: p.text for corpus in dataset.corpora for p in corpus.passages}
    ranked = [s for s in run.ranked if s.question.answerable]
    wrong = [s for s in ranked if not _passage_right(s)]
    judged = [s for s in ranked if s.sentence_right is not None and _passage_right(s)]
    return (
        ErrorGroup("Another passage came first", tuple(_wrong_passage(s, texts) for s in wrong), len(ranked)),
        ErrorGroup(
            "Right passage, wrong sentence",
            tuple(_wrong_sentence(s) for s in judged if not s.sentence_right),
            len(judged),
        ),
    )


def golden_errors(judged: Sequence[Judged]) -> tuple[ErrorGroup, ...]:
    """Return the golden rows that did not come out right, by kind."""
    kinds = dict.fromkeys(j.row.kind for j in judged)
    return tuple(_kind(kind, [j for j in judged if j.row.kind == kind]) for kind in kinds)


def reading_errors(asked: Asked) -> tuple[ErrorGroup, ...]:
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


def _passage_right(seen: Seen) -> bool:
    return bool(seen.ranked) and seen.ranked[0] in (seen.question.gold or {})


def _wrong_passage(seen: Seen, texts: Mapping[str, str]) -> ErrorItem:
    gold = tuple(texts[id_] for id_ in seen.question.gold or () if id_ in texts)
    rank = next((n for n, id_ in enumerate(seen.ranked, start=1) if id_ in (seen.question.gold or {})), None)
    where = f"right passage at rank {rank}" if rank else f"right passage not among the first {len(seen.ranked)}"
    return ErrorItem(seen.question.text, f"{seen.group}; {where}", _some([seen.sentence, seen.first]), gold)


def _wrong_sentence(seen: Seen) -> ErrorItem:
    return ErrorItem(seen.question.text, seen.group, _some([seen.sentence]), seen.question.accepted)


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
