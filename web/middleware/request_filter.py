"""The requests that are let through: a short list of routes with small, checked JSON bodies; all else is refused.

Gradio brings some sixty routes (uploads, files, streams, monitoring, deep links …). The page and the API need the few
listed here; every other path is 404 before Gradio sees it, so a route that a new version adds stays closed.

A body is a JSON object of whole characters, or 400 where Gradio would answer 500. A call names one of our two events
and brings its two values; whoever calls the API with a question alone gets an empty history added. Nothing else that a
body holds is passed on.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.gradio_compat import PendingCalls

MAX_BODY = 512 * 1024  # a question of 20,000 characters and 20 of 2,000, of 4 bytes each, come to half of it
BODY_SECONDS = 15.0  # for the whole body

READ = (
    r"/",
    r"/healthz",
    r"/web/[\w.-]+",
    r"/config/?",
    r"/(assets|static)/.+",
    r"/(theme\.css|favicon\.ico|robots\.txt|manifest\.json)",
    r"/gradio_api/(info/?|startup-events|queue/data)",
    r"/gradio_api/call/ask/[\w-]+",
)
WRITE = (
    r"/gradio_api/run/(predict|ask)/?",
    r"/gradio_api/queue/join",
    r"/gradio_api/call/ask/?",
)
FEEDBACK = r"/feedback"
VALUES = 2  # a question and its history
SESSION = re.compile(r"[\w-]{1,64}", re.ASCII)
_STREAM = re.compile(r"/gradio_api/(?:queue/data|call/ask/([\w-]+))")
_BY_NAME = re.compile(r"/gradio_api/(run|call)/ask/?")
_BY_NUMBER = re.compile(r"/gradio_api/run/predict/?")
_QUEUED = re.compile(r"/gradio_api/queue/join")


class RequestFilter:
    """ASGI middleware: refuses what is not on the list of routes, and reads and checks bodies before they go further.

    `events` are the numbers of the page's events that run on the server. A stream is opened only for a call or session
    whose answer can still be fetched; Gradio would open one for any name and break it off.
    """

    def __init__(self, app: ASGIApp, events: Collection[int], pending: PendingCalls, feedback: bool = False) -> None:
        self.app = app
        self.events = events
        self.pending = pending
        self.read = re.compile("|".join(READ))
        self.write = re.compile("|".join((*WRITE, *((FEEDBACK,) if feedback else ()))))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed; refuse the rest in one JSON line."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None and scope["method"] == "POST":
            receive, refusal = await self._checked_body(scope, receive)
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        method, path = scope["method"], scope["path"]
        if method in ("GET", "HEAD") and self.read.fullmatch(path):
            return None if self._can_be_fetched(scope) else _error(404, "no such call, or its answer was fetched")
        if method == "POST" and self.write.fullmatch(path):
            return None
        known = self.read.fullmatch(path) or self.write.fullmatch(path)
        return _error(405, "method not allowed") if known else _error(404, "not found")

    def _can_be_fetched(self, scope: Scope) -> bool:
        """Return False for a stream without a call behind it, True for all else."""
        stream = _STREAM.fullmatch(scope["path"])
        if not stream:
            return True
        sessions = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
        name = stream[1] or (sessions[0] if len(sessions) == 1 else "")
        return bool(SESSION.fullmatch(name)) and self.pending.waiting(name)

    async def _checked_body(self, scope: Scope, receive: Receive) -> tuple[Receive, ASGIApp | None]:
        """Return what yields the body to pass on, and a refusal or None."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await self._read_body(scope, receive)
        except TimeoutError:
            return receive, _error(408, "the request took too long to arrive")

    async def _read_body(self, scope: Scope, receive: Receive) -> tuple[Receive, ASGIApp | None]:
        self.pending.tidy()
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return receive, _error(400, "the request broke off")
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > MAX_BODY:
                return receive, _error(413, f"the request is larger than {MAX_BODY:,} bytes")
        passed, reason = clean_body(scope["path"], bytes(body), self.events)
        _set_length(scope, len(passed))
        return _replay(passed, receive), _error(400, reason) if reason else None


def _error(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status)


def _set_length(scope: Scope, length: int) -> None:
    """Make the headers give the length of the body passed on, not of the one sent."""
    kept = [(name, value) for name, value in scope["headers"] if name not in (b"content-length", b"transfer-encoding")]
    scope["headers"] = [*kept, (b"content-length", str(length).encode())]


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once, and from then on whatever the connection brings."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def clean_body(path: str, body: bytes, events: Collection[int]) -> tuple[bytes, str]:
    """Return the body to pass on, and why it is refused (empty: it is not)."""
    try:
        sent = json.loads(body)
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return b"", "the body is not JSON text"
    if not isinstance(sent, dict):
        return b"", "the body is not a JSON object"
    if _BY_NAME.fullmatch(path):
        kept, reason = _named(sent)
    elif _BY_NUMBER.fullmatch(path):
        kept, reason = _numbered(sent, events)
    elif _QUEUED.fullmatch(path):
        kept, reason = _queued(sent, events)
    else:
        kept, reason = sent, ""
    return json.dumps(kept).encode(), reason


def _named(sent: dict[str, Any]) -> tuple[dict[str, Any], str]:
    values = sent.get("data")
    if not isinstance(values, list) or not 1 <= len(values) <= VALUES:
        return {}, "“data” must be a list: the question, and the earlier questions if there are any"
    return {"data": _texts([*values, []][:VALUES])}, ""


def _numbered(sent: dict[str, Any], events: Collection[int]) -> tuple[dict[str, Any], str]:
    values, event = sent.get("data"), sent.get("fn_index")
    if type(event) is not int or event not in events:
        return {}, "“fn_index” names no event of this page"
    if not isinstance(values, list) or len(values) != VALUES:
        return {}, f"“data” must be a list of {VALUES} values"
    return {"data": _texts(values), "fn_index": event}, ""


def _queued(sent: dict[str, Any], events: Collection[int]) -> tuple[dict[str, Any], str]:
    kept, reason = _numbered(sent, events)
    session = sent.get("session_hash")
    if not isinstance(session, str) or not SESSION.fullmatch(session):
        reason = reason or "“session_hash” must be 1 to 64 letters or digits"
    return {**kept, "session_hash": session}, reason


def _texts(values: list[Any]) -> list[Any]:
    """Return a question and its history without what is no text in them; a question that is no text becomes null."""
    question, history = values
    earlier = [text for text in history if isinstance(text, str)] if isinstance(history, list) else []
    return [question if isinstance(question, str) else None, earlier]
