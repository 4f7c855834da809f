"""Clients that take their time on purpose: heads, bodies and streams come to an end, and nobody else waits for them."""

from __future__ import annotations

import concurrent.futures
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from corpus.common.settings import ROOT
from tests.web.fake_server import SECONDS, STREAMS_EACH
from tests.web.serving import served
from web.middleware.request_filter import BODY_SECONDS, MAX_BODY
from web.middleware.throttling import STREAM_SECONDS, STREAMS
from web.middleware.throttling import STREAMS_EACH as REAL_STREAMS_EACH
from web.server import HEAD_SECONDS

pytestmark = pytest.mark.xdist_group("server")
ASK = "/gradio_api/run/ask"
CALL = "/gradio_api/call/ask"
HEAD = b"POST /gradio_api/run/ask HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
LENIENCE = 4.0  # on a machine that is busy


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """A client of a server whose limits of time are all `SECONDS`."""
    with served("hasty") as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def connect(http: httpx.Client) -> socket.socket:
    connection = socket.create_connection((http.base_url.host, http.base_url.port or 0))
    connection.settimeout(30)
    return connection


def trickle(connection: socket.socket, begin: bytes) -> tuple[float, bytes]:
    """Send a beginning and then a byte at a time; how long the server bore it, and what it said."""
    began = time.monotonic()
    connection.sendall(begin)
    over = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            while not over.wait(0.1):
                connection.sendall(b"a")

    dripping = threading.Thread(target=drip)
    dripping.start()
    said = b""
    with suppress(ConnectionError):
        while more := connection.recv(4096):
            said += more
            if b"\r\n\r\n" in said:
                break
    taken = time.monotonic() - began
    over.set()
    dripping.join()
    connection.close()
    return taken, said


@pytest.mark.parametrize("begin", [b"", b"G", b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ", HEAD + b"x: "])
def test_a_head_that_trickles_is_cut_off(http: httpx.Client, begin: bytes) -> None:
    taken, said = trickle(connect(http), begin)
    assert taken < SECONDS + LENIENCE
    assert said == b"" or said.startswith(b"HTTP/1.1 400")


def test_a_connection_that_says_nothing_is_closed(http: httpx.Client) -> None:
    with connect(http) as silent:
        began = time.monotonic()
        assert silent.recv(1) == b""
        assert SECONDS * 0.5 < time.monotonic() - began < SECONDS + LENIENCE


@pytest.mark.parametrize("length", [b"content-length: 100000", b"transfer-encoding: chunked"])
def test_a_body_that_trickles_is_refused(http: httpx.Client, length: bytes) -> None:
    begin = HEAD + length + b"\r\n\r\n" + (b"ffff\r\n" if b"chunked" in length else b"") + b'{"data": ["'
    taken, said = trickle(connect(http), begin)
    assert SECONDS * 0.5 < taken < SECONDS + LENIENCE
    assert said.startswith(b"HTTP/1.1 408")


def test_a_stream_ends_where_no_answer_comes_in_time(http: httpx.Client) -> None:
    event = http.post(CALL, json={"data": ["slowly"]}).json()["event_id"]  # takes 1.5 s
    began = time.monotonic()
    streamed = http.get(f"{CALL}/{event}")
    assert time.monotonic() - began < SECONDS + LENIENCE
    assert (streamed.status_code, "complete" in streamed.text) == (200, False)
    assert http.get("/healthz").status_code == 200


def test_one_client_holds_a_few_streams_only(http: httpx.Client) -> None:
    events = [http.post(CALL, json={"data": ["slowly"]}).json()["event_id"] for _ in range(STREAMS_EACH + 2)]
    with concurrent.futures.ThreadPoolExecutor(len(events)) as pool:
        statuses = list(pool.map(lambda event: http.get(f"{CALL}/{event}").status_code, events))
    assert sorted(statuses) == [200] * STREAMS_EACH + [503] * 2
    event = http.post(CALL, json={"data": ["hello"]}).json()["event_id"]
    assert http.get(f"{CALL}/{event}").status_code == 200


def test_many_at_once_hold_up_nobody(http: httpx.Client) -> None:
    begins = [b"GET / HT", HEAD + b"x: ", HEAD + b"content-length: 9999\r\n\r\n{"]
    tricklers = [threading.Thread(target=trickle, args=(connect(http), begins[n % 3])) for n in range(60)]
    for trickler in tricklers:
        trickler.start()
    began = time.monotonic()
    for _ in range(5):
        assert http.post(ASK, json={"data": ["What is hypomagnesemia?"]}).status_code == 200
    assert time.monotonic() - began < LENIENCE
    for trickler in tricklers:
        trickler.join()


def test_the_limits_are_the_ones_written_down() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert f"A request's head has {HEAD_SECONDS:.0f} s, its body {BODY_SECONDS:.0f} s." in text
    assert f"{STREAM_SECONDS:.0f} s; {STREAMS} open, {REAL_STREAMS_EACH} for one client" in text
    assert set(re.findall(r"(\d+) KB", text)) == {str(MAX_BODY >> 10)}
