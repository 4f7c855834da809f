from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.evaluate.datasets import Recall
from retrieval.evaluate.ranking_scores import RankingScores, SystemRun, ranking_curves, run_systems, score_ranking
from retrieval.evaluate.squad import read_squad
from tests.retrieval.evaluate.fakes import Overlap, both

FIRST = "Magnesium is a mineral. Seeds and nuts hold much."
SECOND = "Kidneys keep water. Kidneys keep magnesium in balance."
OTHER = "Paris lies on the Seine. It is a city."


def qa(id_: str, question: str, context: str, answer: str | None) -> dict[str, Any]:
    answers = [] if answer is None else [{"text": answer, "answer_start": context.index(answer)}]
    return {"id": id_, "question": question, "answers": answers, "is_impossible": answer is None}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    mineral = [qa("seeds", "seeds", FIRST, "nuts"), qa("mineral", "magnesium", FIRST, "much")]
    organs = [qa("keep", "keep magnesium", SECOND, "balance"), qa("gold", "gold kidneys pure shiny", SECOND, None)]
    city = [qa("seine", "seine paris", OTHER, "Paris")]
    data = [
        {
            "title": "Magnesium",
            "paragraphs": [{"context": FIRST, "qas": mineral}, {"context": SECOND, "qas": organs}],
        },
        {"title": "Paris", "paragraphs": [{"context": OTHER, "qas": city}]},
    ]
    found = tmp_path / "set.json"
    found.write_text(json.dumps({"data": data}), encoding="utf-8")
    return found


def ran(path: Path) -> tuple[tuple[SystemRun, ...], RankingScores]:
    dataset = read_squad(path)
    runs = run_systems(dataset, both)
    return runs, score_ranking(runs, dataset.recall)


def value(scores: RankingScores, system: str, metric: str) -> float | None:
    estimate = scores.table[system][metric]
    return None if estimate is None else estimate.value


def test_figures_by_hand(path: Path) -> None:
    _, scores = ran(path)
    assert (scores.n, scores.n_sentences, scores.n_units, scores.unit) == (5, 4, 2, "article")
    # full: "magnesium" stands in both paragraphs, the earlier wins, which is right.
    assert value(scores, "full", "recall@1") == 1
    assert value(scores, "full", "mrr@10") == 1
    # bm25 (the later wins among equals) gets that one wrong: it comes second.
    assert value(scores, "bm25", "recall@1") == pytest.approx(4 / 5)
    assert value(scores, "bm25", "mrr@10") == pytest.approx(4.5 / 5)
    assert value(scores, "bm25", "recall@3") == 1
    # dense finds nothing.
    assert value(scores, "dense", "recall@5") == 0
    # Sentences: "seeds", "keep magnesium", "seine paris" right; for "magnesium" it shows the first
    # sentence, "much" is in the next.
    assert value(scores, "full", "sentence@1") == pytest.approx(3 / 4)
    assert value(scores, "dense", "sentence@1") == 0


def test_confidence_is_compared_over_all_articles(path: Path) -> None:
    runs, scores = ran(path)
    full = runs[0]
    own = [s.confidence for s in full.questions if s.question.answerable]
    assert own == [1, 1, 1, 1]
    assert [s.confidence for s in full.questions if not s.question.answerable] == [0.25]
    # One question off topic in each article (the other has only one, or one is asked for), none sharing a word.
    assert list(full.off_topic) == [("Magnesium", 0), ("Paris", 0)]
    assert value(scores, "full", "auroc_off_topic") == 1
    assert value(scores, "full", "auroc_no_answer") == 1
    assert value(scores, "dense", "auroc_off_topic") == 0.5


def test_differences_are_full_less_the_other(path: Path) -> None:
    _, scores = ran(path)
    assert list(scores.differences) == ["bm25", "dense"]
    found = scores.differences["bm25"]["recall@1"]
    assert found is not None
    assert found.difference == pytest.approx(1 / 5)
    # Draws: Magnesium twice 1/4, both 1/5, Paris twice 0.
    assert found.low == 0
    assert found.high == pytest.approx(1 / 4)
    assert found.p == pytest.approx(2 / 4, abs=0.03)


def test_every_question_is_asked_once_of_each_system(path: Path) -> None:
    dataset = read_squad(path)
    systems: list[Overlap] = []

    def build(_articles: Any, passages: Any) -> dict[str, Overlap]:
        systems.append(Overlap(passages))
        return {"full": systems[-1]}

    run_systems(dataset, build)
    assert [s.asked for s in systems] == [
        ["seeds", "magnesium", "keep magnesium", "gold kidneys pure shiny", "seine paris"],
        ["seine paris", dataset.corpora[1].off_topic[0].text],
    ]


def test_one_article_is_resampled_by_its_questions(path: Path) -> None:
    dataset = read_squad(path)
    alone = type(dataset)(dataset.name, dataset.corpora[1:])
    scores = score_ranking(run_systems(alone, both), Recall.ANY)
    assert scores.unit == "question"
    assert value(scores, "full", "auroc_no_answer") is None
    assert value(scores, "full", "sentence@1") is None  # this copy judges no sentences


def test_the_curve_takes_unanswerable_questions_for_wrong(path: Path) -> None:
    runs, _ = ran(path)
    full = ranking_curves(runs)[0]
    # Confidence 1: four answerable questions, one with the wrong sentence; 0.25: the unanswerable one.
    assert [(p.confidence, p.coverage, p.risk) for p in full.points] == [(1, 1, 0.25), (0.25, 1, 0.4)]
    assert full.operating is None
