"""What may be asked of the server at all: a short list of routes, small JSON bodies, nothing else.

Gradio brings some sixty routes (uploads, files, streams, monitoring, deep links …). The page and the API need the few
listed here; every other path is 404 before Gradio sees it, so a route that a new version adds stays closed.
"""

from __future__ import annotations

import json
import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 512 * 1024  # 21 questions of 1,000 characters, each escaped to 12 bytes at most, twice over

READ = (
    r"/",
    r"/healthz",
    r"/web/[\w.-]+",
    r"/config/?",
    r"/(assets|static)/.+",
    r"/(theme\.css|favicon\.ico|robots\.txt|manifest\.json)",
    r"/gradio_api/(info/?|startup-events|queue/data)",
    r"/gradio_api/heartbeat/\w+",
    r"/gradio_api/call/ask/[\w-]+",
)
WRITE = (
    r"/gradio_api/run/(predict|ask)/?",
    r"/gradio_api/queue/join",
    r"/gradio_api/(call|call/v2)/ask/?",
    r"/gradio_api/(cancel|reset)/?",
)
FEEDBACK = r"/feedback"


class Gate:
    """ASGI middleware: routes by allow-list, bodies read and checked before they go further."""

    def __init__(self, app: ASGIApp, feedback: bool = False) -> None:
        self.app = app
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
            receive, refusal = await _checked_body(receive)
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        method, path = scope["method"], scope["path"]
        if method in ("GET", "HEAD") and self.read.fullmatch(path):
            return None
        if method == "POST" and self.write.fullmatch(path):
            return None
        known = self.read.fullmatch(path) or self.write.fullmatch(path)
        return _error(405, "method not allowed") if known else _error(404, "not found")


def _error(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status)


async def _checked_body(receive: Receive) -> tuple[Receive, ASGIApp | None]:
    """The body, read whole: small, and a JSON object, or a refusal."""
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
    return _replay(bytes(body), receive), None if _is_object(body) else _error(400, "the body is not a JSON object")


def _is_object(body: bytes | bytearray) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hand the body on once; afterwards the connection speaks for itself."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
