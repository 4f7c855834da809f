"""The disk is full, or read-only, while the real server stores a rating: it says so, and the file holds whole lines."""

from __future__ import annotations

import concurrent.futures
import resource
from pathlib import Path

import httpx
import pytest

from tests.reliability.fake_process import process
from web.feedback import FILE, NOT_STORED, load

pytestmark = pytest.mark.xdist_group("server")
RATING = {"question": "fits?", "kind": "answer", "rating": "helpful", "quotes": [[0, 0, 29]]}
ASK = "/gradio_api/run/ask"


def rate(http: httpx.Client, question: str = "fits?") -> httpx.Response:
    return http.post("/feedback", json={**RATING, "question": question})


def test_a_disk_that_is_full_from_the_start(tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to("/dev/full")
    with process(tmp_path / "log", ASK_FEEDBACK=str(tmp_path)) as (_, http):
        refused = [rate(http, "CANARY-4711") for _ in range(3)]
        assert {response.status_code for response in refused} == {503}
        assert refused[0].json() == {"error": NOT_STORED}
        assert http.post(ASK, json={"data": ["What is hypomagnesemia?"]}).status_code == 200
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert log.count("No space left on device") == 3
    assert "Traceback" not in log
    assert "CANARY" not in log


def test_a_disk_that_fills_up_between_two_lines_or_within_one(tmp_path: Path) -> None:
    """Files may grow to a limit, taken away at last: the kernel takes what fits of a line, as a full disk does."""
    with process(tmp_path / "log", ASK_FEEDBACK=str(tmp_path / "ratings")) as (running, http):
        assert rate(http, "first").status_code == 200
        file = tmp_path / "ratings" / FILE
        line = file.stat().st_size
        for room in (0, 1, line // 2, line - 1):
            resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (line + room, resource.RLIM_INFINITY))
            assert rate(http, "other").status_code == 503
            assert file.stat().st_size == line
        assert http.post(ASK, json={"data": ["What is hypomagnesemia?"]}).status_code == 200
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert rate(http, "last").status_code == 200
    ratings, torn = load(tmp_path / "ratings")
    assert ([rating.question for rating in ratings], torn) == (["first", "last"], 0)


def test_many_rate_at_once_while_it_fills_up(tmp_path: Path) -> None:
    with process(tmp_path / "log", ASK_FEEDBACK=str(tmp_path / "ratings")) as (running, http):
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(lambda n: rate(http, f"{n} " * (n % 7 + 1)).status_code, range(120)))
    assert set(statuses) == {200, 503}
    ratings, torn = load(tmp_path / "ratings")
    assert (len(ratings), torn) == (statuses.count(200), 0)


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null/below"])
def test_a_folder_that_cannot_be(tmp_path: Path, place: str) -> None:
    with process(tmp_path / "log", ASK_FEEDBACK=place) as (_, http):
        refused = rate(http)
        assert (refused.status_code, refused.json()) == (503, {"error": NOT_STORED})
        assert place not in refused.text
        assert http.get("/healthz").status_code == 200
