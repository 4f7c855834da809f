from __future__ import annotations

import numpy as np
import pytest

from retrieval.evaluate import product
from retrieval.evaluate.product import CachingEncoder
from tests.index import by_hand


def test_each_text_is_encoded_once_and_as_before() -> None:
    plain, kept = by_hand.encoder(), CachingEncoder(by_hand.encoder())
    texts = ["iron helps", "tea", "iron helps"]
    kept.encode(texts[:2])
    found = kept.encode(texts)
    assert by_hand.rows(kept) == 2
    for one, other in zip(found, plain.encode(texts), strict=True):
        assert np.array_equal(one.vector, other.vector)
        assert np.array_equal(one.tokens, other.tokens)
    assert kept.card == plain.card


def test_a_question_is_not_a_passage() -> None:
    kept = CachingEncoder(by_hand.encoder(query_prompt="why "))
    (asked,), (said,) = kept.encode(["tea"], "query"), kept.encode(["tea"])
    assert by_hand.rows(kept) == 2
    assert asked.vector[by_hand.one_hot("why")] > 0
    assert said.vector[by_hand.one_hot("why")] == 0


def test_only_the_last_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "KEPT", 2)
    kept = CachingEncoder(by_hand.encoder())
    for text in ("tea", "iron", "tea", "beans", "tea"):  # iron goes when beans come
        kept.encode([text])
    assert by_hand.rows(kept) == 3
    kept.encode(["iron"])
    assert by_hand.rows(kept) == 4
    assert len(kept.encode(["a", "b", "c", "a"])) == 4  # more at once than are kept
