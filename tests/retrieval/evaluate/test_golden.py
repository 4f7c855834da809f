from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.common.errors import QuestionFileError
from corpus.readers.registry import plain_article
from corpus.splitter import Limits, split
from retrieval.evaluate.golden import GoldenQuestion, accepts, golden_dataset, read_golden

TEXT = "Magnesium is a mineral. The body needs it. Kidneys keep it in balance."
ARTICLE = plain_article("m", "Magnesium", TEXT)
PASSAGES = tuple(split(ARTICLE, Limits(words=4, pieces=40)))


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows) + "\n", encoding="utf-8")
    return path


def row(kind: str, *quotes: str, id_: str = "r", history: tuple[str, ...] = ()) -> GoldenQuestion:
    return GoldenQuestion(id_, "What?", kind, quotes, history)


def test_rows_are_read_and_kinds_made_plain(tmp_path: Path) -> None:
    path = write(
        tmp_path / "g.jsonl",
        {"id": "a", "question": "Q?", "kind": "Near-Miss", "quotes": []},
        {"question": "And then?", "kind": "anything new", "quotes": ["S."], "history": ["Q?"]},
    )
    assert read_golden(path) == (
        GoldenQuestion("a", "Q?", "near_miss", ()),
        GoldenQuestion("3", "And then?", "anything_new", ("S.",), ("Q?",)),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 3: not JSON"),
        ("[]", "line 3: an object was expected, found list []"),
        ({"id": "a", "question": "Q?", "kind": "k", "quotes": []}, "line 3: id 'a' was given before"),
        ({"id": "b", "question": " ", "kind": "k", "quotes": []}, "line 3, question: a text was expected"),
        ({"id": "b", "question": "Q?", "quotes": []}, "line 3, kind: a text was expected, found nothing"),
        ({"id": "b", "question": "Q?", "kind": "k"}, "line 3, quotes: a list was expected, found nothing"),
        (
            {"id": "b", "question": "Q?", "kind": "k", "quotes": [4]},
            "line 3, quotes[0]: a text was expected, found int 4",
        ),
        ({"id": "b", "question": "Q?", "kind": "k", "quotes": [], "history": "Q?"}, "line 3, history: a list"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: Any, message: str) -> None:
    path = write(tmp_path / "g.jsonl", {"id": "a", "question": "Q?", "kind": "k", "quotes": []}, line)
    with pytest.raises(QuestionFileError) as caught:
        read_golden(path)
    assert message in str(caught.value)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="holds no question"):
        read_golden(write(tmp_path / "g.jsonl", ""))


@pytest.mark.parametrize(
    ("kind", "emergency"),
    [("emergency", True), ("emergency_indirect", True), ("emergency_sounding", False), ("not_emergency", False)],
)
def test_what_only_sounds_like_an_emergency_is_none(kind: str, emergency: bool) -> None:
    assert row(kind, "S.").emergency is emergency
    assert row(kind, "S.").answerable is not emergency


@pytest.mark.parametrize(
    ("shown", "right"),
    [
        ("Kidneys keep it in balance.", True),
        ("The body needs it.  Kidneys keep\nit in balance.", True),  # a neighbour taken along
        ("• Kidneys keep it in balance.", True),
        ("Kidneys keep it in ba", False),  # 21 of 27 characters: 0.778
        ("Kidneys keep it in bal", True),  # 22 of 27: 0.815
        ("Kidneys keep it in Balance.", False),
        ("", False),
    ],
)
def test_what_counts_as_the_accepted_sentence(shown: str, right: bool) -> None:
    assert accepts(shown, ["Another one.", "Kidneys keep it in balance."]) is right


def test_gold_is_every_passage_that_holds_an_accepted_sentence() -> None:
    rows = [
        row("fact", "Magnesium is a mineral.", "Kidneys keep it in balance.", history=("Earlier?", "Before?")),
        row("near_miss", id_="n"),
        row("far_off", id_="f"),
        row("smalltalk", id_="s"),
    ]
    (corpus,) = golden_dataset(Path("g"), rows, (ARTICLE,), PASSAGES).corpora
    asked, near = corpus.questions
    assert [p.text for p in PASSAGES if p.id in (asked.gold or ())] == [
        "Magnesium is a mineral.",
        "Kidneys keep it in balance.",
    ]
    assert asked.text == "Before? What?"
    assert (near.gold, near.answerable) == (None, False)
    assert [q.id for q in corpus.off_topic] == ["f"]


def test_sentences_the_article_does_not_hold_are_told() -> None:
    rows = [row("fact", "The body needs it."), row("fact", "The body eats it.", id_="lost")]
    dataset = golden_dataset(Path("g"), rows, (ARTICLE,), PASSAGES)
    assert dataset.notes == ("accepted sentences that stand in no article, rows: lost",)
    with pytest.raises(QuestionFileError, match="no accepted sentence stands in “Magnesium”; is --index the right one"):
        golden_dataset(Path("g"), rows[1:], (ARTICLE,), PASSAGES)
