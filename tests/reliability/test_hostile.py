"""Hostile questions through the real answerer. The full run is `python -m benchmarks.hostile`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.hostile import broken, try_all, try_plain
from benchmarks.hostile_questions import MAKERS, MOST, hostile_questions
from corpus.common.settings import Settings
from index.open import open_index
from retrieval.answerer import open_answerer
from retrieval.ranking.protocols import Answerer
from retrieval.ranking.query import shortened
from retrieval.result import AnswerKind

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("hostile")]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=1_200)
ANY_VALUE = st.one_of(st.none(), st.integers(), st.floats(), st.binary(), st.lists(st.text()), ANY_TEXT)


@pytest.fixture(scope="module")
def answerer(real_index: Settings) -> Answerer:
    return open_answerer(real_index)


def test_the_questions_are_many_and_the_same_each_time() -> None:
    first = list(hostile_questions(400))
    assert first == list(hostile_questions(400))
    assert first != list(hostile_questions(400, seed=8))
    assert {name for name, _, _ in first} == set(MAKERS)
    asked = "".join(question for _, question, _ in first)
    assert any("\ud800" <= c <= "\udfff" for c in asked)
    assert max(len(question) for _, question, _ in first) > MOST
    assert max(len(history) for _, _, history in first) > 20


def test_what_is_raised_elsewhere_is_counted() -> None:
    def refuse_surrogates(question: str) -> None:
        question.encode()

    held = sum(any("\ud800" <= c <= "\udfff" for c in question) for _, question, _ in hostile_questions(400))
    assert held > 0
    assert try_plain(refuse_surrogates, 400).endswith(f"raised: {{'UnicodeEncodeError': {held}}}\n")


def test_no_hostile_question_breaks_a_promise(answerer: Answerer) -> None:
    tried = try_all(answerer, 1_500)
    assert tried.broken == []
    assert len(tried.seconds) == 1_500
    assert {"answer", "invalid", "not_covered", "emergency"} <= set(tried.kinds)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=ANY_VALUE, history=st.lists(ANY_TEXT, max_size=3))
def test_whatever_is_asked_gets_an_answer(answerer: Answerer, question: object, history: list[str]) -> None:
    answer = answerer.ask(question, history)  # type: ignore[arg-type]
    assert broken(answer, {a.title: a.text for a in answerer.articles}) == ""
    if not isinstance(question, str) or len(question) > MOST:
        assert answer.kind is AnswerKind.INVALID
        assert answer.text


def test_only_the_last_twenty_turns_count(answerer: Answerer) -> None:
    topic, other = "What did the study by Lee et al. find?", "How is hypomagnesemia diagnosed?"
    assert answerer.ask("and why?", [topic] + [other] * 20) == answerer.ask("and why?", [other] * 20)
    assert answerer.ask("and why?", [other] * 500) == answerer.ask("and why?", [other] * 20)


def test_a_thousand_characters_are_answered_and_one_more_is_not(answerer: Answerer) -> None:
    question = "What are the symptoms of low magnesium levels? ".ljust(MOST, "?")
    assert answerer.ask(question).kind is not AnswerKind.INVALID
    refused = answerer.ask(question + "?")
    assert refused.kind is AnswerKind.INVALID
    assert "1,000" in refused.text or "1000" in refused.text


def test_what_is_searched_is_read_in_one_pass(real_index: Settings) -> None:
    opened = open_index(real_index)
    encoder = opened.encoder
    prose = opened.index.articles[0].text[:MOST]
    assert shortened(prose, encoder) == prose
    for character in "a-", "字", "1 ", "é'":
        kept = shortened(character * MOST, encoder)
        assert (character * MOST).startswith(kept)
        assert encoder.room // 2 < encoder.count(kept) <= encoder.room
