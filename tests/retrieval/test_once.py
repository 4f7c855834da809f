"""What is found out about a question is found out once, whoever asks for it."""

from __future__ import annotations

import importlib
from collections import Counter

import numpy as np
import pytest

from retrieval.answerer import ArticleAnswerer
from retrieval.answering.analysis import Analyser
from retrieval.answering.suggestions import Suggestions
from retrieval.answering.thresholds import Rule
from retrieval.question import normalise
from retrieval.result import AnswerKind
from tests.index import by_hand
from tests.retrieval import small


@pytest.fixture(scope="module")
def answerer() -> ArticleAnswerer:
    index = small.index()
    analyser = Analyser(index, by_hand.encoder())
    nothing_offered = Suggestions([], np.empty((0, index.card.dim), dtype=np.float32), index)
    rule = Rule({"topic": 1.0}, 0.0, answer_at=0.0, related_at=0.0)
    return ArticleAnswerer(analyser, rule, nothing_offered, "144")


@pytest.mark.parametrize("history", [[], ["my son is having a seizure right now"]])
def test_a_question_is_normalised_once(
    answerer: ArticleAnswerer, monkeypatch: pytest.MonkeyPatch, history: list[str]
) -> None:
    seen: Counter[str] = Counter()
    collapse = normalise._collapse_runs

    def counted(text: str) -> str:
        seen[text] += 1
        return collapse(text)

    monkeypatch.setattr(normalise, "_collapse_runs", counted)
    question = f"how much iron do beans and tea hold {len(history)}?"
    assert answerer.ask(question, history).kind is AnswerKind.ANSWER
    assert seen[question.lower()] == 1


def test_small_talk_is_looked_for_once(answerer: ArticleAnswerer, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("retrieval.safety.smalltalk")  # the package has a function of that name
    seen: Counter[str] = Counter()
    emoji_talk = module._emoji_talk

    def counted(message: str) -> object:
        seen[message] += 1
        return emoji_talk(message)

    monkeypatch.setattr(module, "_emoji_talk", counted)
    thanks = "\U0001f64f\U0001f64f\U0001f64f"
    assert answerer.ask(thanks, ["my son is having a seizure right now"]).kind is AnswerKind.SMALLTALK
    assert seen[thanks] == 1
