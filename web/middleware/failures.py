"""Responses and log lines when something fails: one JSON line for the client, type and place of the error for the log.

Exceptions can carry a question in their message and Gradio prints them whole, so none gets past here; what fails in
Gradio itself is handled the same way.
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

from web.middleware.throttling import busy_response

FAILED = "the answer could not be made; try again, and tell the owner if it stays so"
_log = logging.getLogger("ask")


@contextmanager
def without_details() -> Iterator[None]:
    """Log whatever is raised inside and raise `gr.Error` in its place, which Gradio neither prints nor explains."""
    try:
        yield
    except Exception as error:  # of any type: its message may hold a question
        log_failure(error)
        raise gr.Error(FAILED, print_exception=False) from None


def log_failure(error: BaseException) -> None:
    """Write the type of an error and its place to the log."""
    _log.error("answering failed: %s", _type_and_place(error))


def _type_and_place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {where}"


def hide_tracebacks() -> None:
    """Make Gradio, uvicorn and asyncio log an error by type and place too, without its traceback and message."""
    for module in (gradio.routes, gradio.queueing):
        setattr(module, "traceback", _TracebackModule)  # noqa: B010 - the name is theirs alone
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(_without_message)


class _TracebackModule:
    """Stands in for `traceback` where Gradio prints what it caught."""

    @staticmethod
    def print_exc() -> None:
        if (error := sys.exception()) is not None:
            log_failure(error)


def _without_message(record: logging.LogRecord) -> bool:
    """Let every record pass, but without the message of its exception."""
    if record.exc_info and record.exc_info[1]:
        first = record.getMessage().split("\n")[0].strip()
        record.msg, record.args = "%s: %s", (first, _type_and_place(record.exc_info[1]))
        record.exc_info = None
    return True


class FailureResponses:
    """ASGI middleware: 503 in one line for every error and every 500; Gradio's full queue says the same as ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; replace a response that must not be seen."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        watched = _Response(send, scope["path"].startswith("/gradio_api/"))
        try:
            await self.app(scope, receive, watched.send)
        except Exception as error:  # of any type, as above
            log_failure(error)
            await watched.close(scope, receive)
            return
        if watched.instead:
            await watched.instead(scope, receive, send)


class _Response:
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
            return busy_response()
        return failed_response() if status == 500 else None

    async def close(self, scope: Scope, receive: Receive) -> None:
        """End a response that broke off, so that its reader is not left waiting; send one if there was none."""
        if self._begun:
            await self._send({"type": "http.response.body", "body": b""})
        else:
            await (self.instead or failed_response())(scope, receive, self._send)


def failed_response() -> JSONResponse:
    """Return the 503 that stands in for any error."""
    return JSONResponse({"error": FAILED}, 503)
