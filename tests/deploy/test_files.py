"""What goes into a Space folder, and what is noticed when something else lies in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.settings import ROOT, read_settings
from deploy import files
from deploy.checks import files_of, private
from deploy.errors import SpaceError
from deploy.space import flavour, write_space


def test_only_what_answers_goes_in() -> None:
    names = {path.as_posix() for path in files.code()}
    assert {"app.py", "deploy/on_space.py", "index/opening.py", "web/page.py", "corpus/settings.py"} <= names
    for left_out in (
        "corpus/golden",
        "corpus/articles",
        "retrieval/evaluate",
        "tests",
        "index/build.py",
        "deploy/hub.py",
    ):
        assert not [name for name in names if name.startswith(left_out)]
    assert not [name for name in names if "__pycache__" in name]


def test_the_requirements_are_the_projects_own_pins_without_torch_and_gradio() -> None:
    listed = [line for line in files.serving_requirements().splitlines() if not line.startswith("#")]
    pinned = files.pins()
    assert listed == [f"{name}=={pinned[name]}" for name in files.SERVING]
    assert not {"torch", "gradio", "sentence-transformers", "transformers"} & set(files.SERVING)


def test_pins_are_read_without_their_comments(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("# head\na==1.0   # why\n\n-r other.txt\nb==2\n", encoding="utf-8")
    assert files.pins(path) == {"a": "1.0", "b": "2"}


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".env.local",
        "feedback/2026.jsonl",
        "a/__pycache__/b.pyc",
        "key.pem",
        ".git/config",
        "x.log",
        "m.pkl",
        "data/index/.lock",
    ],
)
def test_private_files_and_leftovers_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    assert private(tmp_path) == [f"{name} is private or a leftover; take it out"]


@pytest.mark.parametrize(
    "text", ["TOKEN = 'hf_" + "a" * 34 + "'", "-----BEGIN RSA PRIVATE " + "KEY-----", "AKIA" + "A" * 16]
)
def test_tokens_and_keys_in_texts_are_noticed(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.py").write_text(text, encoding="utf-8")
    assert private(tmp_path) == [
        "settings.py holds what looks like an access token or a key; take it out and revoke it"
    ]


def test_ordinary_files_are_not_suspected(tmp_path: Path) -> None:
    for name in ("app.py", ".gitattributes", ".gitignore", "web/page.css", "retrieval/feedback.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("hf_hub = 'environment'", encoding="utf-8")
    assert private(tmp_path) == []


def test_our_own_code_would_pass() -> None:
    assert [fault for fault in private(ROOT / "deploy") if "__pycache__" not in fault] == []


def test_hardware_that_is_not_known() -> None:
    assert flavour("zero") == "zero-a10g"
    with pytest.raises(SpaceError, match="HARDWARE=gpu is not known; allowed is cpu-basic or zero"):
        flavour("gpu")


def test_every_file_is_listed_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_text("", encoding="utf-8")
    assert files_of(tmp_path) == [Path("a/b")]


def test_a_folder_that_is_not_ours_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SpaceError, match="no Space folder of ours"):
        write_space(tmp_path, "cpu-basic", read_settings({}))
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"
