"""The short way gives what Gradio's own way gives, keeps nothing and tells nothing when something breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from tests.web.serving import run, served
from web.gradio_compat import DirectCalls

QUESTION = "What are the symptoms of low magnesium levels?"
RUN, PREDICT = "/gradio_api/run/ask", "/gradio_api/run/predict"
pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with served() as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_the_short_way_and_the_queue_give_the_same_answer(http: httpx.Client) -> None:
    short = http.post(RUN, json={"data": [QUESTION, ["What is hypomagnesemia?"]]}).json()
    event = http.post("/gradio_api/call/ask", json={"data": [QUESTION, ["What is hypomagnesemia?"]]}).json()["event_id"]
    stream = http.get(f"/gradio_api/call/ask/{event}").text
    queued = json.loads(next(line[6:] for line in stream.splitlines() if line.startswith("data: ")))
    assert short["data"] == queued
    assert short["data"][0]["quotes"]


def test_the_response_has_all_that_gradios_clients_read(http: httpx.Client) -> None:
    got = http.post(PREDICT, json={"data": [QUESTION, []], "fn_index": 0}).json()
    assert got["data"][0]["kind"] == "answer"
    assert '<h2 class="asked">' in got["data"][0]["asked"]
    assert (got["is_generating"], got["render_config"], got["changed_state_ids"]) == (False, None, [])
    assert 0 < got["duration"] < 10


@pytest.mark.parametrize("slash", ["", "/"])
def test_no_gradio_is_needed_behind_it(slash: str) -> None:
    named, numbered = (SimpleNamespace(api_name=name, fn=fn) for name, fn in (("ask", "".join), (False, sorted)))
    page: Any = SimpleNamespace(fns={3: named, 5: numbered, 7: SimpleNamespace(api_name="ask", fn=None)})
    app = Starlette(routes=DirectCalls(page).routes())

    async def post(path: str) -> object:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return (await client.post(path + slash, json={"data": [["b", "a"]], "fn_index": 5})).json()["data"]

    assert run(post(RUN)) == ["ba"]
    assert run(post(PREDICT)) == [["a", "b"]]


@pytest.mark.parametrize("path", [RUN, PREDICT])
def test_what_breaks_is_told_calmly(http: httpx.Client, path: str) -> None:
    response = http.post(path, json={"data": ["break down", []], "fn_index": 0})
    assert response.status_code == 503
    assert list(response.json()) == ["error"]
    assert "break down" not in response.text
