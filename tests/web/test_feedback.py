from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article, Draft, Kind, Source, assemble
from corpus.common.errors import QuestionFileError
from web.feedback import FILE, bank_candidates, golden_candidates, load, main, rating_of, store

ARTICLE: Article = assemble("a", Source("T"), [Draft(Kind.PARAGRAPH, "Low magnesium can cause fits. It is rare.")])
SENT: dict[str, Any] = {"question": "fits?", "kind": "answer", "rating": "helpful", "quotes": [[0, 0, 29]]}


def test_a_rating_holds_the_quotes_words_and_versions() -> None:
    rating = rating_of(SENT, [ARTICLE])
    assert rating.quotes == ({"article": "T", "start": 0, "end": 29, "text": "Low magnesium can cause fits."},)
    assert set(rating.versions) == {"splitter", "articles"}
    assert len(rating.versions["articles"]["a"]) == 12


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", ""),
        ("question", "x" * 1001),
        ("question", 3),
        ("kind", "nonsense"),
        ("rating", "great"),
        ("rating", ["helpful"]),
        ("quotes", None),
        ("quotes", [[0, 0, 29]] * 21),
        ("quotes", [[1, 0, 29]]),
        ("quotes", [[0, 5, 5]]),
        ("quotes", [[0, 0, 10_000]]),
        ("quotes", [[0, True, 29]]),
    ],
)
def test_what_is_no_rating_is_refused(field: str, value: object) -> None:
    with pytest.raises(QuestionFileError):
        rating_of({**SENT, field: value}, [ARTICLE])


def test_ratings_survive_a_torn_line(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    store(rating_of(SENT, [ARTICLE]), folder)
    with (folder / FILE).open("ab") as file:
        file.write(b'{"question": "cut o')  # the power went
    store(rating_of({**SENT, "rating": "wrong_place"}, [ARTICLE]), folder)
    ratings, torn = load(folder)
    assert [r.rating for r in ratings] == ["helpful", "wrong_place"]
    assert torn == 1


def test_what_a_full_disk_takes_of_a_line_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(rating_of(SENT, [ARTICLE]), tmp_path)
    before = (tmp_path / FILE).read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:50]))
    with pytest.raises(OSError, match="only a part of a line"):
        store(rating_of(SENT, [ARTICLE]), tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_question_with_line_ends_stays_one_line(tmp_path: Path) -> None:
    store(rating_of({**SENT, "question": "a\n- b\u2028> c\x85"}, [ARTICLE]), tmp_path)
    assert (tmp_path / FILE).read_text(encoding="utf-8").count("\n") == 1
    (rating,), torn = load(tmp_path)
    assert (rating.question, torn) == ("a\n- b\u2028> c\x85", 0)
    assert "- a - b > c\n> Low magnesium can cause fits." in bank_candidates([rating])


def test_helpful_ones_go_to_the_bank_and_the_rest_to_the_golden_questions() -> None:
    bad = {**SENT, "question": "rare?", "rating": "wrong_place"}
    ratings = [rating_of(sent, [ARTICLE]) for sent in (SENT, SENT, bad)]
    assert bank_candidates(ratings) == "## Review: rated helpful\n- fits?\n> Low magnesium can cause fits.\n"
    assert golden_candidates(ratings) == [
        {
            "id": "feedback-1",
            "question": "rare?",
            "kind": "answer",
            "quotes": [],
            "rated": "wrong_place",
            "shown": ["Low magnesium can cause fits."],
        }
    ]


def test_the_command_prints_candidates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(rating_of({**SENT, "rating": "not_helpful"}, [ARTICLE]), tmp_path)
    assert main([str(tmp_path), "--golden"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["question"] == "fits?"
    assert err == "1 ratings read, 0 torn lines skipped\n"


def test_a_folder_without_ratings_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"feedback.jsonl: no such file"):
        load(tmp_path)
