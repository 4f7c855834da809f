"""What may be quoted, how far a quote reaches, and that it always stands in the article to the letter."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Draft, Kind, Passage, Source, assemble
from corpus.splitter import split
from index.contents import Index
from retrieval.answering.quote_extent import leans, narrows, promises, quote, reach
from retrieval.answering.quotes import Ranked, pick_quotes
from retrieval.ranking.systems import index_in_memory
from tests.index import by_hand


def passage(text: str) -> Passage:
    (one,) = split(assemble("a", Source("A"), [Draft(Kind.PARAGRAPH, text)]))
    return one


def reached(text: str, number: int) -> str:
    one = passage(text)
    first, last = reach(one, number)
    return one.text[first.start - one.start : last.end - one.start]


@pytest.mark.parametrize(
    "sentence",
    [
        "Can low magnesium cause seizures?",
        "You may be wondering, can it do this.",
        "Several case studies have shed light on the link, providing valuable insights.",
        "The symptoms are:",
        "In this post, we will explore the link.",
        "So let’s get started!",
    ],
)
def test_a_question_or_an_announcement_promises(sentence: str) -> None:
    assert promises(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Low magnesium can cause seizures.", "Magnesium is involved in over 300 enzyme reactions.", "Well, yes, it can."],
)
def test_a_statement_promises_nothing(sentence: str) -> None:
    assert not promises(sentence)


@pytest.mark.parametrize(
    ("sentence", "leaning"),
    [
        ("It can also affect the heart.", True),
        ("These trials have reported positive outcomes.", True),
        ("In this case, the dose was lower.", True),
        ("The results demonstrated that 62% of these children improved.", True),
        ("Upon administering magnesium, his seizures decreased.", True),
        ("Furthermore, this was rare.", True),
        ("Additionally, these individuals had seizures.", True),
        ("It is important to see a doctor.", False),
        ("It’s crucial to act.", False),
        ("Magnesium helps nerves.", False),
        ("Those with epilepsy need care.", True),
        ("Items such as nuts hold magnesium.", False),
    ],
)
def test_what_leans_on_the_sentence_before(sentence: str, leaning: bool) -> None:
    assert leans(sentence) is leaning


@pytest.mark.parametrize(
    ("sentence", "narrowing"),
    [
        ("However, this is rare.", True),
        ("Only if levels are low does it help.", True),
        ("It is not the only cause.", True),
        ("It is important to note that these can have other causes.", True),
        ("It’s also worth noting that few were treated.", True),
        ("It is important to treat it.", False),
        ("Many recover.", False),
    ],
)
def test_what_narrows_the_sentence_before(sentence: str, narrowing: bool) -> None:
    assert narrows(sentence) is narrowing


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("Magnesium helps. It can also harm.", 1, "Magnesium helps. It can also harm."),
        ("Magnesium helps. It can also harm.", 0, "Magnesium helps."),
        ("Magnesium helps. However, too much harms.", 0, "Magnesium helps. However, too much harms."),
        ("Magnesium helps. Zinc heals. Iron feeds.", 1, "Zinc heals."),
        ("One is. It was. It is. It goes.", 3, "It was. It is. It goes."),  # at most two before
    ],
)
def test_how_far_a_quote_reaches(text: str, number: int, expected: str) -> None:
    assert reached(text, number) == expected


def test_items_of_a_list_stand_alone() -> None:
    drafts = [Draft(Kind.PARAGRAPH, "Eat:"), Draft(Kind.ITEM, "Iron helps."), Draft(Kind.ITEM, "It can be beans.")]
    (one,) = split(assemble("a", Source("A"), drafts))
    number = len(one.sentences) - 1
    assert reach(one, number) == (one.sentences[number], one.sentences[number])


STARTS = ["It helps", "However, tea helps", "Iron helps", "These are safe", "Tea is safe", "Why is it safe"]
TEXTS = st.lists(st.sampled_from(STARTS), min_size=1, max_size=7).map(lambda said: ". ".join(said) + ".")


def built(texts: list[str]) -> Index:
    article = assemble("a", Source("A"), [Draft(Kind.PARAGRAPH, text) for text in texts])
    return index_in_memory([article], split(article), by_hand.encoder())


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_quotes_are_verbatim_and_never_overlap(texts: list[str], order: random.Random) -> None:
    index = built(texts)
    rows = list(range(len(index.sentence_passage)))
    order.shuffle(rows)
    ranked = Ranked(np.array(rows), np.linspace(1, 0.6, len(rows)).astype(np.float32))
    whole = index.articles[0].text
    quotes = pick_quotes(index, ranked, most=5)
    assert quotes
    for one in quotes:
        assert whole[one.start : one.end] == one.text
    spans = sorted((one.start, one.end) for one in quotes)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for row in rows:
        alone = quote(index, row, 1.0)
        assert whole[alone.start : alone.end] == alone.text


def test_a_quote_that_meets_two_others_joins_both() -> None:
    index = built(["Iron helps. Tea helps. It is safe. These are safe. However, tea helps."])
    ranked = Ranked(np.array([0, 4, 3]), np.array([1.0, 0.9, 0.8], np.float32))
    quotes = pick_quotes(index, ranked)
    assert [q.text for q in quotes] == ["Iron helps.", "Tea helps. It is safe. These are safe. However, tea helps."]


def test_much_worse_sentences_are_not_quoted() -> None:
    index = built(["Iron helps.", "Tea helps.", "Beans help."])
    ranked = Ranked(np.array([1, 0, 2]), np.array([1.0, 0.5, 0.49], np.float32))
    assert [q.text for q in pick_quotes(index, ranked)] == ["Tea helps.", "Iron helps."]
