"""However long a message, reading it for danger is soon done, and finds what a short one would tell."""

from __future__ import annotations

import time

import pytest

from retrieval.answerer import READ_FOR_DANGER
from retrieval.safety import emergency

MOST_SECONDS = 2.0  # of processor time; up to eight were needed before each sign was looked at only until it is settled


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("he is shaking pale ", "seizure_now"),
        ("my son is not breathing ", "not_breathing"),
        ("i took 40 tablets ", "overdose"),
        ("if he is shaking ", ""),
        ("what if patients have a seizure and are not breathing in the film ", ""),
    ],
)
def test_a_message_that_repeats_itself_is_soon_read(said: str, sign: str) -> None:
    began = time.thread_time()
    found = emergency((said * READ_FOR_DANGER)[:READ_FOR_DANGER])
    assert time.thread_time() - began < MOST_SECONDS
    assert (found.sign if found else "") == sign


def test_danger_at_the_end_of_much_else_is_found() -> None:
    much = "magnesium helps nerves and muscles in many ways. " * 300
    assert emergency(much) is None
    found = emergency(f"{much}my son is not breathing")
    assert found is not None
    assert found.sign == "not_breathing"
    assert emergency("if he is shaking. " * 50 + "my son is not breathing") == found
