"""Reading: whether the text itself answers, on many small articles, each alone and without a question bank.

Each question is put to its article as given, and then to two texts that differ in one sentence (`minimal_pairs`): one
that is answerable to the article and to the article without its answering sentences; a near miss to the article with an
invented sentence that answers it (`contrast`) and to the article with one that does not (`decoy`). Balanced figures are
those of the two texts, so that wording alone, of a question or of a sentence, tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from corpus.article import Article
from corpus.common.errors import ArticleError, DatasetError
from corpus.readers.registry import markdown_article
from retrieval.evaluate.datasets import read_lines, require, require_text, require_texts
from retrieval.evaluate.minimal_pairs import Insertion, says_nothing, stands, with_inserted, without
from retrieval.ranking.protocols import Answerer
from retrieval.result import AnswerKind

LONGER_THAN = 25  # letters and digits of a quote that is only a part of an accepted sentence

AnswererOf = Callable[[Article], Answerer]
"""Answer from one article alone, without a question bank."""


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """One question: `sentences` are those of its article that answer it; none where it is a near miss."""

    id: str
    text: str
    sentences: tuple[str, ...] = ()
    contrast: Insertion | None = None
    decoy: Insertion | None = None

    @property
    def answerable(self) -> bool:
        """Whether its article answers it."""
        return bool(self.sentences)


@dataclass(frozen=True, slots=True)
class ReadingSet:
    """Articles and the questions on each of them, in the order of the articles' file; every article has some."""

    name: str
    articles: tuple[tuple[Article, tuple[ReadingQuestion, ...]], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question put to one text.

    `accepted` are the sentences of that text that answer it. `first` and `some` say whether the first quote, or any
    quote, that was shown is accepted, whatever the kind of the answer.
    """

    article: str
    question: str
    accepted: tuple[str, ...]
    kind: AnswerKind
    shown: tuple[str, ...]
    confidence: float
    first: bool
    some: bool

    @property
    def answerable(self) -> bool:
        """Whether the text answers the question."""
        return bool(self.accepted)

    @property
    def answered(self) -> bool:
        """Whether it was claimed that it does."""
        return self.kind is AnswerKind.ANSWER


@dataclass(frozen=True, slots=True)
class Pair:
    """The same question put to a text that answers it and to one that does not."""

    answering: Outcome
    other: Outcome


@dataclass(frozen=True, slots=True)
class ReadingOutcomes:
    """All that was asked: as given, and in pairs by the way in which the two texts differ."""

    given: tuple[Outcome, ...]
    with_without: tuple[Pair, ...]
    contrast_decoy: tuple[Pair, ...]


def read_reading(questions: Path, articles: Path, *, every: int = 1, limit: int | None = None) -> ReadingSet:
    """Read both files, JSON lines that may be packed by gzip.

    Of the articles that have questions, every n-th is kept, and of those the first `limit`.

    Raises:
        DatasetError: a line is broken, an id unknown or given twice, or a sentence to write behind is not in its
            article; the message names file and line.
    """
    texts = _read_articles(articles)
    asked: dict[str, list[ReadingQuestion]] = {}
    seen: set[str] = set()
    for place, raw in read_lines(questions, DatasetError):
        article = texts.get(require_text(raw.get("article"), f"{place}, article", DatasetError))
        if article is None:
            raise DatasetError(f"{place}: article {raw['article']!r} is not in {articles}; give its article there")
        question = _question(raw, place, article)
        if question.id in seen:
            raise DatasetError(f"{place}: id {question.id!r} was given before; give each question its own")
        seen.add(question.id)
        asked.setdefault(article.id, []).append(question)
    if not seen:
        raise DatasetError(f"{questions}: holds no question; check the file")
    kept = [(text, tuple(asked[id_])) for id_, text in texts.items() if id_ in asked][::every][:limit]
    return ReadingSet(questions.name, tuple(kept), tuple(_notes(kept)))


def _read_articles(path: Path) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for place, raw in read_lines(path, DatasetError):
        id_ = require_text(raw.get("id"), f"{place}, id", DatasetError)
        if id_ in found:
            raise DatasetError(f"{place}: id {id_!r} was given before; give each article its own")
        text = _sayable(require_text(raw.get("markdown"), f"{place}, markdown", DatasetError), f"{place}, markdown")
        try:
            found[id_] = markdown_article(id_, id_, text)
        except ArticleError as error:
            raise DatasetError(f"{place}: {error}") from error
    return found


def _question(raw: Mapping[str, Any], place: str, article: Article) -> ReadingQuestion:
    answerable = require(raw.get("answerable"), bool, f"{place}, answerable", DatasetError)
    sentences = require_texts(raw.get("sentences") or [], f"{place}, sentences", DatasetError)
    if answerable != bool(sentences):
        wanted = "at least one sentence" if answerable else "no sentence"
        raise DatasetError(
            f"{place}, sentences: {wanted} was expected where answerable is {str(answerable).lower()}, "
            f"found {len(sentences)}; correct one of them"
        )
    return ReadingQuestion(
        require_text(raw.get("id"), f"{place}, id", DatasetError),
        require_text(raw.get("question"), f"{place}, question", DatasetError),
        sentences,
        _insertion(raw.get("contrast"), f"{place}, contrast", article),
        _insertion(raw.get("decoy"), f"{place}, decoy", article),
    )


def _insertion(raw: Any, place: str, article: Article) -> Insertion | None:
    if raw is None:
        return None
    given = require(raw, dict, place, DatasetError)
    after = require(given.get("after"), str, f"{place}.after", DatasetError)
    if after.strip() and not stands(article, after):
        raise DatasetError(
            f"{place}.after: article {article.id!r} has no sentence {_short(after)}; "
            "copy one from it, or leave it empty"
        )
    text = require_text(given.get("text"), f"{place}.text", DatasetError)
    return Insertion(after.strip(), _sayable(text, f"{place}.text"))


def _sayable(text: str, place: str) -> str:
    """The text, if it can be encoded: half a character, which JSON lets through, cannot."""
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    raise DatasetError(f"{place}: holds half a character (a lone surrogate); write it anew as UTF-8")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _notes(kept: Sequence[tuple[Article, Sequence[ReadingQuestion]]]) -> Iterator[str]:
    lost = [q.id for article, asked in kept for q in asked if any(not stands(article, s) for s in q.sentences)]
    if lost:
        yield f"accepted sentences that are not in the article, questions: {', '.join(lost)}"
    alone = [q.id for _, asked in kept for q in asked if bool(q.contrast) != bool(q.decoy)]
    if alone:
        yield f"one of contrast and decoy is missing, so not among the balanced figures: {', '.join(alone)}"


def ask_articles(dataset: ReadingSet, answerer_of: AnswererOf, *, progress: bool | None = None) -> ReadingOutcomes:
    """Ask every question of its article as given; then, where there are contrasts, of the texts that make its pair."""
    given: list[Outcome] = []
    with_without: list[Pair] = []
    contrast_decoy: list[Pair] = []
    total = sum(len(asked) for _, asked in dataset.articles)
    balanced = any(q.contrast for _, asked in dataset.articles for q in asked)
    with tqdm(total=total, unit="question", disable=None if progress is None else not progress) as bar:
        for article, asked in dataset.articles:
            alone = answerer_of(article)
            here = [_ask(alone, article, q, q.sentences) for q in asked]
            given += here
            for question, outcome in zip(asked, here, strict=True):
                if question.answerable and balanced:
                    with_without += _with_without(article, question, outcome, answerer_of)
                elif not question.answerable:
                    contrast_decoy += _contrast_decoy(article, question, answerer_of)
                bar.update()
    return ReadingOutcomes(tuple(given), tuple(with_without), tuple(contrast_decoy))


def _with_without(
    article: Article, question: ReadingQuestion, answering: Outcome, answerer_of: AnswererOf
) -> Iterator[Pair]:
    """The pair of an answerable question; none where its sentences are not in the article, so that nothing is taken."""
    left = without(article, question.sentences)
    if left.text != article.text:
        yield Pair(answering, _put(left, question, (), answerer_of))


def _contrast_decoy(article: Article, question: ReadingQuestion, answerer_of: AnswererOf) -> Iterator[Pair]:
    """The pair of a near miss; none where it lacks one of the two sentences."""
    if question.contrast and question.decoy:
        told, misled = (with_inserted(article, i) for i in (question.contrast, question.decoy))
        answering = _put(told, question, (question.contrast.text,), answerer_of)
        yield Pair(answering, _put(misled, question, (), answerer_of))


def quote_accepted(quote: str, accepted: Iterable[str]) -> bool:
    """Whether a quote holds an accepted sentence, or is a good part of one: case, blanks and punctuation aside."""
    shown = _letters(quote)
    wanted = [letters for sentence in accepted if (letters := _letters(sentence))]
    return any(sentence in shown or (shown in sentence and len(shown) > LONGER_THAN) for sentence in wanted)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _put(text: Article, question: ReadingQuestion, accepted: tuple[str, ...], answerer_of: AnswererOf) -> Outcome:
    """Ask a text made for this question; of one that says nothing any more, nothing can be answered."""
    if says_nothing(text):
        return Outcome(text.id, question.text, accepted, AnswerKind.NOT_COVERED, (), 0.0, first=False, some=False)
    return _ask(answerer_of(text), text, question, accepted)


def _ask(answerer: Answerer, text: Article, question: ReadingQuestion, accepted: tuple[str, ...]) -> Outcome:
    answer = answerer.ask(question.text)
    shown = tuple(quote.text for quote in answer.quotes)
    right = [quote_accepted(quote, accepted) for quote in shown]
    return Outcome(
        text.id,
        question.text,
        accepted,
        answer.kind,
        shown,
        answer.confidence,
        first=bool(right) and right[0],
        some=any(right),
    )
