"""What this server does in Gradio's place: answers direct calls, and keeps its list of pending calls short.

A call that waits in no queue goes straight to the page's functions. For each such call Gradio would copy the settings
of every component into a new session that keeps the question, and change threads once for every value that goes in or
out: two milliseconds of the event loop, which all clients share. The functions are the ones the page has, and the
response has the shape that Gradio's own clients read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gradio as gr
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from web.middleware.failures import failed_response

NAME = "ask"
PENDING_KEPT = 4_000  # sessions, twice as many as Gradio keeps messages for


class DirectCalls:
    """The events of one page that run on the server, by number and, the one that has a name, by it."""

    def __init__(self, page: gr.Blocks) -> None:
        events = [(number, event.api_name, event.fn) for number, event in page.fns.items() if event.fn is not None]
        self._by_number: dict[int, Callable[..., Any]] = {number: function for number, _, function in events}
        self._by_name: Callable[..., Any] = next(function for _, name, function in events if name == NAME)

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of those events; the others run in the browser."""
        return frozenset(self._by_number)

    def routes(self) -> list[Route]:
        """Return `POST …/run/ask` and `…/run/predict`, whose bodies `RequestFilter` has checked."""
        ends = {NAME: self._named, "predict": self._numbered}
        return [Route(f"/gradio_api/run/{n}{s}", end, methods=["POST"]) for n, end in ends.items() for s in ("", "/")]

    async def _named(self, request: Request) -> Response:
        return await _call(self._by_name, (await request.json())["data"])

    async def _numbered(self, request: Request) -> Response:
        sent = await request.json()
        return await _call(self._by_number[sent["fn_index"]], sent["data"])


async def _call(function: Callable[..., Any], values: list[Any]) -> Response:
    began = time.monotonic()
    try:
        found = await run_in_threadpool(function, *values)
    except gr.Error:  # what failed is in the log already (`web.middleware.failures`)
        return failed_response()
    taken = time.monotonic() - began
    return JSONResponse(
        {
            "data": [found],
            "is_generating": False,
            "duration": taken,
            "average_duration": taken,
            "render_config": None,
            "changed_state_ids": [],
        }
    )


class PendingCalls:
    """The queued calls of one page whose answers can still be fetched.

    Gradio keeps the messages of the last 2,000 sessions and, beside them, a set of unanswered calls for every session
    there ever was. The second would grow as long as the server runs; `tidy` cuts it down to what the first still holds.
    """

    def __init__(self, page: gr.Blocks) -> None:
        self._queue = page._queue

    def waiting(self, name: str) -> bool:
        """Return whether an answer waits, or is being made, under the name of a call or a session."""
        return bool(self._queue.pending_event_ids_session.get(name))

    def tidy(self) -> None:
        """Forget the sessions whose answers were all fetched, or can be fetched no more."""
        calls = self._queue.pending_event_ids_session
        if len(calls) > PENDING_KEPT:
            held = self._queue.pending_messages_per_session
            for name in [name for name, ids in calls.items() if not ids or name not in held]:
                del calls[name]
