"""The part of ZeroGPU a starting Space talks to: it counts the reports that a GPU function was found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def zero_gpu() -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield the environment of a ZeroGPU Space and the list that fills with what it posts."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the list is the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": address}, posted
    finally:
        server.shutdown()
        server.server_close()
