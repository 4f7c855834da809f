"""The index is built anew, twice, under a server that is being asked: it stays whole, says so, and a restart is new."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from corpus.common.settings import Settings
from index.folder import read_manifest
from tests.reliability.place import MORE, Place
from tests.reliability.real_server import QUESTIONS, ask, running_app
from web.health import LOOK_SECONDS, NEWER_INDEX

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("rebuild")]


@contextmanager
def asked_all_the_while(http: httpx.Client) -> Iterator[list[tuple[str, int, object]]]:
    """Two clients that ask until the block ends; what they got."""
    got: list[tuple[str, int, object]] = []
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            got.extend((question, *ask(http, question)) for question in QUESTIONS)
            time.sleep(0.05)  # leaves the builds some of the machine

    clients = [threading.Thread(target=keep_asking) for _ in range(2)]
    for client in clients:
        client.start()
    try:
        yield got
    finally:
        over.set()
        for client in clients:
            client.join()


def quoted(answer: object) -> list[tuple[str, int]]:
    assert isinstance(answer, dict)
    return [(quote["text"], quote["start"]) for quote in answer["quotes"]]


def test_an_index_rebuilt_while_the_server_runs(real_index: Settings, tmp_path: Path) -> None:
    place = Place(tmp_path, real_index)
    settings = {"ASK_ARTICLES": str(place.article)}
    first = read_manifest(place.index).generation
    with running_app(place.index, tmp_path / "log", **settings) as (running, http):
        before = {question: ask(http, question)[1] for question in QUESTIONS}
        page = config(http)
        assert http.get("/healthz").json() == {"status": "ok", "newer_index": False}
        with asked_all_the_while(http) as got:
            generations = []
            for number in (1, 2):  # the second sweeps what the first replaced
                place.change(number)
                generations.append(place.build())
            time.sleep(LOOK_SECONDS + 1)
        assert len({first, *generations}) == 3
        assert not (place.index / first).exists()
        assert len(got) > 100
        assert all((status, answer) == (200, before[question]) for question, status, answer in got)
        assert config(http) == page
        assert "was added number" not in str(page)
        assert http.get("/healthz").json() == {"status": "ok", "newer_index": True}
        running.terminate()
        running.wait(15)
    assert (tmp_path / "log").read_text(encoding="utf-8").splitlines() == [NEWER_INDEX]

    with running_app(place.index, tmp_path / "log", **settings) as (_, http):
        assert http.get("/healthz").json() == {"status": "ok", "newer_index": False}
        after = ask(http, QUESTIONS[0])[1]
        assert "was added number 2" in str(config(http))
    shift = sum(len(MORE.format(number)) for number in (1, 2))
    assert quoted(after) == [(text, start + shift) for text, start in quoted(before[QUESTIONS[0]])]


def config(http: httpx.Client) -> object:
    """What the page is made of, the article's text in it."""
    return http.get("/config").json()["components"]
