"""Misspelt words are mended against the article's own; known words and opposites never change."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import STOPWORDS, stem
from index.lexicon import Lexicon
from index.string_tables import Strings
from retrieval.question.spelling import Mended, Speller

OWN = "hypomagnesemia magnesium seizures symptoms deficiency treatment children calcium most controlled external"
KNOWN = "cost most coast symptom dose table spoon internal what does how the cause"


def speller() -> Speller:
    counts = Counter(OWN.split())
    known = {*counts, *KNOWN.split(), *STOPWORDS}
    none = Strings.of(())
    return Speller(Lexicon(counts, Strings.of(known), Strings.of({stem(w) for w in known}), none, none))


SPELLER = speller()


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("magnesum", "magnesium"),
        ("magneisum", "magnesium"),  # two letters swapped count once
        ("siezures", "seizures"),
        ("hypomagnesimia", "hypomagnesemia"),
        ("what does magnesum cause?", "what does magnesium cause?"),
        ("defficiency, symtoms", "deficiency, symptoms"),
    ],
)
def test_misspellings_are_mended(typed: str, mended: str) -> None:
    found = SPELLER.mend(typed)
    assert found.text == mended
    assert found.changes


@pytest.mark.parametrize(
    "word",
    [
        "cost",
        "hypermagnesemia",
        "hypermagnesemea",
        "tablespoon",
        "symptom",
        "uncontroled",
        "internl",
        "zebra",
        "b12345",
    ],
)
def test_words_and_opposites_are_left_alone(word: str) -> None:
    assert SPELLER.mend(f"what of {word}").changes == ()


@given(st.lists(st.sampled_from([*OWN.split(), *KNOWN.split()]), max_size=8), st.sampled_from([" ", ", ", "  ", "? "]))
def test_known_words_never_change(words: list[str], between: str) -> None:
    text = between.join(words)
    assert SPELLER.mend(text) == Mended(text, ())


@given(st.text(max_size=60))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    once = SPELLER.mend(text).text
    assert SPELLER.mend(once).text == once


@pytest.mark.parametrize(
    ("text", "gibberish"),
    [
        ("qwrtz plmokn", True),
        ("what does magnesium cause", False),
        ("", False),
        ("12 345", False),
        ("xqzt magnesium", False),
    ],
)
def test_gibberish(text: str, gibberish: bool) -> None:
    assert SPELLER.gibberish(text) is gibberish


@pytest.mark.parametrize(
    "asked",
    [
        "puede la falta de magnesium siezures",
        "wat zijn symptomen van laag magnesiumm aanvallen",
        "czy niedobor moze magnesum",
    ],
)
def test_a_question_in_another_language_is_left_alone(asked: str) -> None:
    assert SPELLER.mend(asked) == Mended(asked, ())


def test_slips_alone_are_mended_however_many() -> None:
    assert SPELLER.mend("magnesum defficiency symtoms siezures").text == "magnesium deficiency symptoms seizures"
    assert SPELLER.mend("what does zzzqqy magnesum cause").text == "what does zzzqqy magnesium cause"


def test_what_no_question_holds_is_not_looked_into() -> None:
    tiresome = " ".join(f"magnesiumm{a}{b}" for a in "abcdefgh" for b in "abcdefgh")
    assert SPELLER.mend(tiresome) == Mended(tiresome, ())
    endless = "magnesium" * 20
    assert SPELLER.mend(endless) == Mended(endless, ())
    assert SPELLER.gibberish(endless)
