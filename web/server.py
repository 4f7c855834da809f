"""The server: Gradio mounted in an application of our own, behind the middleware.

Started by hand rather than by `launch()`, so that a port that is taken is noticed first, a signal ends the server after
the answers in flight, and nothing but the routes of `web.middleware.request_filter` can be reached.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
from collections.abc import Sequence
from pathlib import Path

import gradio as gr
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from corpus.common.errors import SettingError
from corpus.common.settings import Settings
from retrieval.ranking.protocols import Answerer
from web import page_texts as texts
from web.chat_page import theme
from web.feedback import feedback_route
from web.gradio_compat import DirectCalls, PendingCalls
from web.health import HealthCheck
from web.middleware.failures import FailureResponses, hide_tracebacks
from web.middleware.headers import SecurityHeaders
from web.middleware.request_filter import RequestFilter
from web.middleware.throttling import ConcurrencyLimit, RateLimit

STATIC = Path(__file__).parent / "static"
LOCAL = ("localhost", "127.0.0.1", "[::1]")
PER_MINUTE = 60
HEAD_SECONDS = 20.0
GRACE_SECONDS = 10
BACKLOG = 2048


def application(page: gr.Blocks, answerer: Answerer, settings: Settings, generation: str) -> Starlette:
    """Return the whole application, ready for any ASGI server; `generation` names the index `answerer` answers from."""
    calls = DirectCalls(page)
    routes: list[BaseRoute] = [
        HealthCheck(answerer, settings.index, generation).route(),
        Mount("/web", StaticFiles(directory=STATIC)),
        *calls.routes(),
    ]
    if settings.feedback:
        routes.append(feedback_route(settings.feedback, answerer.articles))
    pending = PendingCalls(page)
    hosts = allowed_hosts(settings.host, settings.allowed_hosts)
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(FailureResponses),  # once more, around the layers that add to its responses
            Middleware(GZipMiddleware),
            Middleware(SecurityHeaders, assets=assets(), ancestors=settings.frame_ancestors),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(FailureResponses),
            Middleware(RateLimit, per_minute=allowed_rate(settings.host, settings.rate_per_minute)),
            Middleware(RequestFilter, events=calls.numbers, pending=pending, feedback=settings.feedback is not None),
            Middleware(ConcurrencyLimit),
        ],
    )
    gr.mount_gradio_app(
        app,  # asked for as a FastAPI, but nothing beyond Starlette is used
        page,
        path="/",
        theme=theme(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        show_error=False,
        mcp_server=False,
        pwa=False,
    )
    return app


def allowed_hosts(host: str, chosen: Sequence[str]) -> list[str]:
    """Return the names the server answers to, so that no other site reaches it under its own name (DNS rebinding).

    They are the owner's choice; without one, a server on this machine alone answers to its own names, any other to
    all. Names of this machine are always among them, for health checks; nobody elsewhere gains by sending them.
    """
    return [*chosen, *LOCAL] if chosen or _local(host) else ["*"]


def allowed_rate(host: str, chosen: int | None) -> int:
    """Return the owner's choice; without one, no limit (0) on this machine alone, else `PER_MINUTE`."""
    if chosen is not None:
        return chosen
    return 0 if _local(host) else PER_MINUTE


def _local(host: str) -> bool:
    return host in (*LOCAL, "::1")


class HeadTimeoutProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, but a connection is closed that does not send a whole head in `HEAD_SECONDS`.

    uvicorn itself times a connection only between a response and the next byte; a connection that sends nothing, or a
    head without an end, it keeps for ever, until no more can be opened.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first head."""
        super().connection_made(transport)
        self._time_head()

    def data_received(self, data: bytes) -> None:
        """Let the time run on where there is no whole head yet."""
        super().data_received(data)
        self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time."""
        super().connection_lost(exc)
        self._stop()

    def _time_head(self) -> None:
        if self._answering():
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._close)

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        self._deadline = None
        if not self._answering():
            self.transport.close()


def serve(app: Starlette, sock: socket.socket) -> None:
    """Serve until a signal ends it. Access is not logged, so that no address is kept."""
    hide_tracebacks()
    config = uvicorn.Config(
        app,
        http=HeadTimeoutProtocol,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[sock])


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens, so that a taken port is reported before any work; early clients wait.

    Raises:
        SettingError: the address cannot be listened on.
    """
    sock: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)  # asyncio sends at once (TCP_NODELAY) where TCP is named
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as error:
        if sock:
            sock.close()
        raise SettingError(
            f"cannot listen on {host} port {port} ({error.strerror}); stop what uses it or set ASK_HOST and ASK_PORT"
        ) from error
    return sock


def assets() -> str:
    """Return links to our own style and script, named by content so that versions are never mixed."""
    parts = [f'<script type="application/json" id="ask-texts">{json.dumps(texts.FOR_SCRIPT)}</script>']
    for file in sorted(STATIC.iterdir()):
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        address = f"./web/{file.name}?v={version}"
        if file.suffix == ".css":
            parts.append(f'<link rel="stylesheet" href="{address}">')
        elif file.suffix == ".js":
            parts.append(f'<script defer src="{address}"></script>')
    return "".join(parts)
