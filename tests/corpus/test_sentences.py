"""Where sentences end, by hand; and for any text, that nothing is lost between them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import sentence_spans

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(list(".!?;:…\n\r\t\x0b\x0c\x1c\x85\u00a0\u200b\u2028\ufeff()[]“”'’\"-—•·0123456789 aAbB")),
    ),
    max_size=200,
)
WORDS = """Smith et al. found e.g. 12.5% The It is low. Is it? Dr. Lee (see Fig. 2) said “no.” don't 16-year-old. 1. •
Q: A: U.S. b.i.d. mg/dL. … ... ! a.m. [3]"""
PROSE = st.lists(st.sampled_from([*WORDS.split(), "\n\n", "\n \n", "\r\n\r\n"]), max_size=40).map(" ".join)


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "In one study by Smith et al., 12 patients were low.",
        "A study by Lee et al. investigated 65 children.",
        "Smith et al. (2010) and Brown et al. [3] agree.",
        "It was found by Green et al. Neurology printed it.",
        "Minerals, e.g. Magnesium or i.e. Iron, help.",
        "A 16-year-old boy and a 3.5-year-old girl came.",
        "It was 0.75 mmol/L, or 62% of 1.8 mg/dL.",
        "Dr. Smith and Mr. Jones met Prof. Lee vs. St. John's team.",
        "See Fig. 3, pp. 12 and ref. 4, approx. 5 mg.",
        "“Is it safe?” she asked.",
        "I don't, you can't and it won't.",
        "Infection with E. coli is common.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert sentences(text) == [text]
    assert sentences(f"{text} The rest is short.") == [text, "The rest is short."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What? Really! Yes.", ["What?", "Really!", "Yes."]),
        ("It was low. It was Lee et al. The rest agreed.", ["It was low.", "It was Lee et al.", "The rest agreed."]),
        ("You need vitamin D. It helps.", ["You need vitamin D.", "It helps."]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
        ("A line without an end\n\nAnother one", ["A line without an end", "Another one"]),
        ("A wrapped\nline. And\r\nmore.", ["A wrapped\nline.", "And\r\nmore."]),
        ("One. ***", ["One. ***"]),
        ("*** One. Two.", ["*** One.", "Two."]),
        ("  \n\t", []),
        ("", []),
    ],
)
def test_several_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_offsets_count_from_the_start_of_the_whole_text() -> None:
    text = "Skipped. One. Two. Skipped."
    assert sentence_spans(text, 9, 18) == [(9, 13), (14, 18)]


def test_offsets_stay_true_after_empty_lines_and_broken_words() -> None:
    text = "A bro-\nken word. It can't. Next.\n\n\nIt won't.\r\n\r\nA sec-\n  ond one. Last."
    assert sentences(text) == ["A bro-\nken word.", "It can't.", "Next.", "It won't.", "A sec-\n  ond one.", "Last."]


@settings(max_examples=500, deadline=None)
@given(st.one_of(ANY_TEXT, PROSE))
def test_every_character_is_in_one_sentence(text: str) -> None:
    spans = sentence_spans(text, 0, len(text))
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    gaps = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert not "".join(gaps).strip()
    for a, b in spans:
        assert text[a:b].strip() == text[a:b] != ""
        assert not re.search(r"\n\s*\n", text[a:b])
