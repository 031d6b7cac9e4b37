"""
The clock's order to remove what is kept no longer: old messages, reports and pages. The audit log is never touched.

It goes on in small steps, each a transaction of its own, so that a page never waits for it; stopped anywhere, it goes
on the next day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from commands.command import Command, Request
from commands.people import clock_only
from commands.world import World
from storage import audit, marks, tidying
from storage.tidying import Part

_MARK = "tidied"
_EVERY = timedelta(days=1)

Step = Callable[..., Awaitable[Part]]


async def run(request: Request, world: World) -> None:
    """Once a day, remove everything whose time is over, and write down how much it was."""
    clock_only(request)
    if not await _is_due(world):
        return
    removed = {kind: count async for kind, count in _removed(world) if count}
    await world.database.shrink()
    if removed:
        async with world.database.write() as transaction:
            now = world.clock.now()
            await audit.write(transaction, now, who="clock", what="tidy registry", subject="registry", detail=removed)


async def _is_due(world: World) -> bool:
    """Whether a day has passed, or the clock was set back; whoever is told so does it."""
    now = world.clock.now()
    async with world.database.read() as transaction:
        last = await marks.get(transaction, _MARK)
    if last is not None and timedelta(0) <= now - datetime.fromisoformat(last) < _EVERY:
        return False
    async with world.database.write() as transaction:
        await marks.put(transaction, _MARK, now.isoformat())
    return True


async def _removed(world: World) -> AsyncIterator[tuple[str, int]]:
    """Remove one kind after the other, and yield how many rows there were of it."""
    now, house = world.clock.now(), world.house
    async with world.database.read() as transaction:
        causes = await tidying.open_causes(transaction)
    messages, reports, pages = now - house.keep_messages, now - house.keep_reports, now - house.keep_pages
    for kind, step, before in (
        ("sent messages", partial(tidying.sent, causes=causes), messages),
        ("standing messages", partial(tidying.standing, causes=causes), messages),
        ("incoming", tidying.worked_off, messages),
        ("check requests", tidying.checked, messages),
        ("reports", tidying.old_reports, reports),
        ("regressions", tidying.closed, reports),
        ("pages", tidying.resolved, pages),
    ):
        yield kind, await _all_of(world, partial(step, before=before), walks=isinstance(step, partial))


async def _all_of(world: World, step: Step, *, walks: bool) -> int:
    """Take *step* until nothing is left; one that *walks* also passes by rows that stay, and is told where it was."""
    count, where = 0, dict[str, Any]()
    while True:
        async with world.database.write() as transaction:
            part = await step(transaction, **where)
        count += part.removed
        if part.after is None:
            return count
        where = {"after": part.after} if walks else {}


command = Command("tidy-registry", run)
