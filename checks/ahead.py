"""A worker that is started before anybody knows what it is to read: nothing takes longer than loading its checks."""

from __future__ import annotations

from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from checks.sandbox import sandbox_level, worker


@dataclass(frozen=True, slots=True)
class Ahead:
    """A worker that waits to hear what it is to do; *ending* ends it."""

    process: Process
    ending: AsyncExitStack


@asynccontextmanager
async def worker_ahead() -> AsyncIterator[Ahead]:
    """Start a worker; it is gone when the context is left, unless whoever took it has ended it before."""
    async with AsyncExitStack() as ending:
        yield Ahead(await ending.enter_async_context(worker(sandbox_level())), ending)
