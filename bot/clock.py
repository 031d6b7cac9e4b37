"""
The bot's clock: the time, a nudge that wakes whoever waits for the next due row, and the orders the clock gives.

An order of the clock finds out itself what is due; that it is asked often is cheap, and asked twice has one effect.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.lead import Lead
from commands.command import CLOCK, Request, all_commands
from commands.world import World

_log = logging.getLogger(__name__)

#: Which orders the clock gives, and how often. A nudge has them given at once.
SCHEDULE: Mapping[str, timedelta] = {
    "escalate-pages": timedelta(seconds=1),
    "reroute-pages": timedelta(seconds=5),
    "recheck-apps": timedelta(seconds=5),
    "match-advisories": timedelta(minutes=1),
    "fetch-schedules": timedelta(minutes=1),
    "tidy-registry": timedelta(minutes=10),
}


class WallClock:
    """The time of this machine."""

    def __init__(self) -> None:
        self.nudges = 0
        self._nudged = asyncio.Event()

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        return datetime.now(UTC)

    def nudge(self) -> None:
        """Have due rows looked at now rather than at the next tick."""
        self.nudges += 1
        self._nudged.set()
        self._nudged = asyncio.Event()

    async def wait(self, seen: int, longest: timedelta) -> None:
        """Wait for a nudge, at most for *longest*; return at once where there were more nudges than *seen* already."""
        nudged = self._nudged
        if self.nudges != seen:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(nudged.wait(), longest.total_seconds())


async def keep_time(world: World, clock: WallClock, lead: Lead) -> None:
    """Give the orders of SCHEDULE and ROUNDS, each in its own rhythm, while this process leads, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for order, every in SCHEDULE.items():
            give = partial(all_commands()[order].run, Request(person=CLOCK), world)
            tasks.create_task(_give(order, give, every, clock, lead))
        for order, every in ROUNDS.items():
            tasks.create_task(_give(order, partial(world.jobs.start, order, ""), every, clock, lead))


async def _give(
    order: str, give: Callable[[], Awaitable[None]], every: timedelta, clock: WallClock, lead: Lead
) -> None:
    while True:
        await lead.gained()
        seen = clock.nudges
        try:
            await give()
        except Exception:  # noqa: BLE001 - one failure must not end the rhythm: the next tick tries the same rows
            _log.exception("the clock's order %s failed", order)
        await clock.wait(seen, every)
