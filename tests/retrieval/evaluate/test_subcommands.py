from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import RR, Success

from corpus.common.errors import BelowTarget, SettingError
from corpus.common.settings import ROOT, Settings
from corpus.readers.registry import plain_article
from retrieval.evaluate.product import Product
from retrieval.evaluate.ranking_scores import METRICS
from retrieval.evaluate.subcommands import main
from retrieval.result import AnswerKind
from tests.retrieval.evaluate.fakes import Scripted, answer, product

SENTENCES = ("Magnesium is a mineral.", "Kidneys keep magnesium in balance.", "Seeds hold much of it.")
ARTICLE = plain_article("m", "Magnesium", " ".join(SENTENCES))
read_qrels: Any = ir_measures.read_trec_qrels
read_run: Any = ir_measures.read_trec_run
EVIL = "<script>alert('x')</script> & “kidneys”?"


def open_fake(_settings: Settings) -> Product:
    answers = {
        "minerals?": answer(AnswerKind.ANSWER, SENTENCES[0], confidence=0.9),
        EVIL: answer(AnswerKind.ANSWER, "<b>wrong</b>", confidence=0.4),
    }
    without = {"minerals?": answer(AnswerKind.ANSWER, SENTENCES[2], confidence=0.2)}
    return product(lambda bank: Scripted((ARTICLE,), answers if bank else without))


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    text = " ".join(SENTENCES)
    qas = [
        {
            "id": "1",
            "question": "kidneys balance",
            "answers": [{"text": "balance", "answer_start": text.index("balance")}],
        },
        {"id": "2", "question": EVIL, "answers": [{"text": "much", "answer_start": text.index("much")}]},
    ]
    path = tmp_path / "squad.json"
    entries = [
        {"title": f"T {n}", "paragraphs": [{"context": text, "qas": qas}, {"context": "Gold.", "qas": []}]}
        for n in "ab"
    ]
    path.write_text(json.dumps({"data": entries}), encoding="utf-8")
    return path


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    rows = [
        {"id": "a", "question": "minerals?", "kind": "fact", "quotes": [SENTENCES[0]]},
        {"id": "b", "question": EVIL, "kind": "fact", "quotes": [SENTENCES[1]]},
        {"id": "c", "question": "gold?", "kind": "near_miss", "quotes": []},
    ]
    path = tmp_path / "golden.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> int:
    return main([str(a) for a in arguments], open_fake)


def test_the_json_holds_every_figure_of_the_contract(squad: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("squad", squad, "--json", out) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert list(found["systems"]) == ["full", "bm25", "dense"]
    assert all(set(figures) == {*METRICS, "n"} for figures in found["systems"].values())
    assert found["systems"]["full"]["recall@1"] == 1.0
    assert found["systems"]["full"]["auroc_no_answer"] is None
    assert found["systems"]["full"]["n"] == 4
    assert found["intervals"]["systems"]["full"]["sentence@1"] == [0.5, 0.5]
    assert found["comparisons"]["dense"]["recall@1"] == {"difference": 1.0, "low": 1.0, "high": 1.0, "p": 0.0002}
    assert found["dataset"]["bootstrap"] == {"rounds": 10000, "unit": "article", "units": 2}
    assert found["versions"] == {"fake": "1"}


def test_split_and_ablation_run_through_the_same_machinery(
    squad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("squad", squad, "--split", "--json", tmp_path / "o.json") == 0
    assert json.loads((tmp_path / "o.json").read_text())["dataset"]["command"] == "squad --split"
    assert run("ablation", squad, "--split") == 0
    assert "full less each other system" in capsys.readouterr().out


def test_beir_ranks_all_documents_together_and_counts_the_share_of_gold(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q\tone\t1\nq\ttwo\t1\nr\ttwo\t1\n", encoding="utf-8")
    texts = {"one": "kidneys keep water", "two": "seeds", "three": "gold kidneys"}
    docs = "".join(json.dumps({"_id": i, "text": t}) + "\n" for i, t in texts.items())
    (tmp_path / "corpus.jsonl").write_text(docs, encoding="utf-8")
    queries = '{"_id": "q", "text": "kidneys keep"}\n{"_id": "r", "text": "seeds"}\n'
    (tmp_path / "queries.jsonl").write_text(queries, encoding="utf-8")
    assert run("beir", tmp_path, "--json", tmp_path / "o.json") == 0
    full = json.loads((tmp_path / "o.json").read_text())["systems"]["full"]
    # q: one first (1 of its 2), two only third; r: two first.
    assert (full["recall@1"], full["recall@3"], full["mrr@10"]) == (0.75, 1.0, 1.0)
    assert (full["sentence@1"], full["auroc_off_topic"], full["n"]) == (None, None, 2)


def test_golden_reports_answers_with_and_without_the_bank_and_the_systems(golden: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("golden", golden, "--no-bank", "--json", out) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["golden"]["first_quote_right"] == 0.5
    assert found["golden"]["risk"] == 0.5
    assert found["golden"]["counts"]["near_miss_held_back"] == [1, 1]
    assert found["golden"]["kinds"]["fact"] == {
        "n": 2, "right": 1, "right_not_first": 0, "wrong": 1, "abstained": 0, "returned": {"answer": 2},
    }  # fmt: skip
    assert found["golden_no_bank"]["first_quote_right"] == 0.0
    assert found["golden_no_bank"]["coverage"] == 0.5
    assert found["intervals"]["golden"]["emergency_recall"] is None
    assert found["intervals"]["golden"]["near_miss_held_back"] == [0.025, 1.0]
    assert found["systems"]["full"]["n"] == 2


def test_golden_without_an_answerable_row_still_reports(tmp_path: Path) -> None:
    path, out = tmp_path / "g.jsonl", tmp_path / "o.json"
    path.write_text('{"id": "e", "question": "help", "kind": "emergency", "quotes": []}\n', encoding="utf-8")
    assert run("golden", path, "--json", out, "--report", tmp_path / "r.html") == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["systems"] == {}
    assert found["golden"]["emergency_recall"] == 0.0


def test_other_tools_read_the_same_figures_out_of_the_run_files(squad: Path, tmp_path: Path) -> None:
    assert run("squad", squad, "--run", tmp_path / "runs", "--json", tmp_path / "o.json") == 0
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == ["bm25.run", "dense.run", "full.run", "qrels.txt"]
    qrels = list(read_qrels(str(tmp_path / "runs" / "qrels.txt")))
    figures = json.loads((tmp_path / "o.json").read_text())["systems"]
    for name in ("full", "bm25"):
        read = list(read_run(str(tmp_path / "runs" / f"{name}.run")))
        again = ir_measures.calc_aggregate([Success @ 1, RR @ 10], qrels, read)
        assert again == pytest.approx({Success @ 1: figures[name]["recall@1"], RR @ 10: figures[name]["mrr@10"]})


class _Tags(HTMLParser):
    """Counts tags and collects whatever would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]


@pytest.mark.parametrize("command", ["squad", "golden"])
def test_the_report_stands_alone_and_shows_questions_as_text(
    command: str, squad: Path, golden: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    assert run(command, {"squad": squad, "golden": golden}[command], "--report", out) == 0
    page = out.read_text(encoding="utf-8")
    read = _Tags()
    read.feed(page)
    assert read.fetched == []
    assert "script" not in read.tags
    assert "b>wrong" not in page
    assert "url(" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; “kidneys”?" in page
    assert read.tags.count("svg") == len(re.findall(r"<svg (?:role=img aria-label=|aria-hidden=true)", page))


def test_the_table_is_for_people(squad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("squad", squad)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "squad squad.json"
    assert "recall@1         1.000 (1.000–1.000)  1.000 (1.000–1.000)  0.000 (0.000–0.000)" in lines
    assert lines[-1].startswith("In brackets: 95% intervals, 10,000 bootstrap draws of 2 articles.")


def test_a_figure_below_its_bound_fails_with_both_values_after_writing(squad: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with pytest.raises(
        BelowTarget, match=r"sentence@1 is 0\.5000, at least 0\.82 .*dense\.recall@1 is 0\.0000, at least 0\.1"
    ):
        run("squad", squad, "--json", out, "--fail-under", "sentence@1=0.82", "--fail-under", "dense.recall@1=0.1")
    assert out.is_file()


def test_figures_that_reach_their_bounds_pass(squad: Path, golden: Path) -> None:
    assert run("squad", squad, "--fail-under", "sentence@1=0.5", "--fail-under", "bm25.recall@1=1") == 0
    assert run("golden", golden, "--fail-under", "coverage=1", "--fail-over", "risk=0.5") == 0
    with pytest.raises(BelowTarget, match=r"risk is 0\.5000, at most 0\.49 was demanded"):
        run("golden", golden, "--fail-over", "risk=0.49")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-under", "recall@1"], "no such figure"),
        (["--fail-under", "recal@1=0.9"], "no such figure 'recal@1'"),
        (["--fail-under", "recall@1=high"], "'high' is not a number"),
        (["--fail-under", "recall@1=90"], "is not between 0 and 1"),
        (["--fail-under", "risk=0.1"], "of risk less is better; use --fail-over"),
        (["--fail-over", "recall@1=0.1"], "of recall@1 more is better; use --fail-under"),
        (["--fail-under", "auroc_no_answer=0.5"], "auroc_no_answer is not measured on squad.json"),
        (["--fail-under", "coverage=0.5"], "coverage is not measured on squad.json"),
        (["--json", "/nowhere/at/all.json"], "its folder does not exist; create /nowhere/at"),
        (["--depth", "3"], "unrecognized arguments: --depth 3; python -m retrieval.evaluate --help"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(squad: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(SettingError) as caught:
        run("squad", squad, *arguments)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_ends_with_two_and_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "retrieval.evaluate", "squad", str(tmp_path / "none.json")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path / 'none.json'}: no such file; check the path\n"
    assert done.stdout == ""


def test_golden_passes_the_history_on(tmp_path: Path) -> None:
    seen: list[Any] = []
    path = tmp_path / "g.jsonl"
    path.write_text('{"question": "why?", "kind": "k", "quotes": [], "history": ["a?", "b?"]}\n', encoding="utf-8")

    def open_listening(settings: Settings) -> Product:
        listener = Scripted((ARTICLE,), {})
        seen.extend([listener, settings.index])
        return product(lambda _bank: listener)

    assert main(["golden", str(path), "--index", str(tmp_path / "i")], open_listening) == 0
    assert seen[0].histories == {"why?": ("a?", "b?")}
    assert seen[1] == tmp_path / "i"
