"""
Heavy work apart from the answer: an order, given by a process that works, and by another where that one dies.

A job is a permit, not the promise: the promise stands in a row (a check request), and a job of `run-check` makes
whichever check is next in the line. So a job that is made twice, or too many, does nothing the second time.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bot.check_watch import CheckWatch
from bot.durable import CHECKS, Durable, Stopped, queue_of
from commands.check_steps import heard_by
from commands.command import CLOCK, Request, all_commands
from commands.world import World
from storage.errors import in_words

_log = logging.getLogger(__name__)
_PAUSE_S = 5.0  # after a failure, which most likely means that the database is away
_PATIENCE_S = 10.0  # for the database; whoever asked for a check waits for no more


@dataclass(slots=True)
class DurableJobs:
    """
    The jobs, as the process *process_id* starts and, where it works, makes them, *at_once* checks together.

    *alone*: no other process works on this database. `world` is set once the world stands, which holds these jobs.
    """

    durable: Durable
    process_id: str
    at_once: int
    works: bool
    alone: bool
    world: World | None = None
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _hands: asyncio.Semaphore = field(init=False)
    _threads: ThreadPoolExecutor = field(init=False)
    _running: set[asyncio.Task[Any]] = field(default_factory=set)
    _stopping: bool = False

    async def open(self) -> None:
        """Begin to make jobs, those that a process left that is dead among them."""
        self._loop = asyncio.get_running_loop()
        self._hands = asyncio.Semaphore(self.at_once)
        # Threads of its own: the library waits in them for the database, and ours must go on.
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="jobs")
        await self._call(partial(self.durable.open, self._make))

    async def start(self, order: str, row_id: str) -> None:
        """Have *order* given soon, for what *row_id* names; see `Jobs`."""
        begins_here = self.alone and self.works and queue_of(order) == CHECKS and not self._hands.locked()
        how = self.durable.begin if begins_here else self.durable.enqueue
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._call(partial(how, order, row_id))
        except Exception as error:  # noqa: BLE001 - its row, or the clock, brings it back
            _log.warning("a job of %s could not be started now: %s", order, in_words(error))

    async def at_work(self) -> frozenset[str]:
        """Return the processes that have begun jobs and not ended them, the dead among them."""
        return frozenset(await self._call(self.durable.at_work))

    async def take_up(self, dead: frozenset[str]) -> None:
        """Have made again what the processes *dead* have begun."""
        taken = await self._call(partial(self.durable.take_up, dead))
        if taken:
            _log.warning("%d jobs of processes that ended are taken up", taken)

    async def forget(self, before: datetime) -> None:
        """Remove what is kept of jobs that ended before *before*."""
        await self._call(partial(self.durable.forget, before))

    async def stop(self) -> None:
        """End what is made here, cleanly, and leave it to others."""
        self._stopping = True
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        try:
            await self._call(self.durable.close)
        except Exception as error:  # noqa: BLE001 - the database is away: the reaper sees that this process has ended
            _log.warning("jobs could not be handed on at the end: %s", in_words(error))
        self._threads.shutdown(wait=False)

    async def _call(self, blocking: partial[Any] | Any) -> Any:
        return await self._loop.run_in_executor(self._threads, blocking)

    def _make(self, order: str, key: str) -> None:
        """Give the order on the loop of the bot, from a thread of the library's."""
        try:
            asyncio.run_coroutine_threadsafe(self._give(order, key), self._loop).result()
        except BaseException:  # noqa: BLE001 - _give lets no failure through: the bot stops, or has stopped
            raise Stopped from None

    async def _give(self, order: str, key: str) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._stopping:
            raise asyncio.CancelledError
        self._running.add(task)
        try:
            if queue_of(order) != CHECKS:
                await self._try(order, key)
                return
            async with self._hands:
                # What fails before it took up a check has to be made by this job, since no other will come for it; a
                # check that fails again and again is ended by its own count.
                while not await self._try(order, key):  # noqa: ASYNC110 - nothing tells that the database is back
                    await asyncio.sleep(_PAUSE_S)
        finally:
            self._running.discard(task)

    async def _try(self, order: str, key: str) -> bool:
        assert self.world is not None
        try:
            with heard_by(CheckWatch()):
                await all_commands()[order].run(Request(CLOCK, fields={"id": key, "by": self.process_id}), self.world)
        except Exception:  # noqa: BLE001 - the others go on
            _log.exception("the job %s failed", order)
            return False
        return True
