"""`python -m index.build` with bad input: one line, exit code 2, and the index as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.common.cli import run
from corpus.common.settings import ROOT, Settings
from index.build import build, main
from index.folder import read_manifest
from tests.corpus.test_bad_input import CASES
from tests.index import by_hand


def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["index.build", *arguments])
    assert run(main) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err.removeprefix("error: ").removesuffix("\n")


@pytest.mark.parametrize("case", CASES)
def test_a_bad_article(
    place: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    before = build(place).manifest
    folder = place.index.parent / "bad"
    folder.mkdir()
    make, reason = CASES[case]
    path = make(folder)
    said = refused(capsys, monkeypatch, str(path), "--out", str(place.index), "--model", place.model)
    assert said.startswith(f"{path}: ")
    assert reason in said
    assert read_manifest(place.index) == before


def test_two_articles_with_one_title(
    place: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = place.articles[0].with_name("other.md")
    other.write_text(by_hand.ARTICLE, encoding="utf-8")
    said = refused(capsys, monkeypatch, str(place.articles[0]), str(other), "--out", str(place.index))
    assert said == (
        f"{other}: its title “Iron” is that of {place.articles[0]} too; give one of them another title in its "
        "front matter"
    )
    assert not place.index.exists()


def test_a_bad_setting(place: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASK_PORT", "many")
    said = refused(capsys, monkeypatch, str(place.articles[0]))
    assert said == "ASK_PORT='many' cannot be used; allowed is a whole number from 0 to 65535"


def test_the_real_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "index.build", str(tmp_path / "none.md"), "--out", str(tmp_path / "index")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {tmp_path / 'none.md'}: no such file; check the path\n"
    assert not (tmp_path / "index").exists()


def test_help() -> None:
    command = [sys.executable, "-m", "index.build", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Build the index of one or more articles." in done.stdout
