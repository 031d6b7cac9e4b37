"""Has a bot that stands hear, speak and keep time: every part that runs until it is stopped, in one list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

from bot.acquaintance import confirm
from bot.app import Bot
from bot.clock import keep_time
from bot.heartbeat import keep_beating


@asynccontextmanager
async def at_work(bot: Bot, *more: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """
    Run every part of *bot*, and *more* beside them, until the context is left.

    First of all it works off what came in before the last stop. Where a part ends by an exception all end, and an
    ExceptionGroup of it is raised.
    """
    async with bot.hearing.listening(), asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(part) for part in (*_parts(bot), *more)]
        if bot.hearing.ears is not None:
            await bot.hearing.ears.opened()
        yield
        for task in running:
            task.cancel()


def _parts(bot: Bot) -> Iterator[Coroutine[Any, Any, None]]:
    """Yield what runs in a process of its role."""
    yield confirm(bot.dispatch.answers.slack, bot.world.database)
    yield keep_beating(bot.world.database, bot.clock, bot.process_id, bot.role)
    if bot.role == "worker":  # its jobs come to it
        return
    yield bot.lead.keep()
    yield bot.reaper.run()
    yield keep_time(bot.world, bot.clock, bot.lead, bot.health)
    yield bot.sender.run()
    yield bot.dispatch.work.keep_on()
    if bot.hearing.ears is not None:
        yield bot.hearing.ears.listen()
    yield bot.auditor.run()
    if bot.dead_man is not None:
        yield bot.dead_man.run()
