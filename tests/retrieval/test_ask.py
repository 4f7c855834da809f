"""The command: plain, as JSON, in batches, with a history; and one line for what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.common.cli import run
from corpus.common.errors import QuestionFileError, SettingError
from corpus.common.settings import Settings
from retrieval import ask

SYMPTOMS = "What are the symptoms of low magnesium levels?"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 3: not JSON"),
        ("[1]", 'line 3: no "question"'),
        ('{"text": "a"}', 'line 3: no "question"'),
        ('{"question": "a", "history": "b"}', 'line 3: "history" must be a list of earlier questions'),
        ('{"question": "a", "history": [1]}', 'line 3: "history" must be a list of earlier questions'),
        ("[" * 100_000, "line 3: not JSON"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(f'{{"question": "first"}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(QuestionFileError) as error:
        list(ask.read_batch(file))
    assert str(error.value).startswith(f"{file}, {reason}")


def test_a_batch_is_read_in_order_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    for mark in ("", "\ufeff"):
        file.write_text(mark + '{"question": "b", "history": ["a"]}\n{"question": 7}\r\n', encoding="utf-8")
        assert list(ask.read_batch(file)) == [("b", ["a"]), (7, [])]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="cannot be read"):
        list(ask.read_batch(tmp_path / "none"))
    (tmp_path / "latin").write_bytes(b"\xe9")
    with pytest.raises(QuestionFileError, match="not UTF-8"):
        list(ask.read_batch(tmp_path / "latin"))


@pytest.mark.parametrize("arguments", [[], ["a", "--batch", "b"]])
def test_one_question_or_one_file(arguments: list[str]) -> None:
    with pytest.raises(SettingError, match="give either one question or --batch FILE"):
        ask.main(arguments)


@pytest.mark.model
def test_a_question_as_json_and_plain(real_index: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--index", str(real_index.index)]
    assert ask.main([SYMPTOMS, "--json", *where]) == 0
    line = capsys.readouterr().out
    data = json.loads(line)
    assert (line.count("\n"), data["question"], data["kind"]) == (1, SYMPTOMS, "answer")
    assert ask.main([SYMPTOMS, *where]) == 0
    plain = capsys.readouterr().out
    quote = data["quotes"][0]
    assert plain.startswith("Symptoms of hypomagnesemia can vary")
    assert f"— {quote['article']}, {quote['heading']} (characters {quote['start']}–{quote['end']})" in plain
    assert "Sources:\n  1. " in plain
    assert max(map(len, plain.splitlines()[:4])) <= ask.WIDTH


@pytest.mark.model
def test_a_batch_keeps_its_order_and_a_history_counts(
    real_index: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = "Tell me about the boy in the Johnson case report"
    rows = [{"question": "hello"}, {"question": "did it help him?", "history": [history]}, {"question": None}]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    where = ["--index", str(real_index.index)]
    assert ask.main(["--batch", str(file), "--json", *where]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(a["question"], a["kind"]) for a in answers] == [
        ("hello", "smalltalk"),
        ("did it help him?", "answer"),
        ("", "invalid"),
    ]
    assert ask.main(["did it help him?", "--history", history, "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["quotes"] == answers[1]["quotes"]


@pytest.mark.model
def test_nothing_is_answered_before_all_lines_are_read(
    real_index: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text('{"question": "hello"}\nno\n', encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["ask", "--batch", str(file), "--json", "--index", str(real_index.index)])
    assert run(ask.main) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {file}, line 2: not JSON")
    assert err.count("\n") == 1
