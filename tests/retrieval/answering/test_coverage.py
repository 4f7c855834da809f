"""One spelling for what people mean, before any phrase is looked for."""

import pytest

from retrieval.safety.slips import mend
from retrieval.safety.tokenise import read_words


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("He's not breathing!", " . he is not breathing . . "),
        ("hes not breathing", " . he is not breathing . "),
        ("I can't", " . i can not . "),
        ("I can\u2019t", " . i can not . "),
        ("i cant", " . i can not . "),
        ("i can t", " . i can not . "),
        ("I cannot", " . i can not . "),
        ("my son's arm", " . my son s arm . "),
        ("400mg at 10:05", " . 400 mg at 10:05 . "),
        ("Mg 1.4?", " . mg 1.4 ? . "),
        ("crise d'épilepsie", " . crise depilepsie . "),
        ("one\ntwo", " . one . two . "),
        ("now and then", " . sometimes . "),
        ("", " . "),
        ("!!!", " . . . . . "),
        ("\ud800", " . "),
    ],
)
def test_words_are_written_out(typed: str, full: str) -> None:
    assert read_words(typed).full == full


def test_the_lean_reading_leaves_out_words_that_change_nothing() -> None:
    assert read_words("he is really just not breathing now").lean == " . he is not breathing . "


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("siezure", "seizure"),
        ("seizre", "seizure"),
        ("unconcious", "unconscious"),
        ("unconsious", "unconscious"),
        ("ambulence", "ambulance"),
        ("brethaing", "breathing"),
        ("overdozed", "overdosed"),
        ("magnisium", "magnesium"),
    ],
)
def test_slips_in_weighty_words_are_mended(slip: str, meant: str) -> None:
    assert mend(slip) == meant


@pytest.mark.parametrize(
    "word",
    [
        "doing",
        "hitting",
        "conclusion",
        "bottles",
        "hypermagnesemia",
        "beach",
        "sizing",
        "kit",
        "fit",
        "cheat",
        "трясет",
    ],
)
def test_words_people_use_are_never_mended(word: str) -> None:
    assert mend(word) == word
