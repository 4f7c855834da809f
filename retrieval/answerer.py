"""Answering: danger first, then what is no question, then the article's own words, or that it does not say.

Every quote is checked against the article's text before it is shown; one that does not stand there is dropped.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.common.settings import Settings
from index.open import Opened, open_or_rebuild
from retrieval import texts
from retrieval.answering.analysis import Analyser, Analysis
from retrieval.answering.evidence import confidence
from retrieval.answering.highlights import find_highlights
from retrieval.answering.quote_extent import place
from retrieval.answering.quotes import pick_quotes
from retrieval.answering.suggestions import Suggestions, open_suggestions
from retrieval.answering.thresholds import Rule, load_thresholds
from retrieval.question.followup import TURNS_USED
from retrieval.question.normalise import normalise
from retrieval.ranking.protocols import Answerer
from retrieval.reader.sentence_reader import open_reader
from retrieval.result import Answer, AnswerKind, Highlight, Quote, SourceHit
from retrieval.safety.conversation import ongoing
from retrieval.safety.emergency import emergency
from retrieval.safety.first_aid import first_aid
from retrieval.safety.injection import injection
from retrieval.safety.personal import Personal, personal
from retrieval.safety.safety_texts import (
    emergency_advice,
    emergency_lead,
    first_aid_advice,
    personal_text,
    smalltalk_text,
    telephone_numbers,
)
from retrieval.safety.smalltalk import smalltalk

MOST_CHARACTERS = 1_000
READ_FOR_DANGER = 20_000  # characters of a message too long to answer that are still read for an emergency
SOURCES = 3
RELATED_QUOTES = 1
KNOWN = 0.5  # a question without a content word is read only where the bank is that sure of it


class ArticleAnswerer:
    """Answers from one opened index."""

    def __init__(self, analyser: Analyser, rule: Rule, suggestions: Suggestions, numbers: str) -> None:
        self._analyser = analyser
        self._rule = rule
        self._suggestions = suggestions
        self._numbers = numbers
        self._texts = {article.title: article.text for article in analyser.index.articles}

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles answered from."""
        return tuple(self._analyser.index.articles)

    @property
    def starters(self) -> tuple[str, ...]:
        """Good first questions, each answered, one per part of the article."""
        return self._suggestions.starters

    def ask(self, question: Any, history: Sequence[str] = ()) -> Answer:
        """Answer one question. Never raises on any question: what cannot be read gets an `invalid` answer."""
        shown = _printable(question) if isinstance(question, str) else ""
        told = [h for h in history if isinstance(h, str)][-TURNS_USED:]
        earlier = [h[:MOST_CHARACTERS] for h in told]
        return (
            self._protect(shown[:READ_FOR_DANGER], _newest(told, READ_FOR_DANGER))
            or self._refuse(question, shown)
            or self._chat(shown)
            or self._answer(shown, earlier)
        )

    def _refuse(self, question: Any, shown: str) -> Answer | None:
        if not isinstance(question, str):
            return self._say(shown, AnswerKind.INVALID, texts.NOT_TEXT)
        if len(question) > MOST_CHARACTERS:
            text = texts.TOO_LONG.format(length=len(question), most=MOST_CHARACTERS)
            return self._say(shown[:MOST_CHARACTERS], AnswerKind.INVALID, text)
        return None

    def _protect(self, question: str, history: list[str]) -> Answer | None:
        danger = emergency(question) or ongoing(question, history)
        if danger is None:
            return None
        return Answer(
            question=question,
            kind=AnswerKind.EMERGENCY,
            lead=emergency_lead(self._numbers),
            confidence=1.0,
            disclaimer=texts.EMERGENCY_DISCLAIMER,
            advice=emergency_advice(danger),
            numbers=telephone_numbers(self._numbers),
        )

    def _chat(self, question: str) -> Answer | None:
        talk = smalltalk(question)
        if talk is not None:
            return self._say(question, AnswerKind.SMALLTALK, smalltalk_text(talk, self._numbers), suggest=True)
        if not any(c.isalnum() for c in normalise(question)):
            return self._say(question, AnswerKind.INVALID, texts.EMPTY.format(example=self._example))
        if injection(question):
            return self._say(question, AnswerKind.NOT_COVERED, texts.ONLY_QUOTES, suggest=True)
        return None

    @property
    def _example(self) -> str:
        return self.starters[0] if self.starters else texts.EXAMPLE

    def _say(self, question: str, kind: AnswerKind, lead: str, *, suggest: bool = False) -> Answer:
        suggestions = self.starters[:3] if suggest else ()
        return Answer(question, kind, lead, suggestions=suggestions, disclaimer=texts.DISCLAIMER)

    def _answer(self, question: str, history: list[str]) -> Answer:
        analysis = self._analyser.analyse(question, history)
        sure = self._sure(analysis)
        decision, aid = personal(question), first_aid(question)
        if not analysis.words and decision is None and analysis.evidence.covered < KNOWN:
            return self._say(question, AnswerKind.INVALID, texts.NO_SUBJECT.format(example=self._example), suggest=True)
        kind = self._kind(analysis, sure, decision)
        if kind is AnswerKind.RELATED and aid:  # first aid is no matter for the nearest sentence
            kind = AnswerKind.NOT_COVERED
        quotes = self._quotes(analysis, kind, sure >= self._rule.answer_at, most=RELATED_QUOTES if aid else None)
        if not quotes and kind in (AnswerKind.ANSWER, AnswerKind.RELATED):
            kind = AnswerKind.NOT_COVERED
        uncovered = () if kind is AnswerKind.ANSWER else _uncovered(analysis)
        return Answer(
            question=question,
            kind=kind,
            lead=_lead(kind, uncovered, decision),
            quotes=quotes,
            sources=self._sources(analysis) if quotes else (),
            uncovered=uncovered,
            confidence=round(sure, 4),
            suggestions=self._suggestions.after(analysis),
            disclaimer=texts.DISCLAIMER,
            searched_for=analysis.mended,
            matches=self._matches(analysis) if quotes else (),
            advice=first_aid_advice(aid, self._numbers) if aid else (),
        )

    def _sure(self, analysis: Analysis) -> float:
        """How sure it is that the article answers; of a relation turned round, never enough."""
        sure = confidence(analysis.evidence, self._rule.weights, self._rule.bias)
        return min(sure, self._rule.answer_at / 2) if analysis.reversed else sure

    def _kind(self, analysis: Analysis, sure: float, decision: Personal | None) -> AnswerKind:
        if decision is not None:
            return AnswerKind.PERSONAL
        if analysis.gibberish:
            return AnswerKind.NOT_COVERED
        if sure >= self._rule.answer_at and all(word.accounted or not word.condition for word in analysis.words):
            return AnswerKind.ANSWER
        near = analysis.evidence.topic >= self._rule.related_at
        return AnswerKind.RELATED if near else AnswerKind.NOT_COVERED

    def _quotes(
        self, analysis: Analysis, kind: AnswerKind, answered: bool, most: int | None = None
    ) -> tuple[Quote, ...]:
        """The quotes that hold: for a personal decision only where the article speaks of the matter in general."""
        if kind is AnswerKind.NOT_COVERED or (kind is AnswerKind.PERSONAL and not answered):
            return ()
        picked = pick_quotes(self._analyser.index, analysis.ranked)
        held = [q for q in picked if self._texts[q.article][q.start : q.end] == q.text]
        return tuple(held[: most if kind is AnswerKind.ANSWER else RELATED_QUOTES])

    def _sources(self, analysis: Analysis) -> tuple[SourceHit, ...]:
        """The passages the best sentences come from; a source's score is its best sentence's."""
        index, ranked = self._analyser.index, analysis.ranked
        owners = index.sentence_passage[ranked.rows]
        sources = []
        for rank, row in enumerate(self._source_rows(analysis), start=1):
            p = index.passages[row]
            best = float(ranked.scores[owners == row][0])
            sources.append(SourceHit(rank, p.text, p.article, place(p), p.start, p.end, best))
        return tuple(sources)

    def _source_rows(self, analysis: Analysis) -> list[int]:
        owners = self._analyser.index.sentence_passage[analysis.ranked.rows]
        return list(dict.fromkeys(int(row) for row in owners))[:SOURCES]

    def _matches(self, analysis: Analysis) -> tuple[Highlight, ...]:
        return tuple(find_highlights(self._analyser.index, analysis.found, analysis.words, self._source_rows(analysis)))


def _newest(history: Sequence[str], most: int) -> list[str]:
    """The latest messages that come to `most` characters together, the oldest of them cut, oldest first."""
    kept: list[str] = []
    for message in reversed(history):
        if most <= 0:
            break
        kept.append(_printable(message[:most]))
        most -= len(message)
    return kept[::-1]


def _printable(text: str) -> str:
    """The question as it can be shown and sent: lone surrogates become the replacement character."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _uncovered(analysis: Analysis) -> tuple[str, ...]:
    """The words of the question itself, not of what it follows."""
    own = (word for word in analysis.words if word.end <= analysis.own)
    return tuple(dict.fromkeys(word.text for word in own if not word.accounted))


def _lead(kind: AnswerKind, uncovered: Sequence[str], decision: Personal | None) -> str:
    """What is said before the quotes; nothing before those that answer."""
    if kind is AnswerKind.ANSWER:
        return ""
    if decision is not None:
        return personal_text(decision)
    return texts.related(uncovered) if kind is AnswerKind.RELATED else texts.not_covered(uncovered)


def open_answerer(settings: Settings, *, bank: bool = True) -> Answerer:
    """Open what the settings name, building the index first where it is missing or stale, and say so.

    Raises:
        IndexFolderError: the index cannot be built or opened.
        CalibrationError: there are no thresholds for its model.
    """
    opened = open_or_rebuild(settings, sys.stderr.write)
    return answerer_of(opened, settings, bank=bank)


def answerer_of(opened: Opened, settings: Settings, *, bank: bool = True) -> Answerer:
    """Answer from an index that is open already."""
    thresholds = load_thresholds(Path(settings.index), opened.manifest.recipe.card)
    reader = open_reader(opened, bank=bank)
    analyser = Analyser(opened.index, opened.encoder, reader, bank=bank)
    rule = thresholds.with_bank if analyser.has_bank else thresholds.without_bank
    suggestions = open_suggestions(settings.index, opened.manifest.generation, analyser, rule)
    return ArticleAnswerer(analyser, rule, suggestions, settings.emergency_numbers)
