"""The jobs of a registry as a process has them, and a record of what was made."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.durable import Durable, Stopped
from storage.database import Database

_PATIENCE_S = 30.0  # a queue is asked once in a second


@dataclass
class Bench:
    """Where jobs are made: `made` holds what was begun; each waits for `go` before it ends."""

    durable: Durable
    database: Database
    loop: asyncio.AbstractEventLoop
    made: list[tuple[str, str]] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    is_closed: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def body(self, order: str, key: str) -> None:
        """Make a job, from a thread of the library's."""
        try:
            asyncio.run_coroutine_threadsafe(self._body(order, key), self.loop).result()
        except BaseException:  # noqa: BLE001 - as bot/jobs.py does: the process stops
            raise Stopped from None

    async def _body(self, order: str, key: str) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.made.append((order, key))
        self._more.set()
        await self.go.wait()

    async def call(self, blocking: Callable[..., object], *arguments: object) -> object:
        """Call what blocks, beside the loop."""
        return await asyncio.to_thread(blocking, *arguments)

    async def close(self) -> None:
        """End what the library runs."""
        self.is_closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.to_thread(self.durable.close)

    async def until(self, many: int) -> list[tuple[str, str]]:
        """Wait until *many* jobs were begun, and give them."""
        async with asyncio.timeout(_PATIENCE_S):
            while len(self.made) < many:
                self._more.clear()
                await self._more.wait()
        return self.made

    async def states(self) -> dict[str, str]:
        """What the library keeps of each job: its state, by its name."""
        listed = await asyncio.to_thread(self.durable._client.list_workflows)
        return {one.workflow_id: one.status for one in listed}

    async def until_state(self, name: str, state: str) -> None:
        """Wait until the library has noted *state* of a job."""
        async with asyncio.timeout(_PATIENCE_S):
            while (await self.states()).get(name) != state:  # noqa: ASYNC110 - the library tells nobody
                await asyncio.sleep(0.05)


@asynccontextmanager
async def bench(url: str, process_id: str = "p1", *, works: bool = True, at_once: int = 2) -> AsyncIterator[Bench]:
    """Open the jobs of the registry at *url* as the process *process_id*, and close them at the end."""
    database = await Database.open(url)
    durable = Durable(database, process_id, works=works, checks_at_once=at_once, poll_s=0.05)
    made = Bench(durable, database, asyncio.get_running_loop())
    await asyncio.to_thread(made.durable.open, made.body)
    try:
        yield made
    finally:
        if not made.is_closed:
            await made.close()
        await database.close()
