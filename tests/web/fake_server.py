"""The page over the fake Answerer, for tests: `python -m tests.web.fake_server PORT [hostile]`; says its port."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from corpus.settings import read_settings
from tests.web.fake import hostile_answerer, real_answerer
from web.newer import NewerIndex
from web.page import build
from web.server import application, bind, serve


def main(port: int, hostile: bool) -> None:
    """Serve until stopped."""
    settings = read_settings()
    answerer = hostile_answerer() if hostile else real_answerer()
    sock = bind(settings.host, port)
    app = application(build(answerer, settings), answerer, settings, NewerIndex(Path(os.devnull), ""))
    sys.stdout.write(f"{sock.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(app, sock)


if __name__ == "__main__":
    main(int(sys.argv[1]), "hostile" in sys.argv)
