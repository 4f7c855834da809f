"""Limits on what clients may take: requests a minute for one address, answers made at once, streams held open.

A place is given back when the answer is made, not when it is delivered, so a client that reads slowly or has gone
holds up nobody. Calls through Gradio's queue are bounded there, by the same two numbers (`web.chat_page`).

Behind a proxy a client's address is the one the proxy reports; which proxies are believed is uvicorn's own setting
(`FORWARDED_ALLOW_IPS`, this machine if not set). An IPv6 client is its /64, the least that anybody is given.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_address, ip_network

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IPV6_PREFIX = 64
AT_ONCE = os.cpu_count() or 1  # answering is bound by the processor: more at once only makes each slower
WAITING = 64  # about a second's worth of questions
STREAMS = 256  # connections that wait for an answer of the queue
STREAMS_EACH = 32  # of one client
STREAM_SECONDS = 60.0  # an answer of the queue takes a few seconds at most
RETRY_SECONDS = 2
_ANSWERS = re.compile(r"/gradio_api/run/.+")
_STREAM = re.compile(r"/gradio_api/(queue/data|call/ask/[\w-]+)")


class RateLimit:
    """ASGI middleware: 429 with Retry-After once an address has sent `per_minute` POST requests; 0 means no limit.

    A request counts before its body is read.
    """

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self.app = app
        self._window = FixedWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, then pass it on or refuse it."""
        if self._limit and scope["type"] == "http" and scope["method"] == "POST":
            client = client_of(scope)
            if not self._window.hit(self._limit, client):
                free_at = self._window.get_window_stats(self._limit, client).reset_time
                wait = {"retry-after": str(max(1, math.ceil(free_at - time.time())))}
                refusal = JSONResponse({"error": "too many questions from one address; wait a little"}, 429, wait)
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


class ConcurrencyLimit:
    """ASGI middleware: `at_once` answers are made at a time, `waiting` more wait their turn, the rest get 503.

    It stands inside `RequestFilter`: bodies are whole by the time they come here.
    """

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE, waiting: int = WAITING, streams: int = STREAMS) -> None:
        self.app = app
        self._most = at_once + waiting
        self._most_streams = streams
        self._turn = asyncio.Semaphore(at_once)
        self._asking = 0
        self._streaming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it has a place, or refuse it when there is none."""
        if scope["type"] == "http" and scope["method"] == "POST" and _ANSWERS.fullmatch(scope["path"]):
            await self._answer(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and _STREAM.fullmatch(scope["path"]):
            await self._stream(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._asking >= self._most:
            await busy_response()(scope, receive, send)
            return
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._place())

            async def sending(message: Message) -> None:
                await held.aclose()
                await send(message)

            await self.app(scope, receive, sending)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        self._asking += 1
        try:
            async with self._turn:
                yield
        finally:
            self._asking -= 1

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = client_of(scope)
        if self._streaming.total() >= self._most_streams or self._streaming[client] >= STREAMS_EACH:
            await busy_response()(scope, receive, send)
            return
        self._streaming[client] += 1
        try:
            async with asyncio.timeout(STREAM_SECONDS):
                await self.app(scope, receive, send)
        except TimeoutError:
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._streaming[client] -= 1
            self._streaming += Counter()  # forgets the addresses with none


def busy_response() -> JSONResponse:
    """Return the 503 with Retry-After that one question too many gets."""
    words = "very many questions are arriving; try again in a few seconds"
    return JSONResponse({"error": words}, 503, {"retry-after": str(RETRY_SECONDS)})


def client_of(scope: Scope) -> str:
    """Return the client's IPv4 address or IPv6 /64 network; whatever is no address (a socket file) as it stands."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return str(address) if address.version == 4 else str(ip_network((host.split("%")[0], IPV6_PREFIX), strict=False))
