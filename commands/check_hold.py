"""
Holds a check while it runs, and tells how far it is.

Neither may end it: what could not be written once is written the next time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from checks.runner import Progress
from commands import check_steps
from commands.news import CheckProgress
from commands.start_check import HOLD
from commands.tell_checked import place_of
from commands.world import World
from storage import check_requests
from storage.errors import in_words
from storage.model import App, CheckRequest

_log = logging.getLogger(__name__)
_EXTEND_S = HOLD.total_seconds() / 3
_PACE_S = 1.0  # one edit a second is what Slack takes


class Telling:
    """Takes every step of a check, and tells the newest at most once a second."""

    def __init__(self) -> None:
        self.newest: Progress | None = None
        self.changed = asyncio.Event()

    def __call__(self, progress: Progress) -> None:
        """Take a step."""
        if self.newest is None or progress.stage is not self.newest.stage:
            check_steps.say(progress.stage.value)
        self.newest = progress
        self.changed.set()


@asynccontextmanager
async def held(world: World, wanted: CheckRequest, app: App | None) -> AsyncIterator[Telling]:
    """Hold the request and tell how far its check is, until the context is left."""
    telling = Telling()
    tasks = [asyncio.create_task(_hold(world, wanted))]
    if wanted.asked_by is not None:
        tasks.append(asyncio.create_task(_tell(world, wanted, app, telling)))
    try:
        yield telling
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _hold(world: World, wanted: CheckRequest) -> None:
    holder = wanted.held_by or ""
    while True:
        await asyncio.sleep(_EXTEND_S)
        try:
            async with world.database.write() as transaction:
                is_held = await check_requests.keep_hold(transaction, wanted.id, holder, world.clock.now() + HOLD)
        except Exception as error:  # noqa: BLE001 - the check goes on, and the next time may succeed
            _log.warning("the hold of a check could not be extended: %s", in_words(error))
            continue
        if not is_held:
            return  # this process was taken for dead, and another makes it: whoever ends first is heard


async def _tell(world: World, wanted: CheckRequest, app: App | None, telling: Telling) -> None:
    name = app.name if app else wanted.repository
    while True:
        await telling.changed.wait()
        telling.changed.clear()
        progress = telling.newest
        assert progress is not None
        news = CheckProgress(name, progress.stage.value, progress.done, progress.total)
        try:
            async with world.database.write() as transaction:
                await world.messenger.post(transaction, place_of(wanted), news, key=f"check:{wanted.id}")
        except Exception as error:  # noqa: BLE001 - the check goes on, and its next step is told
            _log.warning("the progress of a check could not be told: %s", in_words(error))
        await asyncio.sleep(_PACE_S)
