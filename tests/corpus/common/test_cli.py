"""The edge of a command: what becomes of an error, an interrupt and a closed pipe."""

from __future__ import annotations

import subprocess
import sys

import pytest

from corpus.common.cli import run
from corpus.common.errors import AskError, IndexStale
from corpus.common.settings import ROOT


def raising(error: BaseException) -> int:
    def main(_arguments: list[str]) -> int:
        raise error

    return run(main)


def test_an_error_of_ours_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(IndexStale("old; run it")) == 2
    assert capsys.readouterr() == ("", "error: old; run it\n")
    assert issubclass(IndexStale, AskError)


def test_an_interrupt_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "")


def test_memory_that_runs_out_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(MemoryError()) == 1
    told = "error: there is not enough memory for this; close other programs or raise the limit\n"
    assert capsys.readouterr().err == told


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError())


def test_a_reader_that_went_away_is_no_error() -> None:
    script = (
        "import sys\nfrom corpus.common.cli import run\nsys.exit(run(lambda _: [print(n) for n in range(99999)] and 0))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
