"""Which names the server answers to, so that a page elsewhere cannot reach it under a name of its own (DNS rebinding).

`X-Forwarded-Host` is held to the same list, because Gradio builds addresses from it. Names of this machine itself are
always allowed, for health checks; nobody elsewhere gains anything by sending them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("localhost", "127.0.0.1", "[::1]")
_NAMES = (b"host", b"x-forwarded-host")
_HOST = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)


def allowed_names(host: str, chosen: Collection[str]) -> Collection[str]:
    """The owner's choice; without one, a server on this machine alone answers to its own names, any other to all."""
    return chosen or (() if host not in (*LOCAL, "::1") else LOCAL)


class Hosts:
    """ASGI middleware: 400 for a name that is none, 421 for one that is not ours. `allowed` empty means any name."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self.app = app
        self.allowed = {name.lower() for name in (*allowed, *LOCAL)} if allowed else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what came under a good name."""
        if scope["type"] == "http":
            names = [_name(value) for value in _told(scope)]
            if not all(names):
                await JSONResponse({"error": "the host header names no host"}, 400)(scope, receive, send)
                return
            if not all(self._ours(name) for name in names):
                await JSONResponse({"error": "this server does not answer to that name"}, 421)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _ours(self, name: str) -> bool:
        if self.allowed is None or name in self.allowed:
            return True
        return any(rule.startswith("*.") and name.endswith(rule[1:]) for rule in self.allowed)


def _told(scope: Scope) -> Iterator[str]:
    for header, value in scope["headers"]:
        if header in _NAMES:
            yield from value.decode("latin-1").split(",")


def _name(value: str) -> str:
    found = _HOST.fullmatch(value.strip())
    return found[1].lower() if found else ""
