"""How much of an answer a stretch of text holds. Spans are `(start, end)`, end excluded, in characters."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.evaluate.cases import Question, SentenceJudge, Span
from retrieval.result import Quote

WHOLE = 1.0
HALF = 0.5


def share_held(container: Span, answer: Span) -> float:
    """Share of the answer's characters that lie inside the container, 0 to 1."""
    inside = min(container[1], answer[1]) - max(container[0], answer[0])
    return max(0, inside) / (answer[1] - answer[0])


def holds(container: Span, answers: Iterable[Span], needed: float) -> bool:
    """Whether the container holds at least `needed` of any of the answers."""
    return any(share_held(container, answer) >= needed for answer in answers)


def sentence_holding(needed: float) -> SentenceJudge:
    """Return a judge that wants `needed` (0 to 1) of an accepted answer inside the sentence shown."""

    def judge(question: Question, sentence: Quote | None) -> bool | None:
        if not question.spans:
            return None
        return sentence is not None and holds((sentence.start, sentence.end), question.spans, needed)

    return judge
