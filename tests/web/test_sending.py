"""Answers leave at once: a socket that waits for the other side's word first costs 40 ms on each kept connection."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.web.serving import run
from web.server import bind


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_is_sent_leaves_at_once(host: str) -> None:
    nodelay: list[int] = []

    async def accept() -> None:
        done = asyncio.Event()

        async def served(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nodelay.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            done.set()

        with bind(host, 0) as sock:
            async with await asyncio.start_server(served, sock=sock):
                _, writer = await asyncio.open_connection(*sock.getsockname()[:2])
                await done.wait()
                writer.close()

    run(accept())
    assert nodelay[0] != 0
