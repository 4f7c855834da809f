"""Is a Space folder fit to be uploaded: what lies in it, the head of its README; and does a running chat answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.common.settings import ROOT, read_settings
from deploy.checks import ask_chat, files_of, head_faults, private, read_head
from deploy.shipped import SpaceError
from deploy.space import flavour, write_space

GOOD: dict[str, Any] = {
    "title": "A",
    "emoji": "📖",
    "colorFrom": "green",
    "colorTo": "blue",
    "sdk": "gradio",
    "sdk_version": "6.31.0",
    "python_version": "3.12",
    "app_file": "app.py",
}


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
    for name in ("app.py", ".gitattributes", ".gitignore", "web/page.css", "web/ratings.py"):
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


@pytest.mark.parametrize(
    "text", ["# no head\n", "---\ntitle: [\n---\n", "---\njust words\n---\n", "---\nnever: closed\n"]
)
def test_no_head_is_said_in_one_line(tmp_path: Path, text: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text, encoding="utf-8")
    with pytest.raises(SpaceError, match="front matter") as caught:
        read_head(readme)
    assert "\n" not in str(caught.value)


def test_a_missing_field_and_a_version_without_quotes_are_named() -> None:
    assert head_faults(GOOD, "zero-a10g") == []
    assert head_faults({name: value for name, value in GOOD.items() if name != "sdk"}) == ["sdk is missing"]
    (fault,) = head_faults({**GOOD, "python_version": 3.12})
    assert fault == "python_version: 3.12 is no text; put it in quotes, so that YAML does not read a number"


def test_zero_gpu_offers_two_pythons() -> None:
    head = {**GOOD, "python_version": "3.11"}
    assert head_faults(head, "cpu-basic") == []
    assert "not offered on ZeroGPU" in head_faults(head, "zero-a10g")[0]


CHAT = """
import gradio as gr

def ask(question: str, history: list) -> dict:
    return {"question": question, "kind": "answer", "quotes": [{"text": "It is so."}] if "?" in question else []}

with gr.Blocks(analytics_enabled=False) as page:
    gr.api(ask, api_name="ask")
_, address, _ = page.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False, server_name="127.0.0.1")
print(address, flush=True)
page.block_thread()
"""


@pytest.fixture(scope="module")
def chat() -> Iterator[str]:
    """Address of a Gradio app, in a process of its own, whose `ask` has a quote for questions alone."""
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
    with subprocess.Popen([sys.executable, "-c", CHAT], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def test_a_running_chat_is_asked_and_has_to_quote(chat: str) -> None:
    assert ask_chat(chat, "Is it so?", "hf_test")["quotes"] == [{"text": "It is so."}]
    with pytest.raises(SpaceError, match=r"answers 'Hello' without a quote: .*; run: make space"):
        ask_chat(chat, "Hello")


def test_a_chat_that_does_not_answer_is_said_in_one_line() -> None:
    with pytest.raises(
        SpaceError, match=r"runs but does not answer at http://127.0.0.1:9 \(.+\); look at its log"
    ) as caught:
        ask_chat("http://127.0.0.1:9", "Is it so?")
    assert "\n" not in str(caught.value)
