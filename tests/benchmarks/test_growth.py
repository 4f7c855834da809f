"""An index made larger than its text, and what the served search is said to miss, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.growth import exact, questions, recall
from benchmarks.perturbed import kinds, multiply
from corpus.common.settings import Settings
from index.open import Opened, open_index
from retrieval.ranking import candidates
from retrieval.ranking.query import question_encoder
from retrieval.ranking.search import Search

PASSAGES = 70
ASKED = ["what is magnesium", "how are seizures treated"]


@pytest.fixture(scope="module")
def many(real_index: Settings, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    target = tmp_path_factory.mktemp("many") / "index"
    multiply(real_index.index, target, PASSAGES)
    return open_index(replace(Settings(), index=target))


def test_passages_are_repeated_and_their_vectors_moved(many: Opened, real_index: Settings) -> None:
    index, source = many.index, open_index(real_index).index
    n = len(source.passages)
    assert (len(index.passages), len(index.dense), many.manifest.passages) == (PASSAGES, PASSAGES, PASSAGES)
    for row in (0, n - 1, n, PASSAGES - 1):
        original = row % n
        assert index.passages[row] == source.passages[original]
        np.testing.assert_array_equal(index.tokens.of(row).spans, source.tokens.of(original).spans)
        cosines = (index.tokens.of(row).vectors * source.tokens.of(original).vectors).sum(axis=1)
        assert 0.9 < cosines.min() <= cosines.max() < 0.97
        first, last = index.first_sentence[row : row + 2]
        own = source.first_sentence[original] + np.arange(last - first)
        vectors = index.sentence_dense.rows(np.arange(first, last)), source.sentence_dense.rows(own)
        assert 0.9 < (vectors[0] * vectors[1]).sum(axis=1).min() < 0.97
    assert index.sentence_passage[-1] == PASSAGES - 1


def test_recall_is_the_share_of_the_ten_best_of_all(many: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    search = Search(many.index, question_encoder(many.encoder))
    assert recall(search, ASKED) == 1.0  # few enough to be looked at one and all
    best = [exact(search, question).tolist() for question in ASKED]
    assert best == [search.find(question).passages[:10].tolist() for question in ASKED]
    monkeypatch.setattr(candidates, "CANDIDATES", 8)
    monkeypatch.setattr(candidates, "NEAREST", 0)
    held = [len({*search.find(q).passages[:10].tolist()} & {*b}) for q, b in zip(ASKED, best, strict=True)]
    assert recall(search, ASKED) == sum(held) / 20 <= 0.8


def test_questions_are_seeded_and_half_of_them_about_titles(many: Opened) -> None:
    asked = questions(many, 10, 1)
    assert asked == questions(many, 10, 1) != questions(many, 10, 2)
    assert all(many.index.articles[0].title in question for question in asked[5:])
    texts = " ".join(passage.text for passage in many.index.passages)
    assert all(" ".join(question.split()[:3]) in texts for question in asked[:5])


def test_kinds_are_compared_up_to_what_there_is(real_index: Settings) -> None:
    held = len(open_index(real_index).index.sentence_dense)
    found = list(kinds(real_index.index, [20, 10_000, 50_000]))
    assert [(k["vectors"], k["neighbours"]) for k in found] == [(20, 10), (20, 1_000), (held, 10), (held, 1_000)]
    assert found[0]["recall"] == 1.0
