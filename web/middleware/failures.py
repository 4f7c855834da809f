"""When something breaks: whoever asked is told so calmly, and the log names what broke and where, never what was asked.

Exceptions can carry a question in their message and Gradio prints them whole, so none gets past here; what breaks in
Gradio itself is told the same way.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr
import gradio.queueing
import gradio.routes
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.middleware.concurrency import busy

FAILED = "the answer could not be made; try again, and tell the owner if it stays so"
_log = logging.getLogger("ask")


@contextmanager
def calmly() -> Iterator[None]:
    """Turn whatever breaks inside into a plain error that Gradio neither prints nor explains."""
    try:
        yield
    except Exception as error:  # the edge: nothing of it may reach a log or a response unread
        tell(error)
        raise gr.Error(FAILED, print_exception=False) from None


def tell(error: BaseException) -> None:
    """Write the kind of error and its place to the log."""
    _log.error("answering failed: %s", brief(error))


def brief(error: BaseException) -> str:
    """What kind of error, and where; never what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {where}"


def speak_plainly() -> None:
    """Hold what this process runs in to the same: Gradio, uvicorn and asyncio print no traceback and no message."""
    for module in (gradio.routes, gradio.queueing):
        setattr(module, "traceback", _Told)  # noqa: B010 - the name is theirs alone
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(_in_brief)


class _Told:
    """Stands in for `traceback` where Gradio prints what it caught."""

    @staticmethod
    def print_exc() -> None:
        if (error := sys.exception()) is not None:
            tell(error)


def _in_brief(record: logging.LogRecord) -> bool:
    """Let a record pass without what an exception says."""
    if record.exc_info and record.exc_info[1]:
        first = record.getMessage().split("\n")[0].strip()
        record.msg, record.args = "%s: %s", (first, brief(record.exc_info[1]))
        record.exc_info = None
    return True


class Calm:
    """ASGI middleware: no 500, no traceback; Gradio's full queue says the same as ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; hold back what must not be seen and answer in its place."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        watched = _Watched(send, scope["path"].startswith("/gradio_api/"))
        try:
            await self.app(scope, receive, watched.send)
        except Exception as error:  # the edge, as above
            tell(error)
            await watched.close(scope, receive)
            return
        if watched.instead:
            await watched.instead(scope, receive, send)


class _Watched:
    """One response: whether it has begun, and what is to be sent instead of it."""

    def __init__(self, send: Send, queued: bool) -> None:
        self._send = send
        self._queued = queued
        self._begun = False
        self.instead: JSONResponse | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.instead = self._replacement(message["status"])
            self._begun = self.instead is None
        if self.instead is None:
            await self._send(message)

    def _replacement(self, status: int) -> JSONResponse | None:
        if status == 503 and self._queued:
            return busy()
        return failed() if status == 500 else None

    async def close(self, scope: Scope, receive: Receive) -> None:
        """End a response that broke off, so that its reader is not left waiting; or send one if there was none."""
        if self._begun:
            await self._send({"type": "http.response.body", "body": b""})
        else:
            await (self.instead or failed())(scope, receive, self._send)


def failed() -> JSONResponse:
    """What is said instead of an error."""
    return JSONResponse({"error": FAILED}, 503)
