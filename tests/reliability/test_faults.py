"""The real process when something breaks: signals, an answerer that raises, what logs and responses tell."""

from __future__ import annotations

import concurrent.futures
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from corpus.common.settings import ROOT
from tests.reliability.fake_process import process

pytestmark = pytest.mark.xdist_group("server")
ASK = "/gradio_api/run/ask"
CALL = "/gradio_api/call/ask"


def test_told_to_end_it_delivers_what_was_asked_and_ends_well(tmp_path: Path) -> None:
    with process(tmp_path / "log") as (running, http), concurrent.futures.ThreadPoolExecutor(4) as pool:
        direct = [pool.submit(http.post, ASK, json={"data": ["slowly"]}) for _ in range(2)]
        event = http.post(CALL, json={"data": ["slowly"]}).json()["event_id"]
        streamed = pool.submit(http.get, f"{CALL}/{event}")
        time.sleep(0.7)
        running.send_signal(signal.SIGTERM)
        assert [asked.result().status_code for asked in direct] == [200, 200]
        assert '"kind": "answer"' in streamed.result().text
        assert running.wait(15) in (0, -signal.SIGTERM)  # uvicorn passes the signal on when it is done
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_an_answerer_that_raises_is_told_calmly_and_its_question_is_not_logged(tmp_path: Path) -> None:
    secret = "break down CANARY-4711"
    with process(tmp_path / "log") as (_, http):
        direct = http.post(ASK, json={"data": [secret]})
        assert direct.status_code == 503
        assert "try again" in direct.json()["error"]
        event = http.post(CALL, json={"data": [secret]}).json()["event_id"]
        streamed = http.get(f"{CALL}/{event}").text
        assert "event: error" in streamed
        for told in (direct.text, streamed):
            assert "Traceback" not in told
            assert "CANARY" not in told
            assert str(ROOT) not in told
        assert http.get("/healthz").status_code == 200
        for question in ("hello CANARY-4711", "CANARY-4711" * 100, "", {"CANARY-4711": 1}):
            assert http.post(ASK, json={"data": [question]}).status_code == 200
        assert http.post(ASK, content=b"CANARY-4711").status_code == 400
        assert http.get("/CANARY-4711?q=CANARY-4711").status_code == 404
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "CANARY" not in log
    assert "Traceback" not in log


def test_an_answer_nobody_asked_for_is_not_there(tmp_path: Path) -> None:
    with process(tmp_path / "log") as (_, http):
        event = http.post(CALL, json={"data": ["hello"]}).json()["event_id"]
        assert "event: complete" in http.get(f"{CALL}/{event}").text
        assert http.get(f"{CALL}/{event}").status_code == 404
        assert http.get(f"{CALL}/nope").status_code == 404
        assert http.get("/gradio_api/queue/data?session_hash=nope").status_code == 404
        assert http.get("/gradio_api/queue/data").status_code == 404
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""


BODIES: list[dict[str, Any]] = [
    {"data": ["hi"], "batched": True, "event_id": 7, "trigger_id": "x", "event_data": [[]], "fn_index": 99},
    {"data": ["hi", [[["deep"]]]], "session_hash": 5},
    {"data": [[[[1]]], {"a": [1]}]},
    {"data": ["hi", [1, None, "a", "\u0000"]]},
    {"data": ["hi"] * 5},
    {"data": float("1e300")},
]


@pytest.mark.parametrize("path", [ASK, CALL, "/gradio_api/run/predict", "/gradio_api/queue/join"])
def test_no_body_gets_a_500_or_a_path_of_this_machine(shared: httpx.Client, path: str) -> None:
    numbered = [{**body, "fn_index": number} for body in BODIES for number in (0, -1, 2**70, "0")]
    for body in [*BODIES, *numbered]:
        response = shared.post(path, json=body)
        assert response.status_code in (200, 400), (path, body, response.text)
        assert str(ROOT) not in response.text
        assert sys.prefix not in response.text
    deep = b'{"data": ["hi", ' + b"[" * 900 + b"]" * 900 + b"]}"
    for content in (deep, b"\x00", b'{"data": ["\\ud800"]}', b'{"data": [NaN]}'):
        assert shared.post(path, content=content).status_code in (200, 400, 422)


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/theme.css", "/assets/x", "/static/%2e%2e/x"])
def test_no_response_names_a_path_of_this_machine(shared: httpx.Client, path: str) -> None:
    text = shared.get(path).text
    for place in (str(ROOT), sys.prefix, str(Path.home()) + "/"):
        assert place not in text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_no_page_elsewhere_may_read_an_answer(shared: httpx.Client, origin: str) -> None:
    headers = {"origin": origin}
    asked = shared.post(ASK, json={"data": ["hello"]}, headers=headers)
    preflight = shared.options(ASK, headers={**headers, "access-control-request-method": "POST"})
    assert (asked.status_code, preflight.status_code) == (200, 405)
    for response in (asked, preflight):
        assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with process(tmp_path_factory.mktemp("shared") / "log") as (_, http):
        yield http
