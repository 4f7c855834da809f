"""The page over the fake Answerer, for tests: `python -m tests.web.fake_server PORT [hostile|hasty|narrow]`.

Says its port. `hasty` has limits of time and number that a test can reach; `narrow` answers one at a time, none waits.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from corpus.common.settings import read_settings
from tests.web.fake import hostile_answerer, real_answerer
from web import server
from web.chat_page import build
from web.middleware import request_filter, throttling
from web.middleware.throttling import ConcurrencyLimit
from web.server import application, bind, serve

SECONDS = 1.0
STREAMS_EACH = 3


def main(port: int, how: str) -> None:
    """Serve until stopped."""
    if how == "hasty":
        server.HEAD_SECONDS = request_filter.BODY_SECONDS = throttling.STREAM_SECONDS = SECONDS
        throttling.STREAMS_EACH = STREAMS_EACH
    if how == "narrow":
        server.ConcurrencyLimit = partial(ConcurrencyLimit, at_once=1, waiting=0)  # type: ignore[attr-defined,assignment]
    settings = replace(read_settings(), index=Path(os.devnull))
    answerer = hostile_answerer() if how == "hostile" else real_answerer()
    sock = bind(settings.host, port)
    app = application(build(answerer, settings), answerer, settings, "")
    sys.stdout.write(f"{sock.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(app, sock)


if __name__ == "__main__":
    main(int(sys.argv[1]), "".join(sys.argv[2:]))
