"""Whether a newer index lies in the folder than the one answered from.

A server answers from the index it opened, whole, for as long as it runs: page, article and answers are one, and the
files stay open when a build sweeps them away. That a newer one waits for a restart is told: once in the log, and in
`GET /healthz`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from corpus.common.errors import IndexFolderError, IndexStale
from index.folder import read_manifest
from web.middleware.failures import brief

EVERY_SECONDS = 5.0
TOLD = "a newer index lies in the index folder; answers come from the one opened before until the server is restarted"
_log = logging.getLogger("ask")


class NewerIndex:
    """Looks at an index folder every few seconds while the server runs; `waits` is what was seen last."""

    def __init__(self, folder: Path, generation: str) -> None:
        self._folder = folder
        self._generation = generation
        self.waits = False

    def look(self) -> None:
        """Compare the generation answered from with the one in the folder, and say in the log when they part."""
        waited, self.waits = self.waits, self._differs()
        if self.waits and not waited:
            _log.warning(TOLD)

    def _differs(self) -> bool:
        try:
            return read_manifest(self._folder).generation != self._generation
        except IndexStale:  # of a later version
            return True
        except IndexFolderError:  # none to be had now
            return False

    @asynccontextmanager
    async def watching(self, _: Starlette) -> AsyncIterator[None]:
        """Look while the server runs."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await run_in_threadpool(self.look)
            except Exception as error:  # memory or threads may be short now; the next look may not miss them
                _log.warning("could not look for a newer index: %s", brief(error))
