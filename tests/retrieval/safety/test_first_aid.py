"""First aid asked about in general is told from what is asked of the article."""

from __future__ import annotations

import pytest

from retrieval.safety import SIGNS, emergency, first_aid
from retrieval.safety.phrase_files import DATA
from retrieval.safety.phrases import read_sections


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("what should I do if someone has a seizure?", "seizure_now"),
        ("first aid for a seizure?", "seizure_now"),
        ("what do you do when a child is having a fit", "seizure_now"),
        ("how do I help a person having a convulsion", "seizure_now"),
        ("when should you call an ambulance for a seizure", "seizure_now"),
        ("is it bad to hold a person down in a seizure", "seizure_now"),
        ("should something be put in the mouth during a fit", "seizure_now"),
        ("is a seizure a medical emergency", "seizure_now"),
        ("what to do if someone takes an overdose", "overdose"),
        ("what if somebody stops breathing", "not_breathing"),
    ],
)
def test_what_to_do_is_asked(question: str, sign: str) -> None:
    assert first_aid(question) == sign
    assert emergency(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "can hypomagnesemia cause seizures?",
        "what is the treatment for hypomagnesemia-induced seizures?",
        "what should I do if I suspect hypomagnesemia?",
        "what to do about low magnesium?",
        "how do doctors treat a magnesium overdose",
        "what helps people who have both fits and low magnesium",
        "why did the patients keep having seizures",
        "do eyes roll back in a seizure",
        "",
    ],
)
def test_what_is_asked_of_the_article_is_not_first_aid(question: str) -> None:
    assert first_aid(question) is None


def test_every_section_is_a_sign() -> None:
    assert set(read_sections(DATA / "first_aid.txt")) <= set(SIGNS)
