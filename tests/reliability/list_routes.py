"""Print method and path of every route of the app with feedback on, one JSON list a line. Gradio needs its own process.

python -m tests.reliability.list_routes
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from starlette.routing import BaseRoute

from corpus.common.settings import read_settings
from tests.web.fake import real_answerer
from web.chat_page import build
from web.server import application


def all_routes(routes: Iterable[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Through mounts and included routers; a mount of files counts as GET."""
    for route in routes:
        path = before + str(getattr(route, "path", ""))
        inside = getattr(getattr(route, "original_router", route), "routes", None)
        if inside:
            yield from all_routes(inside, path.rstrip("/"))
        else:
            methods = getattr(route, "methods", None)
            yield from ((method, path) for method in methods or ())
            if methods is None:
                yield "GET", f"{path}/{{path}}"


def main() -> None:
    """List them."""
    settings = read_settings({"ASK_FEEDBACK": "feedback"})
    answerer = real_answerer()
    app = application(build(answerer, settings), answerer, settings, "")
    for route in all_routes(app.routes):
        sys.stdout.write(json.dumps(route) + "\n")


if __name__ == "__main__":
    main()
