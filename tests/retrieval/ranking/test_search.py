"""Late interaction against plain loops, idf by hand, and the candidates' path against looking at everything."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.contents import Index
from index.encoder.encode import Floats
from retrieval.ranking import candidates, search
from retrieval.ranking.query import question_encoder, read_query
from retrieval.ranking.search import RankingWeights, Search
from tests.index import by_hand
from tests.retrieval import small

ENCODE = question_encoder(by_hand.encoder())
VOCABULARY = ["iron", "helps", "the", "blood", "beans", "tea", "safe", "zebra"]
QUESTIONS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join)
SENTENCE = st.lists(st.sampled_from(VOCABULARY[:-1]), min_size=1, max_size=5).map(lambda w: " ".join(w).capitalize())
SECTIONS = st.lists(
    st.tuples(st.sampled_from(["Iron", "Tea", "Blood"]), st.lists(SENTENCE, min_size=1, max_size=4)),
    min_size=1,
    max_size=5,
).map(lambda found: tuple((heading, ". ".join(said) + ".") for heading, said in found))


def best_by_loops(index: Index, question: str) -> tuple[Floats, Floats]:
    """For every sentence, and for every passage whole, the best cosine per token of the question."""
    asked = ENCODE(question).tokens
    sentences, wholes = [], []
    for n, passage in enumerate(index.passages):
        tokens = index.tokens.of(n)
        wholes.append([max((float(v @ q) for v in tokens.vectors), default=-1.0) for q in asked])
        for k, sentence in enumerate(passage.sentences):
            start = sentence.start - passage.start
            end = math.inf if k + 1 == len(passage.sentences) else passage.sentences[k + 1].start - passage.start
            own = [v for v, (a, _) in zip(tokens.vectors, tokens.spans, strict=True) if start <= a < end]
            sentences.append([max((float(v @ q) for v in own), default=-1.0) for q in asked])
    return np.array(sentences, np.float32), np.array(wholes, np.float32)


def test_idf_by_hand() -> None:
    index = small.index()  # 3 passages: "iron" in 2, "helps" in 1, "zebra" in none
    query = read_query("iron helps, zebra", index, ENCODE)
    assert query.idf.tolist()[:2] == pytest.approx([math.log(1 + 1.5 / 2.5), math.log(1 + 2.5 / 1.5)])
    assert [query.text[a:b] for a, b in query.encoding.spans] == ["iron", "helps", ",", "zebra"]
    assert query.idf[2] == 0
    assert read_query("iron helps, zebra", index, ENCODE, weigh=False).idf.tolist() == [1, 1, 0, 1]


@settings(deadline=None, max_examples=60)
@given(SECTIONS, QUESTIONS)
def test_late_interaction_is_what_plain_loops_give(sections: tuple[tuple[str, str], ...], question: str) -> None:
    index = small.index(sections)
    found = Search(index, ENCODE, RankingWeights(cosine=0, words=0, late=1)).find(question)
    sentences, wholes = best_by_loops(index, question)
    assert np.allclose(found.best, sentences[found.sentences], atol=1e-3)
    soft = np.sqrt(found.query.idf)
    total = max(float(soft.sum()), 1e-9)
    for row, score in zip(found.passages, found.scores, strict=True):
        own = sentences[index.first_sentence[row] : index.first_sentence[row + 1]]
        single = max(float(each @ soft) / total for each in own)
        assert score == pytest.approx((float(wholes[row] @ soft) / total + single) / 2, abs=1e-3)


def test_a_heading_counts_for_its_own_passage_and_for_no_sentence() -> None:
    index = small.index((("Blood", "Iron helps."), ("Tea", "Beans hold.")))
    found = Search(index, ENCODE, RankingWeights(cosine=0, words=0, late=1)).find("tea")
    assert found.passages.tolist() == [1, 0]
    assert found.scores.tolist() == pytest.approx([0.5, 0], abs=1e-3)  # whole passage 1, best sentence 0
    assert found.best.max() == 0


def test_a_sentence_without_a_token_matches_nothing() -> None:
    index = small.index((("Use", "Iron helps. Beans hold. Tea lowers."),))
    index.first_token[1] = index.first_token[2]  # the second sentence has lost its tokens to the first
    found = Search(index, ENCODE).find("beans")
    by_row = dict(zip(found.sentences.tolist(), found.best[:, 0].tolist(), strict=True))
    assert by_row == pytest.approx({0: 1.0, 1: -1.0, 2: 0.0}, abs=1e-3)
    index.first_token[2] = index.tokens.starts[-1]  # and now the last one has none
    found = Search(index, ENCODE).find("tea")
    assert found.best[found.sentences.tolist().index(2), 0] == -1.0


@settings(deadline=None, max_examples=40)
@given(QUESTIONS)
def test_all_candidates_rank_as_looking_at_everything(question: str) -> None:
    index = small.index(small.TEXT * 3)
    whole = Search(index, ENCODE).find(question)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "CANDIDATES", len(index.passages) - 1)
        some = Search(index, ENCODE).find(question)
    scores = dict(zip(whole.passages.tolist(), whole.scores.tolist(), strict=True))
    for row, score in zip(some.passages.tolist(), some.scores.tolist(), strict=True):
        assert score == pytest.approx(scores[row], abs=1e-6)
    assert some.passages[0] == whole.passages[0]
    assert some.sentences[0] == whole.sentences[0]


@pytest.mark.parametrize("at_once", [1, 40, 100])
def test_few_cosines_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    index = small.index(small.TEXT * 3)
    whole = Search(index, ENCODE).find("does iron help the blood")
    monkeypatch.setattr(search, "AT_ONCE", at_once)
    sliced = Search(index, ENCODE).find("does iron help the blood")
    for name in ("passages", "scores", "sentences", "sentence_scores", "best"):
        np.testing.assert_array_equal(getattr(sliced, name), getattr(whole, name))


def test_one_passage_and_a_question_of_nothing_known() -> None:
    index = small.index((("Use", "Iron helps the blood."),))
    for question in ("zebra", "?", "iron"):
        found = Search(index, ENCODE).find(question)
        assert (found.passages.tolist(), found.sentences.tolist()) == ([0], [0])
        assert np.isfinite(found.scores).all()


def test_the_fused_score_is_the_documented_sum() -> None:
    index = small.index()
    found = Search(index, ENCODE).find("iron helps blood")
    parts = [
        Search(index, ENCODE, RankingWeights(cosine=c, words=w, late=m)).find("iron helps blood")
        for c, w, m in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    ]
    by_row = [dict(zip(p.passages.tolist(), p.scores.tolist(), strict=True)) for p in parts]
    for row, score in zip(found.passages.tolist(), found.scores.tolist(), strict=True):
        cosine, share, late = (part[row] for part in by_row)
        assert score == pytest.approx(0.15 * cosine + 0.25 * share + 0.6 * late, abs=1e-5)
    assert small.passages()[int(found.passages[0])].text.startswith("Iron helps")
    assert found.sentences[0] == 0
