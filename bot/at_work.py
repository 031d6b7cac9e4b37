"""Has a bot that stands hear, speak and keep time: every part that runs until it is stopped, in one list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

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
    parts = (
        bot.lead.keep(),
        keep_beating(bot.world.database, bot.clock, bot.process_id),
        keep_time(bot.world, bot.clock, bot.lead),
        bot.sender.run(),
        bot.dispatch.work.keep_on(),
        *more,
    )
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(part) for part in parts]
        for ear in bot.ears:
            await ear.connect_async()  # type: ignore[no-untyped-call]
        yield
        for task in running:
            task.cancel()
