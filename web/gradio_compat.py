"""The short way to an answer: calls that wait in no queue go straight to the page's functions.

For each such call Gradio would copy the settings of every component into a new session that keeps the question, and
change threads once for every value that goes in or out: two milliseconds of the event loop, which all clients share.
The functions are the ones the page has, and the response has the shape that Gradio's own clients read.
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

from web.middleware.failures import failed

NAME = "ask"


class Direct:
    """The events of one page that run on the server, by number and, the one that has a name, by it."""

    def __init__(self, page: gr.Blocks) -> None:
        events = [(number, event.api_name, event.fn) for number, event in page.fns.items() if event.fn is not None]
        self._by_number: dict[int, Callable[..., Any]] = {number: function for number, _, function in events}
        self._by_name: Callable[..., Any] = next(function for _, name, function in events if name == NAME)

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of those events; the others are the browser's own."""
        return frozenset(self._by_number)

    def routes(self) -> list[Route]:
        """`POST …/run/ask` and `…/run/predict`; the bodies were found fit by the gate."""
        ends = {NAME: self._named, "predict": self._numbered}
        return [Route(f"/gradio_api/run/{n}{s}", end, methods=["POST"]) for n, end in ends.items() for s in ("", "/")]

    async def _named(self, request: Request) -> Response:
        return await _answered(self._by_name, (await request.json())["data"])

    async def _numbered(self, request: Request) -> Response:
        sent = await request.json()
        return await _answered(self._by_number[sent["fn_index"]], sent["data"])


async def _answered(function: Callable[..., Any], values: list[Any]) -> Response:
    began = time.monotonic()
    try:
        found = await run_in_threadpool(function, *values)
    except gr.Error:  # what broke stands in the log by now (`web.middleware.failures`)
        return failed()
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
