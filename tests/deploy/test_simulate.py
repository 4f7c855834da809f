"""The Space folder started as Hugging Face would: on both kinds of hardware, and when something is wrong with it."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from corpus.common.settings import ROOT
from deploy.checks import check, read_head
from deploy.sandbox import SimulationError
from deploy.shipped import pins
from deploy.simulate import Environment, rehearse, simulate
from deploy.space import listing

pytestmark = [pytest.mark.install, pytest.mark.xdist_group("space")]


def test_the_folder_is_fit_for_both_kinds_of_hardware(space: Path) -> None:
    assert check(space, "cpu-basic") == []
    assert check(space, "zero-a10g") == []
    assert "model.onnx.data (LFS)" in listing(space)


@pytest.mark.parametrize("hardware", ["cpu-basic", "zero-a10g"])
def test_it_starts_answers_and_shows_the_answer(space: Path, environment: Environment, hardware: str) -> None:
    report = simulate(space, hardware, environment=environment)
    assert report.seen.answer["kind"] == "answer"
    assert report.seen.answer["quotes"][0]["text"]
    assert report.seen.foreign_requests == []
    assert report.seen.zero_reports == (1 if hardware == "zero-a10g" else 0)
    assert report.seen.cold_start < 60
    if os.getuid() == 0 and report.cut_off:
        assert report.seen.user == 1000
    lines = report.lines()
    assert "cold start" in lines
    assert "NETWORK OPEN" not in lines or not report.cut_off


def test_what_is_installed_holds_no_torch(environment: Environment) -> None:
    installed = {path.name.split("-")[0].lower() for path in environment.python.parents[1].rglob("*.dist-info")}
    assert {"gradio", "faiss_cpu", "onnxruntime"} <= installed
    assert not {"torch", "transformers", "sentence_transformers"} & installed
    assert environment.megabytes < 1000


def test_a_damaged_index_stops_the_app_with_its_reason(space: Path, environment: Environment, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(space, tmp_path / "space"))
    damaged = next(copy.rglob("passages.faiss"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with pytest.raises(SimulationError, match=r"the app ended with exit code 2.*passages\.faiss"):
        rehearse(copy, "cpu-basic", "Is it so?", environment)


def test_zero_gpu_stops_an_app_that_does_not_report(space: Path, environment: Environment, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(space, tmp_path / "space"))
    silent = (
        (copy / "deploy" / "on_space.py")
        .read_text(encoding="utf-8")
        .replace("        report_to_zero_gpu()", "        pass")
    )
    (copy / "deploy" / "on_space.py").write_text(silent, encoding="utf-8")
    with pytest.raises(SimulationError, match=r"No @spaces\.GPU function detected"):
        simulate(copy, "zero-a10g", environment=environment)


def test_nothing_was_written_beside_the_code(space: Path) -> None:
    assert not list(space.rglob("__pycache__"))
    assert all(stat.S_ISREG(path.lstat().st_mode) for path in space.rglob("*") if not path.is_dir())


def test_the_repository_itself_and_the_space_are_in_step(space: Path) -> None:
    """Either can be pushed to a Space: the same head but for the hardware, and pins that agree."""
    ours, theirs = read_head(ROOT / "README.md"), read_head(space / "README.md")
    assert {**ours, "suggested_hardware": "zero-a10g"} == theirs
    assert (space / str(ours["app_file"])).read_bytes() == (ROOT / str(ours["app_file"])).read_bytes()
    assert pins(space / "requirements.txt").items() <= pins().items()
    assert ours["sdk_version"] == pins()["gradio"]
