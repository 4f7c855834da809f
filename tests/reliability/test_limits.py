"""What one client, many clients and slow clients get: a fair answer or a quick refusal."""

from __future__ import annotations

import concurrent.futures
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from corpus.common.errors import SettingError
from corpus.common.settings import read_settings
from tests.web.serving import served
from web.middleware.throttling import client_of
from web.server import allowed_hosts, allowed_rate

pytestmark = pytest.mark.xdist_group("server")
ASK = "/gradio_api/run/ask"
CALL = "/gradio_api/call/ask"
QUESTION = {"data": ["What are the symptoms of low magnesium levels?"]}


def test_past_the_rate_a_client_is_told_when_to_come_back_and_others_are_answered() -> None:
    with served(ASK_RATE_PER_MINUTE="3") as address, httpx.Client(base_url=address, timeout=30) as http:
        mine, other = {"x-forwarded-for": "203.0.113.7"}, {"x-forwarded-for": "203.0.113.8"}
        got = [http.post(ASK, json=QUESTION, headers=mine) for _ in range(5)]
        statuses = [response.status_code for response in got]
        assert statuses[:3] == [200, 200, 200]
        assert statuses[-1] == 429
        assert 1 <= int(got[-1].headers["retry-after"]) <= 60
        assert "error" in got[-1].json()
        assert http.post(ASK, json=QUESTION, headers=other).status_code == 200
        assert http.get("/", headers=mine).status_code == 200


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("no address", 1), "no address"),
        (None, ""),
    ],
)
def test_who_counts_as_one_client(client: object, counted: str) -> None:
    assert client_of({"type": "http", "client": client}) == counted


def test_a_name_that_is_not_ours_is_refused() -> None:
    with (
        served(ASK_ALLOWED_HOSTS="chat.example.org *.example.net") as address,
        httpx.Client(base_url=address, timeout=30) as http,
    ):
        for name in ("chat.example.org", "CHAT.example.org:443", "a.example.net", "127.0.0.1:7", "localhost"):
            assert http.get("/robots.txt", headers={"host": name}).status_code == 200, name
        for name in ("evil.example", "example.net", "chat.example.org.evil.example", "a b", "[::1", ""):
            refused = http.get("/robots.txt", headers={"host": name})
            assert (refused.status_code, refused.text) == (400, "Invalid host header"), name
            assert refused.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["evil.example", "a b", "evil.example/x", "[::1", ""])
def test_a_server_for_others_takes_any_name_and_breaks_on_none(name: str) -> None:
    with served(ASK_HOST="0.0.0.0") as address, httpx.Client(base_url=address, timeout=30) as http:
        for path in ("/", "/config", "/robots.txt"):
            assert http.get(path, headers={"host": name}).status_code == 200
        assert http.post(ASK, json=QUESTION, headers={"host": name}).status_code == 200


def test_without_a_choice_only_a_server_for_others_answers_to_any_name() -> None:
    assert allowed_hosts("127.0.0.1", ()) == ["localhost", "127.0.0.1", "[::1]"]
    assert allowed_hosts("0.0.0.0", ()) == ["*"]
    assert allowed_hosts("0.0.0.0", ("chat.example.org",)) == ["chat.example.org", "localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ASK_RATE_PER_MINUTE", "-1"), ("ASK_RATE_PER_MINUTE", "many"), ("ASK_ALLOWED_HOSTS", "https://a.example")],
)
def test_a_limit_that_cannot_be_is_told(variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=variable):
        read_settings({variable: value})


def test_past_capacity_the_rest_are_told_quickly_and_all_is_well_afterwards() -> None:
    slow = {"data": ["slowly"]}  # 1.5 s each
    with (
        served() as address,
        httpx.Client(base_url=address, timeout=90, limits=httpx.Limits(max_connections=200)) as http,
    ):

        def ask(_: int) -> tuple[int, float, str]:
            began = time.monotonic()
            response = http.post(ASK, json=slow)
            return response.status_code, time.monotonic() - began, response.headers.get("retry-after", "")

        with concurrent.futures.ThreadPoolExecutor(100) as pool:
            got = list(pool.map(ask, range(100)))
        answered = [seconds for status, seconds, _ in got if status == 200]
        refused = [(seconds, retry) for status, seconds, retry in got if status == 503]
        assert len(answered) + len(refused) == 100
        assert len(refused) >= 20
        assert all(retry for _, retry in refused)
        assert max(seconds for seconds, _ in refused) < min(10.0, max(answered))
        began = time.monotonic()
        assert http.post(ASK, json=QUESTION).status_code == 200
        assert time.monotonic() - began < 5


def test_the_queue_of_the_api_is_bounded_too() -> None:
    with served() as address, httpx.Client(base_url=address, timeout=30) as http:
        got = [http.post(CALL, json={"data": ["slowly"]}) for _ in range(90)]
        assert {response.status_code for response in got} == {200, 503}
        refused = next(response for response in got if response.status_code == 503)
        assert refused.headers["retry-after"]
        assert http.get("/healthz").status_code == 200


def test_clients_that_dawdle_or_vanish_hold_up_nobody() -> None:
    with served() as address, httpx.Client(base_url=address, timeout=30) as http:
        place = (urlsplit(address).hostname, urlsplit(address).port)
        head = b"POST /gradio_api/run/ask HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        body = b'{"data": ["slowly"]}'
        dawdling = [socket.create_connection(place) for _ in range(60)]
        for n, connection in enumerate(dawdling):
            connection.sendall(head if n % 2 else head + b"content-length: 400\r\n\r\n{")
        vanishing = [socket.create_connection(place) for _ in range(4)]
        for connection in vanishing:
            connection.sendall(head + b"content-length: %d\r\n\r\n" % len(body) + body)
            connection.close()
        began = time.monotonic()
        assert http.post(ASK, json=QUESTION).status_code == 200
        assert time.monotonic() - began < 10  # the four that vanished are 1.5 s each, on all cores
        for connection in dawdling:
            connection.close()


@pytest.mark.parametrize(
    ("host", "chosen", "expected"),
    [("127.0.0.1", None, 0), ("localhost", None, 0), ("0.0.0.0", None, 60), ("127.0.0.1", 5, 5), ("0.0.0.0", 0, 0)],
)
def test_a_local_server_has_no_limit_of_its_own(host: str, chosen: int | None, expected: int) -> None:
    assert allowed_rate(host, chosen) == expected
