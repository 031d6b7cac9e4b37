"""Tells open pages, and tests, what has just changed."""

import asyncio
import contextlib
from collections import defaultdict

from aiohttp import web

from workspace.wire import Json

_HEARTBEAT = 20.0  # seconds between pings, so that a page that vanished is noticed


class Feed:
    """The open pages, each of which is looked at as one person."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[Json | None]]] = defaultdict(set)

    def tell(self, change: Json, *, person: str = "") -> None:
        """Send *change* to the pages of *person*, or to all pages when it is empty."""
        for one, queues in self._queues.items():
            if person in {"", one}:
                for queue in queues:
                    queue.put_nowait(change)

    def close(self) -> None:
        """End every feed, as the process is stopping."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)

    async def serve(self, request: web.Request, person: str, first: Json) -> web.WebSocketResponse:
        """Send *first* and then every change that concerns *person*, until the page goes away."""
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT)
        await socket.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues[person].add(queue)
        sender = asyncio.create_task(_send(socket, queue, first))
        try:
            async for _ in socket:  # pages only listen here; reading notices that they left
                pass
        finally:
            self._queues[person].discard(queue)
            sender.cancel()
        return socket


async def _send(socket: web.WebSocketResponse, queue: asyncio.Queue[Json | None], first: Json) -> None:
    with contextlib.suppress(ConnectionError):
        await socket.send_json(first)
        while (change := await queue.get()) is not None:
            await socket.send_json(change)
        await socket.close()
