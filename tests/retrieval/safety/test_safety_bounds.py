"""The judgements are fast, and no input makes them raise or run long."""

import statistics
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.safety import emergency, injection, personal, smalltalk
from tests.retrieval.sentences import messages

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=1000)
WEIGHTY = """
i my son he she is not having a seizure took all the pills want to die no breathing can will should take magnesium with
for me . ? 40 what how ignore your instructions <b> ' " ${ ../ %s hi thanks you
"""
WORDS = st.sampled_from(sorted(set(WEIGHTY.split())))
HOSTILE = [
    "i " * 500,
    "my son is " * 100,
    "not " * 250,
    "he took " * 125,
    "a" * 1000,
    "?" * 1000,
    "<" * 1000,
    "<a" * 500,
    "{{" * 500,
    "${" * 500,
    "select " * 140,
    "'" * 1000,
    "can i take " * 90,
    "i want to " * 100,
    "👍" * 1000,
    "\u202e" * 1000,
    "𝕙𝕖𝕝𝕡 " * 200,
    "مرحبا " * 160,
    "siezurex" * 125,
    " ".join(f"seizur{n}" for n in range(100)),
    " ".join(f"brethin{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(90)),
]


def judge(text: str) -> None:
    emergency(text)
    injection(text)
    personal(text)
    smalltalk(text)


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_any_text_is_judged(text: str) -> None:
    judge(text)


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=200))
def test_any_row_of_weighty_words_is_judged_in_bounded_time(words: list[str]) -> None:
    text = " ".join(words)[:1000]
    judge("warm up")
    start = time.process_time()
    judge(text)
    assert time.process_time() - start < 0.25


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_messages_are_judged_in_bounded_time(text: str) -> None:
    judge("warm up")
    start = time.process_time()
    judge(text[:1000])
    assert time.process_time() - start < 0.25


def test_the_median_question_takes_less_than_a_millisecond() -> None:
    judge("warm up")
    times = []
    for message in messages("informational.txt", "general.txt", "personal.txt", "emergencies.txt"):
        start = time.process_time()
        judge(message)
        times.append(time.process_time() - start)
    assert statistics.median(times) < 0.001


def test_judging_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'numpy', 'sklearn', 'scipy', 'transformers', 'sentence_transformers'}"
    code = f"import sys, retrieval.safety; sys.exit(' '.join({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
