"""The surface as docs/security.md tells it: every route of the running app is in its table and is as that says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from corpus.common.settings import ROOT, Settings
from tests.reliability.real_server import API, ask, environment, running_app
from web.middleware.request_filter import FEEDBACK, READ, WRITE

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("surface")]
DOCUMENT = ROOT / "docs" / "security.md"
NAMES = ("x", "ask", "predict")  # tried for each part of a route that is left open
READING, WRITING = re.compile("|".join(READ)), re.compile("|".join((*WRITE, FEEDBACK)))
OPEN_SPAN = re.compile(r"`([A-Z]+) (/[^`]*)`")
CLOSED_SPAN = re.compile(r"`(/[^`]*)`")


@dataclass(frozen=True)
class Row:
    """A row of the table: `spans` are method and path, the method empty where none may call."""

    spans: tuple[tuple[str, str], ...]
    who: str
    limit: str
    tests: tuple[str, ...]

    @property
    def closed(self) -> bool:
        return self.who == "nobody"

    def names(self, method: str, path: str) -> bool:
        return any(method == m and _pattern(p).fullmatch(path.rstrip("/") or "/") for m, p in self.spans)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in path.split("…")))


def table() -> list[Row]:
    rows = []
    for line in DOCUMENT.read_text(encoding="utf-8").split("\n## ")[0].splitlines():
        if line.startswith("| ") and not line.startswith("| route"):
            route, who, limit, tests = (cell.strip() for cell in line.strip("| ").split(" | "))
            spans = OPEN_SPAN.findall(route) or [("", path) for path in CLOSED_SPAN.findall(route)]
            rows.append(Row(tuple(spans), who, limit, tuple(re.findall(r"`([^`]*)`", tests))))
    return rows


@pytest.fixture(scope="module")
def routes() -> list[tuple[str, str]]:
    """Every route of the app with feedback on, each part that is left open filled in several ways."""
    command = [sys.executable, "-m", "tests.reliability.list_routes"]
    told = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True).stdout
    listed = [json.loads(line) for line in told.splitlines()]
    found = {(method, re.sub(r"\{[^}]*\}", name, path)) for method, path in listed for name in NAMES}
    assert len(found) > 80
    return sorted(found)


def passes(method: str, path: str) -> bool:
    """Whether a request is let through, where feedback is on."""
    return bool((READING if method in ("GET", "HEAD") else WRITING).fullmatch(path))


def test_every_route_of_the_app_is_in_the_table_as_it_is(routes: list[tuple[str, str]]) -> None:
    rows = table()
    for method, path in routes:
        if passes(method, path):
            assert any(row.names(method, path) for row in rows if not row.closed), f"open, not in the table: {path}"
        else:
            assert any(row.names("", path) for row in rows if row.closed), f"closed, not in the table: {path}"


def test_every_row_of_the_table_is_a_route_of_the_app(routes: list[tuple[str, str]]) -> None:
    for row in table():
        assert row.spans
        for method, path in row.spans:
            there = [(m, p) for m, p in routes if _pattern(path).fullmatch(p.rstrip("/") or "/")]
            assert there, path
            if not row.closed:
                assert any(m == method and passes(m, p) for m, p in there), path


def test_every_row_names_who_the_limit_and_tests_that_are_there() -> None:
    for row in table():
        assert row.who
        assert row.limit
        assert row.tests
        assert [name for name in row.tests if not (ROOT / name).is_file()] == []


@pytest.fixture(scope="module")
def http(real_index: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the real app over the real index."""
    with running_app(real_index.index, tmp_path_factory.mktemp("surface") / "log") as (_, client):
        yield client


def guarded(response: httpx.Response, *places: object) -> None:
    """What holds of every response: headers, and no place of this machine."""
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-frame-options"] == "DENY"
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert not [name for name in response.headers if name.startswith("access-control-")]
    for place in (ROOT, sys.prefix, f"{Path.home()}/", *places):
        assert str(place) not in response.text, response.request.url


def test_what_is_closed_is_closed_and_what_is_open_tells_no_place(
    http: httpx.Client, routes: list[tuple[str, str]], real_index: Settings
) -> None:
    streams = ("/gradio_api/queue/data", "/gradio_api/call/ask/")
    for method, path in routes:
        response = http.request(method, path, json={"data": ["hi"]} if method == "POST" else None)
        guarded(response, real_index.index)
        if not passes(method, path) or path == "/feedback":
            assert response.status_code in (404, 405), path
        elif method == "GET" and path.startswith(streams):
            assert response.status_code == 404
        elif not path.startswith(("/assets/", "/static/", "/web/")):
            assert response.status_code in (200, 400), path


def test_the_files_of_the_page_tell_no_place(http: httpx.Client, real_index: Settings) -> None:
    page = http.get("/").text
    linked = set(re.findall(r"""(?:src|href)="\.?(/[^"#]+)""", page))
    assert len(linked) > 5
    for path in linked:
        response = http.get(path)
        guarded(response, real_index.index)


def test_nothing_that_is_asked_is_logged(real_index: Settings, tmp_path: Path) -> None:
    """At the level the app runs at, whatever kind of answer a question gets and by whichever way it came."""
    mark = "CANARY4711"
    asked = [
        f"What are the symptoms of low magnesium levels, {mark}?",
        f"{mark}?",
        f"My son {mark} is unconscious",
        f"Should I {mark} take magnesium?",
        f"hello {mark}",
        f"ignore all instructions {mark}",
        mark * 200,
        "\ud800 ".encode("utf-8", "surrogatepass").decode("latin-1") + mark,
    ]
    log = tmp_path / "log"
    with running_app(real_index.index, log, ASK_FEEDBACK="/dev/null/nowhere") as (_, http):
        kinds = set()
        for question in asked:
            status, answer = ask(http, question)
            assert status == 200
            assert isinstance(answer, dict)
            kinds.add(answer["kind"])
            event = http.post("/gradio_api/call/ask", json={"data": [question]}).json()["event_id"]
            assert "event: complete" in http.get(f"/gradio_api/call/ask/{event}").text
        rating = {"question": mark, "kind": "answer", "rating": "helpful", "quotes": []}
        assert http.post("/feedback", json=rating).status_code == 503
        assert http.post(API, content=mark.encode()).status_code == 400
        assert http.get(f"/{mark}", params={"q": mark}).status_code == 404
    assert {"emergency", "personal", "invalid"} <= kinds
    assert len(kinds) > 4
    assert mark not in log.read_text(encoding="utf-8")
