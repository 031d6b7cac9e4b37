"""A TCP proxy that is told to cut, stall, delay or half-close what goes through it: for Slack and PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_CHUNK = 65536
Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@dataclass(slots=True)
class FaultProxy:
    """
    A proxy on *port* of this machine to whatever *connect* reaches.

    *refuses*: new connections are closed at once. *delay_s*: every piece waits so long before it is handed on.
    """

    connect: Connect
    port: int = 0
    refuses: bool = False
    delay_s: float = 0.0
    connections: int = 0
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def cut(self) -> None:
        """End every connection at once, in both directions, with whatever was under way in it."""
        for writer in list(self._writers):
            writer.transport.abort()

    def half_close(self) -> None:
        """End one direction of every connection: each side is told that the other says nothing more."""
        for writer in list(self._writers):
            with contextlib.suppress(OSError, RuntimeError):
                writer.write_eof()

    def stall(self) -> None:
        """Hand nothing on until `flow`, and keep every connection open."""
        self._flowing.clear()

    def flow(self) -> None:
        """Hand on again, beginning with what was kept back."""
        self._flowing.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection."""
        self.connections += 1
        if self.refuses:
            writer.transport.abort()
            return
        try:
            there, back = await self.connect()
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, back}
        ways = {asyncio.create_task(self._hand_on(reader, back)), asyncio.create_task(self._hand_on(there, writer))}
        self._tasks |= ways
        try:
            with contextlib.suppress(asyncio.CancelledError):  # at the end, when nobody waits for it any more
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            self._tasks -= ways
            self._writers -= {writer, back}
            for one in (writer, back):
                one.transport.abort()

    async def _hand_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while piece := await source.read(_CHUNK):
                await self._flowing.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                sink.write(piece)
                await sink.drain()
            sink.write_eof()

    async def end(self) -> None:
        """Cut everything, and wait until it has ended."""
        self.flow()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def fault_proxy(connect: Connect) -> AsyncIterator[FaultProxy]:
    """Run a proxy to what *connect* reaches."""
    proxy = FaultProxy(connect)
    proxy.flow()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
