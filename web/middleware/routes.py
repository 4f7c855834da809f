"""What may be asked of the server at all: a short list of routes, small JSON bodies, nothing else.

Gradio brings some sixty routes (uploads, files, streams, monitoring, deep links …). The page and the API need the few
listed here; every other path is 404 before Gradio sees it, so a route that a new version adds stays closed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.middleware.bodies import SESSION, fit
from web.middleware.pending_calls import Mailboxes

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
_WAITED_FOR = re.compile(r"/gradio_api/(?:queue/data|call/ask/([\w-]+))")


class Gate:
    """ASGI middleware: routes by allow-list, bodies read and checked before they go further.

    A stream is opened only for a call or session whose answer can still be fetched; Gradio would open one for any name
    and break it off.
    """

    def __init__(self, app: ASGIApp, events: Collection[int], mail: Mailboxes, feedback: bool = False) -> None:
        self.app = app
        self.events = events
        self.mail = mail
        self.read = re.compile("|".join(READ))
        self.write = re.compile("|".join((*WRITE, *((FEEDBACK,) if feedback else ()))))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed, refuse the rest in one JSON line."""
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
            return None if self._waited_for(scope) else _error(404, "no such call, or its answer was fetched")
        if method == "POST" and self.write.fullmatch(path):
            return None
        known = self.read.fullmatch(path) or self.write.fullmatch(path)
        return _error(405, "method not allowed") if known else _error(404, "not found")

    def _waited_for(self, scope: Scope) -> bool:
        """Whether a stream that is asked for exists; what is no stream always does."""
        stream = _WAITED_FOR.fullmatch(scope["path"])
        if not stream:
            return True
        sessions = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
        name = stream[1] or (sessions[0] if len(sessions) == 1 else "")
        return bool(SESSION.fullmatch(name)) and self.mail.waiting(name)

    async def _checked_body(self, scope: Scope, receive: Receive) -> tuple[Receive, ASGIApp | None]:
        """The body, read whole and found fit to pass on, or a refusal."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await self._read_body(scope, receive)
        except TimeoutError:
            return receive, _error(408, "the request took too long to arrive")

    async def _read_body(self, scope: Scope, receive: Receive) -> tuple[Receive, ASGIApp | None]:
        self.mail.tidy()
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
        passed, reason = fit(scope["path"], bytes(body), self.events)
        _say_length(scope, len(passed))
        return _replay(passed, receive), _error(400, reason) if reason else None


def _error(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status)


def _say_length(scope: Scope, length: int) -> None:
    """Headers must tell of the body passed on, not of the one sent."""
    told = [(name, value) for name, value in scope["headers"] if name not in (b"content-length", b"transfer-encoding")]
    scope["headers"] = [*told, (b"content-length", str(length).encode())]


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hand the body on once; afterwards the connection speaks for itself."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
