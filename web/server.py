"""The page on the wire: Gradio mounted in an application of our own, behind the gate and the headers.

Started by hand rather than by `launch()`, so that the port is bound before anything else is promised, a signal ends
the server after the answers in flight, and nothing but the routes of `web.middleware.routes` can be reached.
"""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path

import gradio as gr
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from corpus.common.errors import SettingError
from corpus.common.settings import Settings
from retrieval.ranking.protocols import Answerer
from web import page_texts as texts
from web.chat_page import theme
from web.feedback import feedback_route
from web.gradio_compat import Direct
from web.health import Health
from web.index_watch import NewerIndex
from web.middleware.concurrency import Crowd
from web.middleware.failures import Calm, speak_plainly
from web.middleware.headers import Headers
from web.middleware.hosts import Hosts, allowed_names
from web.middleware.patience import PatientProtocol
from web.middleware.pending_calls import Mailboxes
from web.middleware.rate_limit import Rate, allowed_rate
from web.middleware.routes import Gate

STATIC = Path(__file__).parent / "static"
GRACE_SECONDS = 10
BACKLOG = 2048


def application(page: gr.Blocks, answerer: Answerer, settings: Settings, newer: NewerIndex) -> Starlette:
    """The whole application, ready for any ASGI server."""
    direct = Direct(page)
    routes: list[BaseRoute] = [
        Health(answerer, newer).route(),
        Mount("/web", StaticFiles(directory=STATIC)),
        *direct.routes(),
    ]
    if settings.feedback:
        routes.append(feedback_route(settings.feedback, answerer.articles))
    app = Starlette(
        routes=routes,
        lifespan=newer.watching,
        middleware=[
            Middleware(Calm),  # once more, around the layers that dress its refusals
            Middleware(GZipMiddleware),
            Middleware(Headers, assets=assets(), ancestors=settings.frame_ancestors),
            Middleware(Hosts, allowed=allowed_names(settings.host, settings.allowed_hosts)),
            Middleware(Calm),
            Middleware(Rate, per_minute=allowed_rate(settings.host, settings.rate_per_minute)),
            Middleware(Gate, events=direct.numbers, mail=Mailboxes(page), feedback=settings.feedback is not None),
            Middleware(Crowd),
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


def serve(app: Starlette, sock: socket.socket) -> None:
    """Serve until told to stop. Access is not logged: addresses are nobody's business here."""
    speak_plainly()
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[sock])


def bind(host: str, port: int) -> socket.socket:
    """Take the port first, so that a taken one is told before any work is done; who connects early, waits.

    Raises:
        SettingError: the address is not ours to listen on.
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
    """Links to our own style and script, named by content so that a new version is never mixed with an old one."""
    parts = [f'<script type="application/json" id="ask-texts">{json.dumps(texts.FOR_SCRIPT)}</script>']
    for file in sorted(STATIC.iterdir()):
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        address = f"./web/{file.name}?v={version}"
        if file.suffix == ".css":
            parts.append(f'<link rel="stylesheet" href="{address}">')
        elif file.suffix == ".js":
            parts.append(f'<script defer src="{address}"></script>')
    return "".join(parts)
