"""`GET /healthz`: whether questions are answered, and whether a newer index waits in the index folder.

A server answers from the index it opened, whole, for as long as it runs: page, article and answers are one, and the
files stay open when a build sweeps them away. That a newer one waits for a restart stands in the response, and once in
the log when a look first finds it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from corpus.common.errors import IndexFolderError, IndexStale
from index.folder import read_manifest
from retrieval.ranking.protocols import Answerer
from web.middleware.failures import log_failure

LOOK_SECONDS = 5.0
NEWER_INDEX = (
    "a newer index lies in the index folder; answers come from the one opened before until the server is restarted"
)
_log = logging.getLogger("ask")


class HealthCheck:
    """Asks a question that the article answers and reads the manifest, once in `LOOK_SECONDS` however many ask.

    `generation` names the index that `answerer` answers from, `folder` is where a newer one would lie.
    """

    def __init__(self, answerer: Answerer, folder: Path, generation: str) -> None:
        self._answerer = answerer
        self._folder = folder
        self._generation = generation
        self._one_at_a_time = asyncio.Lock()
        self._answering = False
        self._newer_index = False
        self._looked = -LOOK_SECONDS

    def route(self) -> Route:
        """Return the route: 200 when the question is answered with a quote, else 503."""
        return Route("/healthz", self._respond)

    async def _respond(self, _: Request) -> Response:
        async with self._one_at_a_time:
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                await run_in_threadpool(self._look)
                self._looked = time.monotonic()
        found = {"status": "ok" if self._answering else "no answer", "newer_index": self._newer_index}
        return JSONResponse(found, 200 if self._answering else 503)

    def _look(self) -> None:
        self._answering = self._answers()
        before, self._newer_index = self._newer_index, self._has_newer_index()
        if self._newer_index and not before:
            _log.warning(NEWER_INDEX)

    def _answers(self) -> bool:
        answerer = self._answerer
        question = answerer.starters[0] if answerer.starters else answerer.articles[0].title
        try:
            return bool(answerer.ask(question).quotes)
        except Exception as error:  # any at all means that it does not answer
            log_failure(error)
            return False

    def _has_newer_index(self) -> bool:
        try:
            return read_manifest(self._folder).generation != self._generation
        except IndexStale:  # of a later version
            return True
        except IndexFolderError:  # none to be had now
            return False
