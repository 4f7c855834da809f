from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluate.cases import Recall
from retrieval.evaluate.metrics import RANKING, per_question, scores_of

GOLD = {"q1": {"a": 1}, "q2": {"a": 1, "b": 1}, "absent": {"a": 1}, "torn": {}}
RANKED = {"q1": ["x", "a", "y"], "q2": ["b", "x", "y", "z", "a"], "torn": ["a"]}


def test_values_by_hand() -> None:
    values = per_question(RANKED, GOLD, Recall.ANY)
    assert values["recall@1"].tolist() == [0, 1, 0, 0]
    assert values["recall@3"].tolist() == [1, 1, 0, 0]
    assert values["recall@5"].tolist() == [1, 1, 0, 0]
    assert values["mrr@10"].tolist() == [0.5, 1, 0, 0]
    ideal = 1 + 1 / log2(3)
    assert values["ndcg@10"] == pytest.approx([1 / log2(3), (1 + 1 / log2(6)) / ideal, 0, 0])


def test_share_counts_every_gold_document_where_any_is_content_with_one() -> None:
    assert per_question(RANKED, GOLD, Recall.SHARE)["recall@3"].tolist() == [1, 0.5, 0, 0]
    assert per_question(RANKED, GOLD, Recall.SHARE)["recall@5"].tolist() == [1, 1, 0, 0]


def test_nothing_found_at_all_counts_as_zero() -> None:
    assert {name: v.tolist() for name, v in per_question({"q1": []}, {"q1": {"a": 1}}, Recall.ANY).items()} == {
        name: [0.0] for name in RANKING
    }


def test_scores_fall_strictly_also_in_single_precision() -> None:
    scores = np.asarray(list(scores_of([str(n) for n in range(1000)]).values()), dtype=np.float32)
    assert (np.diff(scores) < 0).all()


@given(st.permutations([f"d{n}" for n in range(12)]), st.sets(st.integers(0, 14), min_size=1))
def test_against_definitions_written_out(order: list[str], relevant: set[int]) -> None:
    gold = {f"d{n}": 1 for n in relevant}
    values = {name: v[0] for name, v in per_question({"q": order}, {"q": gold}, Recall.ANY).items()}
    ranks = [rank for rank, id_ in enumerate(order, start=1) if id_ in gold]
    for k in (1, 3, 5):
        assert values[f"recall@{k}"] == float(any(rank <= k for rank in ranks))
    first = min(ranks, default=99)
    assert values["mrr@10"] == pytest.approx(1 / first if first <= 10 else 0)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(10, len(gold)) + 1))
    assert values["ndcg@10"] == pytest.approx(sum(1 / log2(r + 1) for r in ranks if r <= 10) / ideal)
