"""Puts together what is shown of on-call schedules."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from commands.on_call import known_of, resolved
from commands.on_call_at import change_after, on_call_at
from commands.on_call_news import OnCallRow, OnCallShown
from commands.world import World
from storage.on_call_model import Override, Schedule


async def shown(schedule: Schedule, world: World, done: str = "") -> OnCallShown:
    """Return all that is known of one schedule, as it is kept now; *done* is what was just changed."""
    return OnCallShown((await row_of(schedule, world),), 1, done, whole=True)


async def row_of(schedule: Schedule, world: World) -> OnCallRow:
    """Return who is on call now and next, and what the schedule goes by."""
    now = world.clock.now()
    async with world.database.read() as transaction:
        overrides, calendar = await known_of(transaction, schedule, now)
    shifts = calendar.shifts if calendar else ()
    on = on_call_at(schedule, overrides, now, shifts)
    people, unknown = await resolved(on, calendar, world)
    until = change_after(schedule, overrides, now, shifts)
    following: tuple[str, ...] = ()
    if until is not None:
        following, _ = await resolved(on_call_at(schedule, overrides, until, shifts), calendar, world)
    return OnCallRow(
        name=schedule.name,
        people=people,
        source=on.source.value,
        until=until,
        next_people=following,
        rota=schedule.rota,
        overrides=by_begin(overrides),
        unknown=unknown,
        titles=on.titles,
        host=host_of(schedule.calendar_url),
        read_at=calendar.read_at if calendar else None,
        trouble=calendar.trouble if calendar else "",
        trouble_since=calendar.trouble_since if calendar else None,
    )


def by_begin(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Return *overrides* in the order in which they are shown and numbered."""
    return tuple(sorted(overrides, key=lambda one: (one.begins_at, one.made_at, one.id)))


def host_of(calendar_url: str) -> str:
    """Return the host of a calendar's address, which is all that is shown of it."""
    return urlsplit(calendar_url).hostname or "" if calendar_url else ""
