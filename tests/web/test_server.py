"""The server as others reach it: what is open, what is closed, what every response carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from gradio_client import Client

from corpus.common.errors import SettingError
from tests.web.fake import real_answerer
from tests.web.serving import served
from web.middleware.headers import rewrite
from web.middleware.request_filter import MAX_BODY
from web.server import bind

QUESTION = "What are the symptoms of low magnesium levels?"
pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(ASK_FRAME_ANCESTORS="https://example.org") as where:
        yield where


@pytest.fixture(scope="module")
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_the_api_gives_the_contracts_answer(address: str) -> None:
    client = Client(address, verbose=False, analytics_enabled=False)
    try:
        assert client.predict(QUESTION, api_name="/ask") == _plain(real_answerer().ask(QUESTION).to_json())
        earlier = client.predict("and treatment?", ["What is hypomagnesemia?"], api_name="/ask")
        assert earlier["question"] == "and treatment?"
        named = client.view_api(return_format="dict", print_info=False)
        assert list(named["named_endpoints"]) == ["/ask"]
        assert named["unnamed_endpoints"] == {}
    finally:
        client.close()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("sent", [None, 7, {"a": 1}, ["x"]])
def test_a_question_that_is_no_text_is_refused_kindly(http: httpx.Client, sent: object) -> None:
    response = http.post("/gradio_api/run/ask", json={"data": [sent, []]})
    assert response.status_code == 200
    assert response.json()["data"][0]["kind"] == "invalid"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload_progress",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/gradio_api/app_id",
        "/gradio_api/proxy=https://example.org",
        "/monitoring",
        "/monitoring/summary",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/feedback",
        "/web/../server.py",
        "/web/%2e%2e/server.py",
    ],
)
def test_what_is_not_needed_is_closed(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


def test_uploads_are_closed(http: httpx.Client) -> None:
    assert http.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404
    assert http.put("/").status_code == 405
    assert http.get("/gradio_api/queue/join").status_code == 405


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"[1]", b"\xff", b"[" * 100_000, b"{}", b'{"data": 5}', b'{"data": []}', b'{"data": ["\\ud800"]}'],
)
def test_a_body_that_asks_nothing_is_refused(http: httpx.Client, body: bytes) -> None:
    assert http.post("/gradio_api/run/ask", content=body).status_code == 400


@pytest.mark.parametrize("path", ["/gradio_api/run/predict", "/gradio_api/queue/join"])
@pytest.mark.parametrize(
    "sent",
    [
        {"data": ["hi", []]},
        {"data": ["hi", []], "fn_index": 99},
        {"data": ["hi", []], "fn_index": True},
        {"data": ["hi", []], "fn_index": 1},
        {"data": ["hi"], "fn_index": 0},
    ],
)
def test_an_event_that_is_not_ours_is_refused(http: httpx.Client, path: str, sent: object) -> None:
    assert http.post(path, json=sent).status_code == 400


def test_a_question_alone_is_enough(http: httpx.Client) -> None:
    response = http.post("/gradio_api/run/ask", json={"data": [QUESTION]})
    assert response.json()["data"][0]["kind"] == "answer"
    event = http.post("/gradio_api/call/ask", json={"data": [QUESTION]}).json()["event_id"]
    assert '"kind": "answer"' in http.get(f"/gradio_api/call/ask/{event}").text


def test_a_large_body_is_refused(http: httpx.Client) -> None:
    assert http.post("/gradio_api/run/ask", content=b" " * (MAX_BODY + 1)).status_code == 413


def test_every_response_is_guarded(http: httpx.Client) -> None:
    for path in ("/", "/healthz", "/nowhere", "/web/page.css"):
        headers = http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors https://example.org" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "server" not in headers


def test_the_page_carries_this_responses_nonce_and_no_foreign_address(http: httpx.Client) -> None:
    first, second = http.get("/"), http.get("/")
    nonces = [re.findall(r"'nonce-([\w-]+)'", r.headers["content-security-policy"])[0] for r in (first, second)]
    assert nonces[0] != nonces[1]
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert len(scripts) > 3
    assert all(f'nonce="{nonces[0]}"' in script for script in scripts)
    assert "githubusercontent" not in first.text
    assert "web/page.css?v=" in first.text


def test_a_head_like_text_further_down_is_left_alone() -> None:
    page = b'<html lang="en"><head><meta property="og:x" content="y"></head><body></head></body>'
    assert rewrite(page, b"n", b"<link>") == b'<html lang="en"><head><link></head><body></head></body>'


def test_health_is_real(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"status": "ok", "newer_index": False}


def test_a_taken_port_is_told_in_one_line() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=rf"cannot listen on 127.0.0.1 port {port} .*ASK_PORT"):
            bind("127.0.0.1", port)
