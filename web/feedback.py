"""The way in for ratings, there only when the owner has set a folder."""

from __future__ import annotations

import logging
from asyncio import Semaphore
from collections.abc import Sequence
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from corpus.article import Article
from corpus.common.errors import AskError
from web.ratings import rating_of, store

AT_ONCE = 2  # a disk that hangs may hold that many threads; the others answer
NOT_STORED = "the rating could not be stored; your answer is not affected"
_log = logging.getLogger("ask")


def feedback_route(folder: Path, articles: Sequence[Article]) -> Route:
    """`POST /feedback`: one rating, checked and stored; 400 when it is none, 503 when it cannot be stored."""
    places = Semaphore(AT_ONCE)

    async def feedback(request: Request) -> Response:
        try:
            rating = rating_of(await request.json(), articles)
        except AskError as error:
            return JSONResponse({"error": str(error)}, 400)
        try:
            async with places:
                await run_in_threadpool(store, rating, folder)
        except OSError as error:
            _log.error("a rating was not stored: %s", error)  # names the file and what is wrong with it, no more
            return JSONResponse({"error": NOT_STORED}, 503)
        return JSONResponse({"stored": True})

    return Route("/feedback", feedback, methods=["POST"])
