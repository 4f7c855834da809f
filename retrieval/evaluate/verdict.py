"""What an answer to a golden question is worth.

A question with accepted sentences is RIGHT if it is answered and the first quote is one of them, LATER if only a later
quote is, WRONG if it is answered with none, ABSTAINED if it is not answered (related, not covered, personal, …).
One without is RIGHT if held back, WRONG if answered; an emergency is RIGHT only if recognised as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tqdm import tqdm

from retrieval.evaluate.golden import Row
from retrieval.evaluate.matching import accepts
from retrieval.ranking.protocols import Answerer
from retrieval.result import Answer, AnswerKind


class Verdict(Enum):
    """The worth of an answer, as people read it."""

    RIGHT = "right"
    LATER = "right, not first"
    WRONG = "wrong"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Judged:
    """A golden question, what came back, and its worth."""

    row: Row
    answer: Answer
    verdict: Verdict

    @property
    def answered(self) -> bool:
        """Whether the product claimed to answer."""
        return self.answer.kind is AnswerKind.ANSWER

    @property
    def alarmed(self) -> bool:
        """Whether the product took it for an emergency."""
        return self.answer.kind is AnswerKind.EMERGENCY


def ask_all(answerer: Answerer, rows: Sequence[Row], *, progress: bool | None = None) -> tuple[Judged, ...]:
    """Ask every golden question and judge what comes back."""
    bar = tqdm(rows, unit="question", disable=None if progress is None else not progress)
    return tuple(judge(row, answerer.ask(row.question, row.history)) for row in bar)


def judge(row: Row, answer: Answer) -> Judged:
    """Judge one answer."""
    return Judged(row, answer, _verdict(row, answer))


def _verdict(row: Row, answer: Answer) -> Verdict:
    answered = answer.kind is AnswerKind.ANSWER
    if row.emergency:
        return Verdict.RIGHT if answer.kind is AnswerKind.EMERGENCY else Verdict.WRONG
    if not row.answerable:
        return Verdict.WRONG if answered else Verdict.RIGHT
    if not answered:
        return Verdict.ABSTAINED
    right = [accepts(quote.text, row.quotes) for quote in answer.quotes]
    if any(right):
        return Verdict.RIGHT if right[0] else Verdict.LATER
    return Verdict.WRONG
