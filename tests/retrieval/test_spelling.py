"""Misspelt words are mended against the article's own; known words and opposites never change."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import STOPWORDS, stem
from index.lexicon import Lexicon
from index.strings import Strings
from retrieval.spelling import Mended, Speller

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
