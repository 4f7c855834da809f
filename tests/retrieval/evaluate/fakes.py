"""Systems whose every figure can be worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from corpus.article import Article, Passage, Sentence
from corpus.readers.registry import plain_article
from corpus.splitter import Limits
from retrieval.evaluate.product import Product
from retrieval.ranking.protocols import Answerer, RankingResult
from retrieval.result import Answer, AnswerKind, Hit, Quote


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def quote(sentence: Sentence, article: str) -> Quote:
    return Quote(sentence.text, article, "", sentence.start, sentence.end, 1.0)


class Overlap:
    """Ranks by shared words, the earlier passage first among equals (`last`: the later); so for its sentences.

    Confidence is the share of the question's words in the best passage.
    """

    def __init__(self, passages: Sequence[Passage], *, last: bool = False) -> None:
        self._passages = passages
        self._sign = -1 if last else 1
        self.asked: list[str] = []

    def look(self, question: str, k: int) -> RankingResult:
        self.asked.append(question)
        asked = words(question)
        found = sorted(self._passages, key=lambda p: (-len(asked & words(p.text)), self._sign * p.start))[:k]
        best = max(found[0].sentences, key=lambda s: len(asked & words(s.text)))
        hits = tuple(Hit(p, 1 / n, n) for n, p in enumerate(found, start=1))
        return RankingResult(
            hits, quote(best, found[0].article), len(asked & words(found[0].text)) / max(1, len(asked))
        )


class Silent:
    """Finds nothing, ever."""

    def look(self, question: str, k: int) -> RankingResult:
        del question, k
        return RankingResult((), None, 0.0)


class Scripted:
    """Answers from a table; everything else is not covered."""

    def __init__(self, articles: tuple[Article, ...], answers: Mapping[str, Answer]) -> None:
        self._articles = articles
        self._answers = answers
        self.histories: dict[str, Sequence[str]] = {}

    @property
    def articles(self) -> tuple[Article, ...]:
        return self._articles

    @property
    def starters(self) -> tuple[str, ...]:
        return ()

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.histories[question] = history
        return self._answers.get(question, answer(AnswerKind.NOT_COVERED))


def answer(kind: AnswerKind, *texts: str, confidence: float = 0.5) -> Answer:
    quotes = tuple(Quote(text, "An article", "", 0, len(text), 1.0) for text in texts)
    return Answer("", kind, "shown", quotes, confidence=confidence)


def both(_articles: Sequence[Article], passages: Sequence[Passage]) -> dict[str, Overlap | Silent]:
    return {"full": Overlap(passages), "bm25": Overlap(passages, last=True), "dense": Silent()}


def product(answerer: Callable[[bool], Answerer] | None = None) -> Product:
    nobody = Scripted((plain_article("a", "An article", "Nothing."),), {})
    return Product(
        lambda: Limits(words=8, pieces=40),
        both,
        both,
        answerer or (lambda _bank: nobody),
        lambda _article: nobody,
        {"fake": "1"},
    )
