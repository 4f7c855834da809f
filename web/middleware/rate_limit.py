"""How many questions one client may send a minute: a count for each address, kept in memory that long, by `limits`.

Behind a proxy the address is the one the proxy reports; which proxies are believed is uvicorn's own setting
(`FORWARDED_ALLOW_IPS`, this machine if not set). An IPv6 client is its /64, the least that anybody is given.
"""

from __future__ import annotations

import math
import time
from ipaddress import ip_address, ip_network

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.middleware.hosts import LOCAL

IPV6_PREFIX = 64
PER_MINUTE = 60


def allowed_rate(host: str, chosen: int | None) -> int:
    """The owner's choice; without one, a server on this machine alone has no limit, any other `PER_MINUTE`."""
    if chosen is not None:
        return chosen
    return 0 if host in (*LOCAL, "::1") else PER_MINUTE


class Rate:
    """ASGI middleware: whatever is sent (POST) counts, before its body is read. 429 with Retry-After past the limit."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self.app = app
        self._window = FixedWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, then pass on or refuse."""
        if self._limit and scope["type"] == "http" and scope["method"] == "POST":
            client = client_of(scope)
            if not self._window.hit(self._limit, client):
                free_at = self._window.get_window_stats(self._limit, client).reset_time
                wait = {"retry-after": str(max(1, math.ceil(free_at - time.time())))}
                refusal = JSONResponse({"error": "too many questions from one address; wait a little"}, 429, wait)
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def client_of(scope: Scope) -> str:
    """The address that asks, or the network that stands for it; what is no address (a socket file) is one client."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return str(address) if address.version == 4 else str(ip_network((host.split("%")[0], IPV6_PREFIX), strict=False))
