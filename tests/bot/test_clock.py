"""The bot's clock says of itself whether it looks for pages that are due."""

import asyncio
import time
from collections.abc import Callable

import pytest

from bot import clock
from bot.clock import PAGES, PART, WallClock, say_whether_time_is_kept
from bot.health import Health
from bot.lead import Lead
from tests.world import Town


async def test_a_clock_that_stands_still_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only while its process leads, and for as long as no order of pages was given."""
    monkeypatch.setattr(clock, "_LOOK_S", 0.01)
    monkeypatch.setattr(clock, "_LATE_S", 0.03)
    wall, health = WallClock(), Health()
    lead = Lead(town.world.database, town.clock, "p1")
    watching = asyncio.create_task(say_whether_time_is_kept(wall, lead, health))
    await lead.look()
    await until(lambda: PART in health.faults)
    assert set(health.stuck()) == {PART}
    wall.given[PAGES] = time.monotonic() + 60
    await until(lambda: not health.faults)
    wall.given[PAGES] = 0.0
    await until(lambda: PART in health.faults)
    await lead.give_up()
    await until(lambda: not health.faults)
    watching.cancel()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it *holds*."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - nobody tells when health changes
            await asyncio.sleep(0.01)
