"""The baselines by hand: dense, BM25, and the two by reciprocal rank; scores that always decrease."""

from __future__ import annotations

from itertools import pairwise

import pytest

from retrieval.ranking.systems import ablations, systems
from tests.index import by_hand
from tests.retrieval import small

SECTIONS = (("Use", "Iron helps. Beans hold iron."), ("Food", "Tea tea tea. Eat beans."), ("More", "Why is it safe."))
PASSAGES = small.passages(SECTIONS)
SYSTEMS = systems([small.article(SECTIONS)], PASSAGES, by_hand.encoder())


def ranked(name: str, question: str) -> list[str]:
    return [hit.passage.id for hit in SYSTEMS[name].look(question, 10).hits]


def test_the_systems_of_the_contract() -> None:
    assert list(SYSTEMS) == ["full", "dense", "bm25", "rrf"]
    assert "full" in ablations([small.article(SECTIONS)], PASSAGES, by_hand.encoder())


@pytest.mark.parametrize("name", SYSTEMS)
def test_ranks_start_at_one_and_scores_decrease(name: str) -> None:
    hits = SYSTEMS[name].look("tea beans zebra", 10).hits
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert all(a.score > b.score for a, b in pairwise(hits))
    assert len(SYSTEMS[name].look("tea", 1).hits) == 1


def test_dense_is_the_cosine_of_whole_passages() -> None:
    look = SYSTEMS["dense"].look("tea", 3)
    # Food: “tea” 3 times of tea³ eat beans food(unknown) full stops(unknown): a count vector of [3, 1, 1, unknown 3]
    assert look.hits[0].passage.id == PASSAGES[1].id
    assert look.hits[0].score == pytest.approx(3 / (9 + 1 + 1 + 9) ** 0.5, abs=1e-3)
    assert look.sentence is not None
    assert look.sentence.text == "Tea tea tea."
    assert look.confidence == pytest.approx(look.hits[0].score)


def test_bm25_finds_words_and_its_best_sentence() -> None:
    look = SYSTEMS["bm25"].look("iron beans", 3)
    assert look.hits[0].passage.id == PASSAGES[0].id
    assert look.hits[-1].score == pytest.approx(0, abs=1e-5)
    assert look.sentence is not None
    assert look.sentence.text == "Beans hold iron."


def test_reciprocal_rank_by_hand() -> None:
    places = {name: {key: n for n, key in enumerate(ranked(name, "tea beans"), 1)} for name in ("dense", "bm25")}
    expected = {key: 1 / (60 + places["dense"][key]) + 1 / (60 + places["bm25"][key]) for key in places["dense"]}
    for n, hit in enumerate(SYSTEMS["rrf"].look("tea beans", 3).hits):
        assert hit.score == pytest.approx(expected[hit.passage.id], abs=1e-5 * (n + 1))
    assert ranked("rrf", "tea beans")[0] == max(expected, key=lambda key: expected[key])
