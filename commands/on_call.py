"""Looks up who is on call on a schedule: what a page's step resolves when it is sent."""

from __future__ import annotations

from datetime import datetime

from commands.command import Refused
from commands.on_call_at import OnCall, Source, on_call_at
from commands.words import close_to
from commands.world import World
from storage import on_call
from storage.database import Transaction
from storage.on_call_model import Calendar, Override, Schedule


async def who_is_on(schedule: str, world: World, now: datetime) -> tuple[str, ...]:
    """
    Return the Slack ids of who is on call at *now* on the schedule with the id or name *schedule*.

    Empty where nobody is, where the calendar names people whom nobody here knows, and where there is no such schedule.
    """
    async with world.database.read() as transaction:
        found = await on_call.find(transaction, schedule)
        if found is None:
            return ()
        overrides, calendar = await known_of(transaction, found, now)
    on = on_call_at(found, overrides, now, calendar.shifts if calendar else ())
    known, _ = await resolved(on, calendar, world)
    return known


async def schedule_named(name: str, world: World) -> Schedule:
    """Return the schedule called *name*; raises Refused with names that come close."""
    async with world.database.read() as transaction:
        found = await on_call.find(transaction, name)
        names = () if found else tuple(one.name for one in await on_call.all_of(transaction))
    if found is not None:
        return found
    close = close_to(name, names)
    example = f"/on-call {close[0]}" if close else "/on-call"
    raise Refused(f"There is no on-call schedule called “{name[:80]}”.", example=example, did_you_mean=close)


async def known_of(
    transaction: Transaction, schedule: Schedule, now: datetime
) -> tuple[tuple[Override, ...], Calendar | None]:
    """Return the overrides of *schedule* that have not ended, and what was read of its calendar where it has one."""
    read = await on_call.calendars(transaction, [schedule.id])
    return await on_call.overrides(transaction, schedule.id, now), read.get(schedule.id)


async def resolved(on: OnCall, calendar: Calendar | None, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Return the Slack ids of who is on call, and the names in *calendar* that nobody here has.

    Whom Slack knew when the calendar was read is not asked for again.
    """
    if on.source is not Source.CALENDAR:
        return on.people, ()
    kept = calendar.people if calendar else {}
    known: dict[str, None] = {}
    unknown = []
    for name in on.people:
        person = None if name in kept else await world.directory.find_person(name)
        found = kept.get(name) or (person.id if person else "")
        if found:
            known[found] = None
        else:
            unknown.append(name)
    return tuple(known), tuple(unknown)
