"""Security headers, and the page's own links put into Gradio's HTML with a nonce.

Scripts run only from this server or with the nonce of this very response, so markup that slipped through everything
else could still not run. `unsafe-eval` stays because Gradio compiles templates and event code in the browser; styles
may be inline because Gradio writes them so. Nothing may be fetched from, sent to or framed by another host.
"""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import page_texts as texts

_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors {ancestors}"
)
_FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_FOREIGN = re.compile(rb"<meta[^>]*(?:og:|twitter:)[^>]*>\s*", re.DOTALL)


class SecurityHeaders:
    """ASGI middleware: sets the headers of every response, and puts a nonce and our links into the page itself."""

    def __init__(self, app: ASGIApp, assets: str, ancestors: tuple[str, ...]) -> None:
        self.app = app
        self.assets = assets.encode()
        self.ancestors = " ".join(ancestors) or "'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers; only the page at `/` is rewritten, so only it is held back until complete."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        if scope["path"] == "/" and scope["method"] == "GET":
            page = _Page(self._with_headers(send, nonce), nonce, self.assets)
            await self.app(_uncompressed(scope), receive, page.send)
        else:
            await self.app(scope, receive, self._with_headers(send, nonce))

    def _with_headers(self, send: Send, nonce: str) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in [name for name in headers if name.startswith("access-control-")]:
                    del headers[name]  # Gradio lets any page on this machine read the answers
                headers["content-security-policy"] = _POLICY.format(nonce=nonce, ancestors=self.ancestors)
                if self.ancestors == "'none'":
                    headers["x-frame-options"] = "DENY"
                for name, value in _FIXED.items():
                    headers[name] = value
            await send(message)

        return sending


class _Page:
    """Collects Gradio's page, rewrites it and sends it on."""

    def __init__(self, send: Send, nonce: str, assets: bytes) -> None:
        self._send, self._nonce, self._assets = send, nonce.encode(), assets
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Hold the page back until it is whole."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False) or self._start is None:
            return
        body = rewrite(bytes(self._body), self._nonce, self._assets)
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def rewrite(page: bytes, nonce: bytes, assets: bytes) -> bytes:
    """Return the page with a nonce on each script, our links in its head, its language, and no foreign addresses."""
    head, body = page.split(b"</head>", 1)
    head = _FOREIGN.sub(b"", head).replace(b'lang="en"', f'lang="{texts.LANGUAGE}"'.encode(), 1)
    return (head + assets + b"</head>" + body).replace(b"<script", b'<script nonce="' + nonce + b'"')


def _uncompressed(scope: Scope) -> Scope:
    """Return the scope of a request that accepts no compression; the outer layer compresses the rewritten page."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
