"""Whether answering works: a question known to be answered is asked, at most once in a few seconds."""

from __future__ import annotations

import asyncio
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from retrieval.ranking.protocols import Answerer
from web.index_watch import NewerIndex
from web.middleware.failures import tell

GOOD_FOR = 5.0  # seconds


class Health:
    """Whatever breaks answering shows here. Many who look at once cost one answer."""

    def __init__(self, answerer: Answerer, newer: NewerIndex) -> None:
        self._answerer = answerer
        self._newer = newer
        self._looking = asyncio.Lock()
        self._well = False
        self._looked = -GOOD_FOR

    def route(self) -> Route:
        """`GET /healthz`: 200 when a known question is answered with a quote, else 503; a newer index is told of."""
        return Route("/healthz", self._health)

    async def _health(self, _: Request) -> Response:
        async with self._looking:
            if time.monotonic() - self._looked >= GOOD_FOR:
                self._well = await run_in_threadpool(self._answers)
                self._looked = time.monotonic()
        told = {"status": "ok" if self._well else "no answer", "newer_index": self._newer.waits}
        return JSONResponse(told, 200 if self._well else 503)

    def _answers(self) -> bool:
        answerer = self._answerer
        question = answerer.starters[0] if answerer.starters else answerer.articles[0].title
        try:
            return bool(answerer.ask(question).quotes)
        except Exception as error:  # any at all means that it is not well
            tell(error)
            return False
