"""What happens when many ask at once: a few answers are made at a time, some wait their turn, the rest are told so.

A place is given back when the answer is made, not when it is delivered, so a client that reads slowly or has gone
holds up nobody. Calls through Gradio's queue are bounded there, by the same two numbers (`web.chat_page`).
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.middleware.rate_limit import client_of

AT_ONCE = os.cpu_count() or 1  # answering is bound by the processor: more at once only makes each slower
WAITING = 64  # about a second's worth of questions
STREAMS = 256  # connections that wait for an answer of the queue
STREAMS_EACH = 32  # of one client
STREAM_SECONDS = 60.0  # an answer of the queue takes a few seconds at most
RETRY_SECONDS = 2
_ANSWERS = re.compile(r"/gradio_api/run/.+")
_STREAM = re.compile(r"/gradio_api/(queue/data|call/ask/[\w-]+)")


class Crowd:
    """ASGI middleware, inside the gate: bodies are whole by the time they come here."""

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE, waiting: int = WAITING, streams: int = STREAMS) -> None:
        self.app = app
        self._most = at_once + waiting
        self._most_streams = streams
        self._turn = asyncio.Semaphore(at_once)
        self._asking = 0
        self._streaming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a place or say that there is none."""
        if scope["type"] == "http" and scope["method"] == "POST" and _ANSWERS.fullmatch(scope["path"]):
            await self._answer(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and _STREAM.fullmatch(scope["path"]):
            await self._stream(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._asking >= self._most:
            await busy()(scope, receive, send)
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
            await busy()(scope, receive, send)
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


def busy() -> JSONResponse:
    """The one answer to one question too many."""
    words = "very many questions are arriving; try again in a few seconds"
    return JSONResponse({"error": words}, 503, {"retry-after": str(RETRY_SECONDS)})
