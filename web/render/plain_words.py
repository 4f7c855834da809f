"""Numbers of an answer said in plain words. No cosine is ever shown to people."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.result import Answer, SourceHit
from web import page_texts as texts


def certainty(confidence: float) -> str:
    """How sure the product is; `confidence` runs from 0 to 1."""
    return _step(texts.CERTAINTY, confidence)


def strength(source: SourceHit, answer: Answer) -> str:
    """How much of the question a source answers to.

    Each question word counts by the best similarity it found in this source, and not at all where it found none; the
    share is their mean over all words matched anywhere and those no passage accounts for. Nothing is said where no
    word was matched at all.
    """
    return _step(texts.STRENGTH, _share(source, answer)) if answer.matches else ""


def _share(source: SourceHit, answer: Answer) -> float:
    words = {m.word for m in answer.matches} | set(answer.uncovered)
    found: dict[str, float] = {}
    for match in answer.matches:
        if match.article == source.article and source.start <= match.start and match.end <= source.end:
            found[match.word] = max(found.get(match.word, 0.0), match.similarity)
    return sum(found.values()) / len(words)


def _step(steps: Sequence[tuple[float, str]], value: float) -> str:
    return next(words for least, words in steps if value >= least or least == 0.0)
