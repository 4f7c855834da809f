"""Text that looks the same reads the same, and nothing a person can send makes it raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.question.normalise import normalise, normalised_lines

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)  # lone surrogates included


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("What IS it?", "what is it?"),
        ("  loose \t\n spaces ", "loose spaces"),
        ("mag\u200bne\u200dsi\u2060um\ufeff", "magnesium"),
        ("\u202emagnesium\u202c", "magnesium"),
        ("sei\u00adzure", "seizure"),
        ("it\u2019s \u201cfine\u201d", 'it\'s "fine"'),
        ("heeeelp meeee", "help me"),
        ("see the book", "see the book"),
        ("phase III, www", "phase iii, www"),
        ("1000 mg", "1000 mg"),
        ("\uff2d\uff47 \u2460", "mg 1"),
        ("ﬁt", "fit"),
        ("Straße", "strasse"),
        ("a\x00b\x07c", "a b c"),
        ("a\ud800b", "ab"),
        ("\ue000x", "x"),
        ("", ""),
        ("\u200b\u202e", ""),
    ],
)
def test_what_cannot_be_seen_does_not_count(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(ANY_TEXT)
def test_nothing_unseen_is_left(text: str) -> None:
    read = normalise(text)
    assert read == " ".join(read.split())
    read.encode("utf-8")


@given(ANY_TEXT, st.integers(0, 200))
def test_a_zero_width_character_anywhere_changes_nothing(text: str, place: int) -> None:
    plain = normalise(text)
    assert normalise(plain[:place] + "\u200b" + plain[place:]) == plain


@given(ANY_TEXT)
def test_the_lines_of_a_text_are_the_text(text: str) -> None:
    assert normalise(text) == normalise(text.replace("\n", " "))
    assert normalised_lines(text) == tuple(normalise(line) for line in text.split("\n"))
