"""BM25 against the formula, by hand and by a second implementation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import Lexical, stem, terms, word_spans, words

TEXTS = [["iron", "blood"], ["iron", "iron", "bean", "tea"], []]


def bm25(query: Sequence[str], texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Lucene's form, as Kamphuis et al. 2020 (ECIR) give it; a text without words counts as one word long."""
    texts = [text or [""] for text in texts]
    mean = sum(map(len, texts)) / len(texts)
    df = Counter(term for text in texts for term in set(text))
    out = []
    for text in texts:
        score = 0.0
        for term in query:
            tf = text.count(term)
            idf = math.log(1 + (len(texts) - df[term] + 0.5) / (df[term] + 0.5))
            score += idf * tf / (tf + k1 * (1 - b + b * len(text) / mean))
        out.append(score)
    return out


def test_by_hand() -> None:
    # 3 texts of 2, 4 and (empty) 1 words, mean 7/3; "iron" stands in 2: idf = ln(1 + 1.5/2.5) = 0.470004
    # text 0: 1 / (1 + 1.2 · (0.25 + 0.75 · 2 · 3/7)) = 1 / 2.071429 = 0.482759
    # text 1: 2 / (2 + 1.2 · (0.25 + 0.75 · 4 · 3/7)) = 2 / 3.842857 = 0.520446
    found = Lexical.build(TEXTS).scores(["iron"])
    np.testing.assert_allclose(found, [0.226899, 0.244612, 0], atol=1e-6)
    np.testing.assert_allclose(found, bm25(["iron"], TEXTS), atol=1e-6)


VOCABULARY = st.sampled_from(["iron", "blood", "bean", "tea", "safe"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(VOCABULARY, max_size=8), min_size=1, max_size=12),
    st.lists(st.sampled_from(["iron", "blood", "bean", "tea", "safe", "zebra"]), max_size=6),
)
def test_against_a_second_implementation(texts: list[list[str]], query: list[str]) -> None:
    np.testing.assert_allclose(Lexical.build(texts).scores(query), bm25(query, texts), atol=1e-5)


def test_idf_is_highest_for_what_no_text_has() -> None:
    made = Lexical.build(TEXTS)
    assert made.idf("iron") == pytest.approx(math.log(1.6))
    assert made.idf("tea") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert made.idf("zebra") == pytest.approx(math.log(8))


def test_unknown_words_score_nothing() -> None:
    assert Lexical.build(TEXTS).scores(["zebra"]).tolist() == [0, 0, 0]
    assert Lexical.build(TEXTS).scores([]).tolist() == [0, 0, 0]


def test_a_folder_gives_the_same_back(tmp_path: Path) -> None:
    made = Lexical.build(TEXTS)
    made.save(tmp_path / "words")
    opened = Lexical.load(tmp_path / "words")
    assert opened.n == 3
    assert list(opened.vocabulary) == list(made.vocabulary) == ["", "bean", "blood", "iron", "tea"]
    np.testing.assert_array_equal(opened.scores(["iron", "tea"]), made.scores(["iron", "tea"]))
    assert opened.idf("tea") == made.idf("tea")


def test_terms_are_stems_of_content_words() -> None:
    assert terms("What are the symptoms of seizures?") == ["symptom", "seizur"]
    assert terms("Who is it?") == [stem("who"), "is", "it"]  # nothing else is left
    assert terms("The patient’s N-methyl-D-aspartate") == ["patient", "n", "methyl", "d", "aspart"]
    assert terms("...") == []


def test_words_and_where_they_stand() -> None:
    text = "It’s B12_b, naïve!"
    assert words(text) == ["it's", "b12", "b", "naïve"]
    assert [text[a:b] for a, b, _ in word_spans(text)] == ["It’s", "B12", "b", "naïve"]
