"""Passages: what belongs together, how long it may be, and that no sentence is lost or doubled."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Draft, Kind, Passage, Source, assemble
from corpus.readers.registry import plain_article
from corpus.splitter import Limits, count_words, split
from tests.corpus.test_sentences import ANY_TEXT, PROSE

SENTENCE = "Iron is a mineral in food."  # 6 words


def article(*drafts: Draft) -> Article:
    return assemble("iron", Source("Iron"), list(drafts))


def paragraph(text: str) -> Draft:
    return Draft(Kind.PARAGRAPH, text)


def texts(passages: list[Passage]) -> list[list[str]]:
    return [[s.text for s in p.sentences] for p in passages]


def test_heading_paths_and_breaks() -> None:
    found = split(
        article(
            paragraph("One."),
            Draft(Kind.HEADING, "A", 2),
            Draft(Kind.HEADING, "B", 3),
            paragraph("Two."),
            Draft(Kind.HEADING, "C", 3),
            paragraph("Three."),
            Draft(Kind.HEADING, "D", 2),
            paragraph("Four."),
            Draft(Kind.BREAK, ""),
            paragraph("Five."),
        )
    )
    assert [(p.text, p.heading) for p in found] == [
        ("One.", ""),
        ("Two.", "A › B"),
        ("Three.", "A › C"),
        ("Four.", "D"),
        ("Five.", ""),
    ]


def test_a_list_joins_its_lead_in_and_nothing_else() -> None:
    item = Draft(Kind.ITEM, "Beans.")
    found = split(article(paragraph("Eat:"), item, item, paragraph("Then."), item, paragraph("End:"), paragraph("No.")))
    assert [p.text for p in found] == ["Eat:\n\n• Beans.\n• Beans.", "Then.", "• Beans.", "End:", "No."]


def test_a_pair_is_one_passage_whose_question_is_no_sentence() -> None:
    (passage,) = split(article(Draft(Kind.QUESTION, "Why?"), Draft(Kind.ANSWER, "So. And so.")))
    assert passage.text == "Q: Why?\nA: So. And so."
    assert texts([passage]) == [["So.", "And so."]]
    assert passage.question is not None
    assert (passage.question.text, passage.headings) == ("Why?", ("Why?",))


def test_a_question_without_an_answer_is_kept_as_text() -> None:
    found = split(article(Draft(Kind.QUESTION, "Why?"), paragraph("So.")))
    assert [(p.text, p.question) for p in found] == [("Q: Why?", None), ("So.", None)]


def test_a_long_paragraph_is_parted_into_like_lengths() -> None:
    found = split(article(paragraph(" ".join([SENTENCE] * 25))), Limits(words=60))
    assert [len(p.sentences) for p in found] == [8, 9, 8]  # 150 words in 3 parts


def test_a_long_answer_keeps_its_question_as_heading() -> None:
    found = split(
        article(Draft(Kind.QUESTION, "Why is it?"), Draft(Kind.ANSWER, " ".join([SENTENCE] * 10))), Limits(words=30)
    )
    assert [p.headings for p in found] == [("Why is it?",)] * 2
    assert [p.question is not None for p in found] == [True, False]
    assert [p.text[:3] for p in found] == ["Q: ", "Iro"]


def test_a_sentence_above_the_window_is_cut_at_white_space() -> None:
    found = split(article(paragraph("a b c d e f g h i j k l m n o p")), Limits(pieces=8))
    assert texts(found) == [["a b c d e f g h"], ["i j k l m n o p"]]


def test_a_word_above_the_window_is_cut_all_the_same() -> None:
    found = split(article(paragraph("x" * 40)), Limits(pieces=10, measure=len))
    assert texts(found) == [["x" * 10]] * 4


def test_a_long_answer_leaves_room_for_its_question() -> None:
    drafts = (Draft(Kind.QUESTION, "Why is it so?"), Draft(Kind.ANSWER, " ".join("abcdefghijklmnopqrs")))
    first, *rest = split(article(*drafts), Limits(pieces=20))  # the answer alone would fit
    assert count_words(first.text) <= 20
    assert first.question is not None
    assert " ".join(s.text for p in (first, *rest) for s in p.sentences) == drafts[1].text


def test_a_question_that_fills_the_window_is_text() -> None:
    drafts = (Draft(Kind.QUESTION, "one two three four five six seven?"), Draft(Kind.ANSWER, "So it is."))
    found = split(article(*drafts), Limits(pieces=12))
    assert [p.question for p in found] == [None] * len(found)
    assert [s for each in texts(found) for s in each] == ["one two three four five six seven?", "So it is."]


@pytest.mark.parametrize("text", ["", " \n ", "\x0b\x85"])
def test_no_text_no_passage(text: str) -> None:
    assert split(plain_article("a", "A", text)) == []


KINDS = st.sampled_from([Kind.PARAGRAPH, Kind.ITEM, Kind.QUESTION, Kind.ANSWER])
TEXT = st.one_of(ANY_TEXT, PROSE).filter(str.strip)
DRAFTS = st.lists(
    st.one_of(
        st.builds(Draft, KINDS, TEXT),
        st.builds(Draft, st.just(Kind.HEADING), TEXT, st.integers(1, 6)),
        st.just(Draft(Kind.BREAK, "")),
    ),
    max_size=8,
)
LIMITS = st.builds(Limits, st.integers(1, 60), st.integers(1, 40), st.sampled_from([count_words, len]))


def check(source: Article, limits: Limits) -> None:
    passages = split(source, limits)
    covered: list[tuple[int, int]] = []
    for n, passage in enumerate(passages, start=1):
        assert passage.id == f"{source.id}#{n}"
        assert source.text[passage.start : passage.end] == passage.text
        assert limits.measure(passage.text) <= limits.pieces
        assert passage.sentences
        for sentence in (*passage.sentences, *([passage.question] if passage.question else [])):
            assert source.text[sentence.start : sentence.end] == sentence.text != ""
            assert passage.start <= sentence.start < sentence.end <= passage.end
            covered.append((sentence.start, sentence.end))
    covered.sort()
    assert all(a[1] <= b[0] for a, b in pairwise(covered))
    for block in source.blocks:
        if block.kind not in (Kind.HEADING, Kind.BREAK):
            inside = [span for span in covered if block.start <= span[0] < block.end]
            left = [block.start, *(edge for span in inside for edge in span), block.end]
            gaps = [source.text[a:b] for a, b in zip(left[::2], left[1::2], strict=True)]
            assert not "".join(gaps).strip()


@settings(max_examples=300, deadline=None)
@given(DRAFTS, LIMITS)
def test_any_article_under_any_limits(drafts: list[Draft], limits: Limits) -> None:
    check(article(*drafts), limits)


@settings(max_examples=300, deadline=None)
@given(TEXT, LIMITS)
def test_any_plain_text_under_any_limits(text: str, limits: Limits) -> None:
    check(plain_article("a", "A", text), limits)
