"""Which passages are looked at closely, on an index small enough to see why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corpus.bank import Asked
from index.contents import Bank, Index
from index.faiss_vectors import FaissVectors
from retrieval.ranking import candidates
from retrieval.ranking.query import question_encoder, read_query
from tests.index import by_hand
from tests.retrieval import small

ENCODE = question_encoder(by_hand.encoder())
TEXT = (
    ("Use", "Iron helps the blood."),
    ("Tea", "Tea lowers it."),
    ("Food", "Beans hold much."),
    ("Risk", "It is safe."),
)


def chosen(index: Index, question: str, most: int, nearest: int = 0) -> list[int]:
    query = read_query(question, index, ENCODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "CANDIDATES", most)
        patch.setattr(candidates, "NEAREST", nearest)
        found = candidates.candidates(index, query, index.lexical.shares(query.terms), bank=False)
    assert found.dtype == np.int64
    return [int(row) for row in found]


@pytest.mark.parametrize("most", [4, 5, 500])
def test_few_passages_are_all_looked_at(most: int) -> None:
    assert chosen(small.index(TEXT), "zebra", most) == [0, 1, 2, 3]


@pytest.mark.parametrize(("question", "row"), [("iron blood", 0), ("tea", 1), ("beans", 2), ("safe", 3)])
def test_the_best_by_the_first_score(question: str, row: int) -> None:
    assert chosen(small.index(TEXT), question, 1) == [row]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.2, 0.9])
def test_the_first_score_is_the_documented_sum(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    index = small.index(TEXT)
    query = read_query("iron tea", index, ENCODE)
    shares = np.array([0, 0, share, 0], np.float32)
    monkeypatch.setattr(candidates, "CANDIDATES", 1)
    monkeypatch.setattr(candidates, "NEAREST", 0)
    cosines = index.sentence_dense.rows(np.arange(4)) @ query.encoding.vector  # one sentence a passage
    found = candidates.candidates(index, query, shares, bank=False)
    assert found.tolist() == [int((0.25 * cosines + 0.60 * shares).argmax())]


def test_the_nearest_by_their_own_vector_are_always_among_them() -> None:
    index = small.index(TEXT)
    query = read_query("tea", index, ENCODE)
    nearest = index.dense.search(query.encoding.vector, 2).rows.tolist()
    assert chosen(index, "tea", 1, nearest=2) == sorted({1, *nearest})


def test_of_two_sentences_the_better_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    index = small.index(
        (("Use", "Tea lowers it. Iron helps. Beans hold much."), ("Food", "Iron beans tea. It is safe."))
    )
    query = read_query("iron", index, ENCODE)
    monkeypatch.setattr(candidates, "CANDIDATES", 1)
    monkeypatch.setattr(candidates, "NEAREST", 0)
    none = np.zeros(2, np.float32)
    # "Iron helps." 1/√3 (two words and the stop), "Iron beans tea." 1/√4
    assert candidates.candidates(index, query, none, bank=False).tolist() == [0]
    level = np.array([0, 0.25 / 0.60 * (3**-0.5 - 4**-0.5)], np.float32)
    assert candidates.candidates(index, query, level - 0.001, bank=False).tolist() == [0]
    assert candidates.candidates(index, query, level + np.array([0, 0.001], np.float32), bank=False).tolist() == [1]


def test_a_sentence_that_was_not_found_counts_as_the_last_that_was(monkeypatch: pytest.MonkeyPatch) -> None:
    index = small.index((("Use", "Iron helps."), ("Food", "Iron beans tea.")))
    query = read_query("iron", index, ENCODE)
    monkeypatch.setattr(candidates, "CANDIDATES", 1)
    monkeypatch.setattr(candidates, "NEAREST", 0)
    monkeypatch.setattr(candidates, "SENTENCES", 1)
    least = np.array([0, 0.001], np.float32)  # both count 1/√3 now, so the least of words decides
    assert candidates.candidates(index, query, least, bank=False).tolist() == [1]


def test_what_the_bank_points_at_is_looked_at_whatever_its_score(monkeypatch: pytest.MonkeyPatch) -> None:
    index = small.index(TEXT)
    sentence = index.passages[3].sentences[0]
    asked = Asked("is iron safe", "risk", ((3, sentence),))
    vector = ENCODE(asked.question).vector[None, :]
    bank = Bank([asked], FaissVectors.build(vector), index.bank.model)
    monkeypatch.setattr(candidates, "CANDIDATES", 1)
    monkeypatch.setattr(candidates, "NEAREST", 0)
    query = read_query("iron", index, ENCODE)
    shares = index.lexical.shares(query.terms)
    assert candidates.candidates(replace(index, bank=bank), query, shares, bank=False).tolist() == [0]
    assert candidates.candidates(replace(index, bank=bank), query, shares).tolist() == [0, 3]
