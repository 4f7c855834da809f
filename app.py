"""Ask the Article: settings ▶ index ▶ answerer ▶ page ▶ server."""

from __future__ import annotations

import gc
import os
import sys

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before gradio is imported: nothing leaves the machine

from corpus.common.cli import run

if __name__ == "__main__":
    gc.disable()  # until all is open: collecting while Gradio is imported takes 0.3 s and frees next to nothing

from corpus.common.settings import read_settings
from deploy.on_space import settle
from index.open import open_or_rebuild
from retrieval.answerer import answerer_of
from retrieval.answering.warm import warm_beside
from web.chat_page import build
from web.server import application, bind, serve


def main(_: list[str]) -> int:
    """Serve the page until stopped."""
    settle(os.environ)
    settings = read_settings()
    sock = bind(settings.host, settings.port)
    opened = open_or_rebuild(settings, sys.stderr.write)
    answerer = answerer_of(opened, settings)
    answerer.ask(answerer.articles[0].title)  # reads what all answers share: the first is then as fast as the next
    app = application(build(answerer, settings), answerer, settings, opened.manifest.generation)
    gc.freeze()  # what is open stays open, and what was thrown away until here is little
    gc.enable()
    warm_beside(opened.encoder)
    sys.stdout.write(f"Ask the Article: http://{settings.host}:{sock.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(app, sock)
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
