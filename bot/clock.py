"""
The bot's clock: the time, a nudge that wakes whoever waits for the next due row, and the orders the clock gives.

An order of the clock finds out itself what is due; that it is asked often is cheap, and asked twice has one effect.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.health import Health
from bot.lead import Lead
from commands.command import CLOCK, Request, all_commands
from commands.world import World
from storage.database import once_more
from storage.errors import in_words

_log = logging.getLogger(__name__)

PART = "clock"
#: The order that must not stand still.
PAGES = "escalate-pages"
_LATE_S = 60.0
_LOOK_S = 10.0

#: Which orders the clock gives, and how often. A nudge has them given at once.
SCHEDULE: Mapping[str, timedelta] = {
    PAGES: timedelta(seconds=1),
    "reroute-pages": timedelta(seconds=5),
    "learn-addresses": timedelta(minutes=5),
    "recheck-apps": timedelta(seconds=5),
    "fetch-schedules": timedelta(minutes=1),
    "note-audit-head": timedelta(minutes=10),
}
#: Which rounds of heavy work it has made by processes that work, and how often it asks for one.
ROUNDS: Mapping[str, timedelta] = {
    "match-advisories": timedelta(minutes=1),
    "tidy-registry": timedelta(minutes=10),
}


class WallClock:
    """The time of this machine."""

    def __init__(self) -> None:
        self.nudges = 0
        self.given: dict[str, float] = {}  # when each order was given last and did not fail, by time.monotonic
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


async def keep_time(world: World, clock: WallClock, lead: Lead, health: Health) -> None:
    """Give the orders of SCHEDULE and ROUNDS, each in its own rhythm, while this process leads, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for order, every in SCHEDULE.items():
            give = partial(all_commands()[order].run, Request(person=CLOCK), world)
            tasks.create_task(_give(order, give, partial(clock.wait, longest=every), clock, lead))
        for order, every in ROUNDS.items():
            # A nudge is for what is due in a row; a round it would only have made too often.
            pause = partial(_sleep, every)
            tasks.create_task(_give(order, partial(world.jobs.start, order, ""), pause, clock, lead))
        tasks.create_task(say_whether_time_is_kept(clock, lead, health))


async def say_whether_time_is_kept(clock: WallClock, lead: Lead, health: Health) -> None:
    """Say in *health*, until cancelled, where this process leads and pages that are due are not looked for."""
    led_since: float | None = None
    while True:
        now = time.monotonic()
        led_since = (led_since or now) if lead.is_mine else None
        kept_at = clock.given.get(PAGES, 0.0)
        if led_since is not None and now - max(led_since, kept_at) > _LATE_S:
            health.bad(PART, f"Pages that are due were not looked for since {now - max(led_since, kept_at):.0f} s.")
        else:
            health.good(PART)
        await asyncio.sleep(_LOOK_S)


async def _sleep(time: timedelta, _seen: int) -> None:
    await asyncio.sleep(time.total_seconds())


async def _give(
    order: str,
    give: Callable[[], Awaitable[None]],
    pause: Callable[[int], Awaitable[None]],
    clock: WallClock,
    lead: Lead,
) -> None:
    is_failing = False
    while True:
        await lead.gained()
        seen = clock.nudges
        try:
            await once_more(give)
            clock.given[order] = time.monotonic()
            is_failing = False
        except Exception as error:  # noqa: BLE001 - one failure must not end the rhythm: the next tick tries the same rows
            # Where the database is away it fails every second, always alike.
            if is_failing:
                _log.warning("the clock's order %s failed again: %s", order, in_words(error))
            else:
                _log.exception("the clock's order %s failed", order)
            is_failing = True
        await pause(seen)
