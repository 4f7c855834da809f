import json
from pathlib import Path

import pytest

from corpus.splitter import Limits
from training.sources import Pool, lines, put_in, squad, written

ARTICLE = """---
title: "Kettle"
---

## Use

Fill the kettle to the line. It boils in three minutes. Empty it every evening.
"""
ROWS = [
    {
        "id": "k-1",
        "article": "k",
        "question": "How long?",
        "answerable": True,
        "sentences": ["It boils in three minutes."],
    },
    {
        "id": "k-2",
        "article": "k",
        "question": "How loud is it?",
        "answerable": False,
        "contrast": {"after": "It boils in three minutes.", "text": "It is as loud as a whisper."},
        "decoy": {"after": "", "text": "It comes in blue and in red."},
    },
]


def pool(tmp_path: Path) -> Pool:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "k", "markdown": ARTICLE}))
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    made = Pool(Limits())
    written(made, tmp_path / "a.jsonl", tmp_path / "q.jsonl", "own", tmp_path)
    return made


def test_each_question_and_each_invented_sentence_has_both_labels(tmp_path: Path) -> None:
    made = pool(tmp_path)
    said = {
        item.kind: [
            (made.texts[n].text[a:b], label)
            for n, labels in zip(item.passages, item.labels, strict=True)
            for (a, b), label in zip(made.texts[n].spans, labels, strict=True)
        ]
        for item in made.items
    }
    fill, boils, empty = "Fill the kettle to the line.", "It boils in three minutes.", "Empty it every evening."
    assert said == {
        "as given +": [(fill, 0), (boils, 1), (empty, 0)],
        "twin -": [(fill, 0), (empty, 0)],
        "as given -": [(fill, 0), (boils, 0), (empty, 0)],
        "contrast +": [(fill, 0), (boils, 0), ("It is as loud as a whisper.", 1), (empty, 0)],
        "decoy -": [("It comes in blue and in red.", 0), (fill, 0), (boils, 0), (empty, 0)],
    }
    assert {item.group for item in made.items} == {"own:k"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [("One.", "---\ntitle: x\n---\n\n# H\n\nOne. New. Two.\n"), ("", "---\ntitle: x\n---\n\n# H\n\nNew. One. Two.\n")],
)
def test_a_sentence_is_put_in_where_it_should_stand(after: str, expected: str) -> None:
    assert put_in("---\ntitle: x\n---\n\n# H\n\nOne. Two.\n", after, "New.") == expected


def test_of_squad_the_sentence_that_holds_the_answer_counts(tmp_path: Path) -> None:
    paragraph = {
        "context": "Rome is old. Paris lies on the Seine.",
        "qas": [
            {
                "id": "1",
                "question": "Where?",
                "is_impossible": False,
                "answers": [{"answer_start": 31, "text": "Seine"}],
            },
            {"id": "2", "question": "Who?", "is_impossible": True, "answers": []},
        ],
    }
    (tmp_path / "s.json").write_text(json.dumps({"data": [{"title": "T", "paragraphs": [paragraph]}]}))
    made = Pool(Limits())
    squad(made, tmp_path / "s.json")
    assert [(item.kind, item.labels) for item in made.items] == [("squad +", ((0, 1),)), ("squad -", ((0, 0),))]


@pytest.mark.parametrize("name", ["general", "held-out"])
def test_own_questions_are_whole(name: str) -> None:
    folder = Path(__file__).parents[2] / "training" / "data"
    texts = {row["id"]: row["markdown"] for row in lines(folder / f"{name}-articles.jsonl")}
    rows = list(lines(folder / f"{name}-questions.jsonl"))
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        wanted = row["sentences"] if row["answerable"] else [row["contrast"]["after"], row["nearest"]]
        assert all(sentence in texts[row["article"]] for sentence in wanted), row["id"]
        assert row["answerable"] or row["contrast"]["text"] != row["decoy"]["text"]
