"""What is asked: the bank, the calibration set and the golden set, each in its form, and none a copy of the golden.

Failures name rows by their ids, so that nobody reads a golden question by accident.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from corpus.bank import Asked, bank_files, read_bank
from corpus.common.settings import ROOT
from corpus.readers.registry import read_article
from corpus.splitter import split
from index.lexical import STOPWORDS, stem, words
from retrieval.question.normalise import normalise

NAME = "can-hypomagnesemia-cause-seizures"
SETS = {kind: ROOT / "corpus" / kind / f"{NAME}.jsonl" for kind in ("golden", "calibration")}
NEAR = 92  # of 100: rapidfuzz's ratio of the sorted words

ARTICLE = read_article(ROOT / "corpus" / "articles" / f"{NAME}.md").article
PASSAGES = split(ARTICLE)
SENTENCES = {sentence.text for passage in PASSAGES for sentence in passage.sentences}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def asked_in_full(row: dict[str, Any]) -> str:
    return " ".join([*(row.get("history") or []), row["question"]])


def fold(text: str) -> str:
    return " ".join(words(normalise(text)))


def content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(normalise(text)) if word not in STOPWORDS)


def copies(asked: dict[str, str], golden: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs of ids whose questions are the same, or nearly so with the same content words."""
    folded = {key: (fold(text), content(text)) for key, text in (asked | golden).items()}
    return [
        (a, b)
        for a in asked
        for b in golden
        if folded[a][0] == folded[b][0]
        or (folded[a][1] == folded[b][1] and fuzz.token_sort_ratio(folded[a][0], folded[b][0]) >= NEAR)
    ]


@pytest.fixture(scope="module")
def bank() -> list[Asked]:
    return read_bank(bank_files(ROOT / "corpus" / "questions", NAME), PASSAGES, ARTICLE.title)


@pytest.fixture(scope="module")
def golden() -> dict[str, str]:
    return {row["id"]: asked_in_full(row) for row in rows(SETS["golden"])}


@pytest.mark.parametrize("kind", SETS)
def test_every_accepted_quote_is_an_exact_sentence_of_the_article(kind: str) -> None:
    found = rows(SETS[kind])
    assert [row["id"] for row in found if not set(row["quotes"]) <= SENTENCES] == []
    assert [row["id"] for row in found if len(set(row["quotes"])) < len(row["quotes"])] == []


@pytest.mark.parametrize("kind", SETS)
def test_every_row_has_its_own_id_and_question(kind: str) -> None:
    found = rows(SETS[kind])
    ids = Counter(row["id"] for row in found)
    asked = Counter(fold(asked_in_full(row)) for row in found if fold(asked_in_full(row)))
    assert [key for key, n in (ids + asked).items() if n > 1] == []


def test_the_golden_set_is_as_large_as_it_should_be() -> None:
    kinds = Counter(row["kind"] for row in rows(SETS["golden"]))
    assert sum(kinds.values()) >= 200
    assert kinds["near_miss"] >= 40
    wanted = "worded everyday keywords misspelt fact follow_up far_off emergency emergency_sounding personal smalltalk"
    assert [kind for kind in (*wanted.split(), "attack", "nonsense") if not kinds[kind]] == []


def test_what_must_not_be_answered_has_no_quote_and_follow_ups_have_a_history() -> None:
    found = rows(SETS["golden"])
    silent = {"near_miss", "far_off", "emergency", "smalltalk", "attack", "nonsense"}
    assert [row["id"] for row in found if row["kind"] in silent and row["quotes"]] == []
    assert [row["id"] for row in found if row["kind"] == "follow_up" and not row.get("history")] == []


def test_every_sentence_the_bank_points_at_is_asked_for_in_eight_ways(bank: list[Asked]) -> None:
    ways = Counter(sentence.text for asked in bank for _, sentence in asked.sentences)
    assert ways
    assert {text: n for text, n in ways.items() if n < 8} == {}


def test_the_bank_knows_what_is_not_covered(bank: list[Asked]) -> None:
    silent = [asked for asked in bank if not asked.sentences]
    assert len(silent) >= 150
    assert len({asked.topic for asked in silent}) >= 40


def test_the_bank_holds_no_copy_of_a_golden_question(bank: list[Asked], golden: dict[str, str]) -> None:
    wordings = {asked.question: asked.question for asked in bank}
    assert len(copies(wordings, golden)) == 0, "find them with the function above; remove them from the bank"


def test_the_calibration_set_holds_no_copy_of_a_golden_question(golden: dict[str, str]) -> None:
    calibration = {row["id"]: asked_in_full(row) for row in rows(SETS["calibration"])}
    assert not calibration.keys() & golden.keys()
    assert copies(calibration, golden) == []


def test_copies_are_recognised_and_other_wordings_are_not() -> None:
    golden = {"g": "What are the symptoms of low magnesium levels?"}
    same = {"a": "what ARE the symptoms of low magnesium levels", "b": "What are symptoms of low magnesium levels?"}
    other = {"c": "What are the symptoms of high magnesium levels?", "d": "Which signs does low magnesium have?"}
    assert copies(same | other, golden) == [("a", "g"), ("b", "g")]
