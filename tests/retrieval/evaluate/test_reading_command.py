from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.common.errors import BelowTarget, SettingError
from corpus.common.settings import Settings
from corpus.readers.registry import markdown_article
from retrieval.evaluate.product import Product, open_product
from retrieval.evaluate.subcommands import main
from retrieval.result import AnswerKind
from tests.retrieval.evaluate.fakes import product
from tests.retrieval.evaluate.test_reading import QUESTIONS, Overlap, near, write


def open_fake(_settings: Settings) -> Product:
    return replace(product(), alone=Overlap)


def run(*arguments: str | Path) -> int:
    return main([str(a) for a in arguments], open_fake)


def test_the_json_holds_the_contract(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("reading", *write(tmp_path), "--json", out) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    whole = [
        "n",
        "first_right",
        "any_right",
        "coverage",
        "held_back",
        "wrong_among_answers",
        "auroc_answerable",
        "paired",
    ]
    given = ["articles", "n", "first_right", "any_right", "coverage", "near_held_back", "wrong_among_answers"]
    assert list(found)[:9] == [*given, "auroc_answerable", "balanced"]
    assert list(found["balanced"]) == ["articles", *whole, "with_without", "contrast_decoy"]
    assert list(found["balanced"]["with_without"]) == ["articles", *whole]
    assert (found["articles"], found["n"], found["first_right"]) == (2, 5, 0.666667)
    assert (found["balanced"]["n"], found["balanced"]["paired"]) == (10, 0.9)
    assert found["balanced"]["contrast_decoy"]["wrong_among_answers"] == 0.333333
    assert found["intervals"]["first_right"] == [0.5, 1.0]
    assert set(found["intervals"]["balanced"]["with_without"]) == set(whole) - {"n"}
    assert found["calibration"]["given"]["expected_calibration_error"] == 0.283333
    assert found["calibration"]["given"]["bins"][9] == {
        "low": 0.9,
        "high": 1.0,
        "n": 2,
        "confidence": 1.0,
        "right": 1.0,
    }
    assert found["dataset"]["bootstrap"] == {"rounds": 10000, "unit": "article", "units": 2}
    assert found["versions"] == {"fake": "1"}


def test_the_json_without_contrasts_has_nothing_balanced(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("reading", *write(tmp_path, QUESTIONS[:3]), "--json", out) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["balanced"], found["intervals"]["balanced"], found["calibration"]["balanced"]) == (None, None, None)
    assert (found["near_held_back"], found["auroc_answerable"]) == (None, None)


def test_the_table_is_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reading", *write(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "reading questions.jsonl"
    table = {line.split("  ")[0]: line for line in lines}
    assert "0.667 (0.500–1.000)" in table["first_right"]
    assert "0.900" in table["paired"]
    assert lines[-1].startswith("In brackets: 95% intervals, 10,000 bootstrap draws of 2 articles.")


def test_the_report_shows_the_errors_as_text(tmp_path: Path) -> None:
    evil = near("x", "tea", "tea <script>?", ("", "S."), ("", "Tea script."))
    out = tmp_path / "report.html"
    assert run("reading", *write(tmp_path, [*QUESTIONS, evil]), "--report", out) == 0
    page = out.read_text(encoding="utf-8")
    assert "tea &lt;script&gt;?" in page
    assert "<script" not in page
    assert "Expected calibration error" in page


def test_parts_can_be_held_to_bounds(tmp_path: Path) -> None:
    files = write(tmp_path)
    assert run("reading", *files, "--fail-under", "coverage=1", "--fail-under", "balanced.paired=0.9") == 0
    with pytest.raises(BelowTarget, match=r"with_without\.wrong_among_answers is 0\.6000, at most 0\.5 was demanded"):
        run("reading", *files, "--fail-over", "with_without.wrong_among_answers=0.5")
    with pytest.raises(SettingError, match=r"near_held_back is not measured on questions\.jsonl"):
        run("reading", *files, "--fail-under", "balanced.near_held_back=0.5")


@pytest.mark.model
def test_the_product_answers_from_one_article_in_memory(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "nowhere")
    alone = open_product(settings).alone
    text = "## Use\n\nIron carries oxygen in the blood.\n\n## Food\n\nBeans and lentils hold much iron."
    answerer = alone(markdown_article("iron", "Iron", text))
    assert [article.title for article in answerer.articles] == ["Iron"]
    assert answerer.starters == ()
    found = answerer.ask("Which foods hold much iron?")
    assert (found.kind, found.quotes[0].text) == (AnswerKind.ANSWER, "Beans and lentils hold much iron.")
    assert found.suggestions == ()
    assert not settings.index.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--limit", "0"], "--limit 0: a whole number from 1 on was expected"),
        (["--every", "-1"], "--every -1: a whole number from 1 on was expected"),
        (["--every", "x"], "--every: invalid"),
        (["--run", "somewhere"], "unrecognized arguments: --run"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(SettingError) as caught:
        run("reading", *write(tmp_path), *arguments)
    assert message in str(caught.value)
