"""`make deploy` against a server that answers as the Hub's API does: what is sent, how each refusal is explained."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, constants
from huggingface_hub.utils.tqdm import disable_progress_bars

from corpus.common.cli import run
from deploy import hub as module
from deploy.hub import DeployError, Deployment
from tests.deploy.fake_hub import Hub, fake_hub

# huggingface_hub 2.4 hands a large file on in a way its own HTTP library has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

TOKEN = "hf_test"
NAMES = [".gitattributes", "README.md", "app.py", "web/model.onnx"]
ANSWER = {"question": "Is it so?", "kind": "answer", "quotes": [{"text": "It is so."}]}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    disable_progress_bars()
    monkeypatch.setattr(module, "first_question", lambda _: "Is it so?")
    with fake_hub() as server:

        def ask_chat(*asked: str) -> dict[str, Any]:
            server.asked.append(asked)
            return ANSWER

        monkeypatch.setattr(module, "ask_chat", ask_chat)
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    (tmp_path / "README.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
    (tmp_path / ".gitattributes").write_text("ours", encoding="utf-8")
    (tmp_path / "app.py").write_text("pass\n", encoding="utf-8")
    (tmp_path / "web" / "model.onnx").write_bytes(bytes(5000))
    return tmp_path


def deploy(
    hub: Hub, folder: Path, hardware: str = "cpu-basic", timeout: float = 20, space: str = "someone/chat"
) -> str:
    return Deployment(HfApi(endpoint=hub.url, token=TOKEN), space, folder, hardware, timeout, poll=0.01).run()


def refused(hub: Hub, folder: Path, **how: Any) -> str:
    with pytest.raises(DeployError) as caught:
        deploy(hub, folder, **how)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_creates_uploads_waits_and_asks(hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(hub, folder, hardware="zero-a10g") == hub.url
    assert {"type": "space", "sdk": "gradio", "hardware": "zero-a10g", "name": "chat"}.items() <= hub.created.items()
    assert hub.created["organization"] == "someone"
    assert hub.files["app.py"] == b"pass\n"
    assert hub.files["web/model.onnx"] == bytes(5000)  # went through LFS
    assert sorted(hub.files) == NAMES
    assert hub.files[".gitattributes"] == b"ours"
    assert hub.asked == [(hub.url, "Is it so?", TOKEN)]
    assert hub.commits == 1
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("stage")] == [
        "stage BUILDING",
        "stage APP_STARTING",
        "stage RUNNING",
    ]
    assert "'It is so.'" in said
    assert hub.tokens <= {f"Bearer {TOKEN}", ""}


def test_an_own_space_is_brought_up_to_date(hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.exists, hub.hardware, hub.tags = True, "cpu-basic", ["ask-the-article"]
    hub.files = {"app.py": b"old", "old/index.faiss": b"old", "README.md": b"old"}
    deploy(hub, folder)
    assert sorted(hub.files) == NAMES
    assert hub.files["app.py"] == b"pass\n"
    assert "1 stale files deleted" in capsys.readouterr().out
    assert not any("repos/create" in call or call.endswith("/hardware") for call in hub.requests)


def test_other_hardware_is_asked_for(hub: Hub, folder: Path) -> None:
    hub.exists, hub.hardware, hub.tags = True, "cpu-basic", ["ask-the-article"]
    deploy(hub, folder, hardware="zero-a10g")
    assert hub.hardware == "zero-a10g"


def test_a_foreign_space_is_left_alone(hub: Hub, folder: Path) -> None:
    hub.exists, hub.files = True, {"a": b"", "b": b"", "c": b""}
    assert "is another app; choose another name" in refused(hub, folder)
    assert hub.commits == 0


def test_a_sleeping_space_is_woken(hub: Hub, folder: Path) -> None:
    hub.stages = ["PAUSED"]
    deploy(hub, folder)
    assert "POST /api/spaces/someone/chat/restart" in hub.requests


def test_a_token_that_may_only_read(hub: Hub, folder: Path) -> None:
    hub.role = "read"
    message = refused(hub, folder)
    assert "'deploy' may only read" in message
    assert "https://huggingface.co/settings/tokens" in message
    assert hub.requests == ["GET /api/whoami-v2"]


def test_somebody_elses_name(hub: Hub, folder: Path) -> None:
    message = refused(hub, folder, space="other/chat")
    assert message == "the token is someone's and cannot write to other; allowed is someone, lab"


PRO = "hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription."


@pytest.mark.parametrize(
    ("where", "refusal", "words"),
    [
        ("/api/whoami-v2", (401, "", "Invalid credentials"), ("401", "unknown or expired", "hf auth login")),
        ("/api/repos/create", (402, "", PRO), (PRO, "make deploy SPACE=someone/chat HARDWARE=zero")),
        ("/api/repos/create", (403, "", "You don't have the rights"), ("You don't have the rights", "right to write")),
        ("/api/repos/create", (403, "", "ZeroGPU Spaces limit reached"), ("older than 30 days", "may host 2")),
        ("/api/repos/create", (409, "", "You already created this space repo"), ("the name is taken",)),
        (
            "/preupload/main",
            (403, "", "Private repository storage limit reached"),
            ("quota of the account is used up",),
        ),
        ("/commit/main", (413, "", "Payload too large"), ("uploading 4 files", "`make space` lists")),
        ("/commit/main", (429, "", "Rate limited"), ("too many requests",)),
        ("/api/whoami-v2", (500, "", "Internal error"), ("the Hub itself has trouble", "status.huggingface.co")),
    ],
)
def test_a_refusal_keeps_the_hubs_words_and_names_the_remedy(
    hub: Hub, folder: Path, where: str, refusal: tuple[int, str, str], words: tuple[str, ...]
) -> None:
    hub.refusals[where] = refusal
    message = refused(hub, folder)
    assert f"refused with {refusal[0]}" in message
    for word in words:
        assert word in message


def test_a_refused_large_file_is_explained_too(hub: Hub, folder: Path) -> None:
    sha = hashlib.sha256(bytes(5000)).hexdigest()
    hub.refusals[f"/storage/{sha}"] = (507, "", "Insufficient storage")
    assert "refused with 507" in (message := refused(hub, folder))
    assert "storage of the account is used up" in message


def test_a_build_error_shows_the_log(hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.stages, hub.error_message = ["BUILDING", "BUILD_ERROR"], "No matching distribution found"
    message = refused(hub, folder)
    assert message.startswith("the Space stopped at BUILD_ERROR (No matching distribution found); ")
    assert "GET /api/spaces/someone/chat/logs/build" in hub.requests
    said = capsys.readouterr().out
    assert "    line 29" in said
    assert "    line 4\n" not in said  # the last 25 lines


def test_a_runtime_error_shows_the_apps_log(hub: Hub, folder: Path) -> None:
    hub.stages = ["RUNTIME_ERROR"]
    assert "RUNTIME_ERROR" in refused(hub, folder)
    assert "GET /api/spaces/someone/chat/logs/run" in hub.requests


def test_it_does_not_wait_for_ever(hub: Hub, folder: Path) -> None:
    hub.stages = ["BUILDING"]
    message = refused(hub, folder, timeout=0.05)
    assert message.startswith("still BUILDING after 0 s; it may yet start")


def test_files_the_hub_left_out_are_noticed(hub: Hub, folder: Path) -> None:
    hub.ignored = {"app.py"}
    assert refused(hub, folder).startswith("the Hub left out app.py; delete .gitignore")


def test_a_head_the_hub_refuses_stops_the_upload(hub: Hub, folder: Path) -> None:
    hub.invalid = '"colorFrom" must be one of [red, yellow]'
    message = refused(hub, folder)
    assert message.startswith('uploading 4 files: refused (Invalid metadata in README.md. - "colorFrom" must be one of')
    assert "mend the head of README.md" in message
    assert hub.commits == 0


def test_no_network(folder: Path) -> None:
    api = HfApi(endpoint="http://127.0.0.1:9", token=TOKEN)
    with pytest.raises(DeployError, match="the Hub could not be reached"):
        Deployment(api, "someone/chat", folder, "cpu-basic").run()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "SPACE=nobody is no name of a Space; it must look like name/space"),
        (["someone/chat", "--hardware", "gpu"], "HARDWARE=gpu is not known; allowed is cpu-basic or zero"),
        (
            ["someone/chat"],
            "no access token; make one with the right to write at https://huggingface.co/settings/tokens",
        ),
    ],
)
def test_the_command_refuses_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    monkeypatch.setattr(module, "get_token", lambda: None)
    monkeypatch.setattr(sys, "argv", ["deploy.hub", *arguments])
    assert run(module.main) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"error: {words}")
    assert (said.err.count("\n"), said.out) == (1, "")
