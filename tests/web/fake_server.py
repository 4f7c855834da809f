"""The page over the fake Answerer, for tests: `python -m tests.web.fake_server PORT [hostile|hasty|narrow]`.

Says its port. `hasty` has limits of time and number that a test can reach; `narrow` answers one at a time, none waits.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from corpus.common.settings import read_settings
from tests.web.fake import hostile_answerer, real_answerer
from web import server
from web.chat_page import build
from web.index_watch import NewerIndex
from web.middleware import concurrency as crowd
from web.middleware import patience
from web.middleware import routes as gate
from web.middleware.concurrency import Crowd
from web.server import application, bind, serve

SECONDS = 1.0
STREAMS_EACH = 3


def main(port: int, how: str) -> None:
    """Serve until stopped."""
    if how == "hasty":
        patience.HEAD_SECONDS = gate.BODY_SECONDS = crowd.STREAM_SECONDS = SECONDS
        crowd.STREAMS_EACH = STREAMS_EACH
    if how == "narrow":
        server.Crowd = partial(Crowd, at_once=1, waiting=0)  # type: ignore[attr-defined,assignment]
    settings = read_settings()
    answerer = hostile_answerer() if how == "hostile" else real_answerer()
    sock = bind(settings.host, port)
    app = application(build(answerer, settings), answerer, settings, NewerIndex(Path(os.devnull), ""))
    sys.stdout.write(f"{sock.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(app, sock)


if __name__ == "__main__":
    main(int(sys.argv[1]), "".join(sys.argv[2:]))
