"""
The clock's order to see whether an app's turn has come to be looked at, and whether a promised check waits unmade.

Both are work for another process (look-at-apps, run-check). A check may wait unmade because whoever made it died, or
because its job could not be started; what a job is called says which attempt it is for, so that none is started twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from commands.command import Command, Request
from commands.people import clock_only
from commands.start_check import turn_of
from commands.world import World
from storage import apps, check_requests
from storage.model import CheckRequest

_MOST = 20  # in one round, the oldest; the next follows within seconds
_PATIENCE = timedelta(minutes=10)


async def run(request: Request, world: World) -> None:
    """Have made what was left over, and looked at what is due."""
    clock_only(request)
    now = world.clock.now()
    async with world.database.read() as transaction:
        left = await check_requests.left(transaction, now, _MOST)
        due = await apps.next_watch(transaction)
    for one in left:
        await world.jobs.start("run-check", f"{turn_of(one)}{_once_more(one, now)}")
    if due is not None and due <= now:
        await world.jobs.start("look-at-apps", "")


def _once_more(request: CheckRequest, now: datetime) -> str:
    """Return what makes another job of one that is long overdue: should ever a job be lost, the promise is not."""
    waits = int((now - request.asked_at) / _PATIENCE)
    return f":{waits}" if waits > 0 else ""


command = Command("recheck-apps", run)
