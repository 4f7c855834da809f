from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.evaluate.datasets import Question
from retrieval.evaluate.ranking_scores import RankedQuestion, SystemRun
from retrieval.evaluate.result_files import file_name, write_runs


def asked(question: Question, *ranked: str) -> RankedQuestion:
    return RankedQuestion(question, "g", ranked, "", "", None, 0.5)


def test_lines_by_hand(tmp_path: Path) -> None:
    run = SystemRun(
        "− token match",
        (asked(Question("q1", "?", {"p2": 1, "p9": 2}), "p2", "p1"), asked(Question("q2", "?", None), "p1")),
        (),
    )
    path, qrels = write_runs(tmp_path / "new", [run])
    assert path.name == "token-match.run"
    assert path.read_text() == "q1 Q0 p2 1 2 token-match\nq1 Q0 p1 2 1 token-match\n"
    assert qrels.read_text() == "q1 0 p2 1\nq1 0 p9 2\n"


@pytest.mark.parametrize(("name", "file"), [("full", "full"), ("a / b", "a-b"), ("−", "system")])
def test_names_become_one_word(name: str, file: str) -> None:
    assert file_name(name) == file
