"""
The clock's order to read the calendars of on-call schedules, every fifteen minutes.

What was read last stays when a calendar cannot be read: somebody of last week's is better than nobody. Who its names
are in Slack is found out here, since Slack may be away when a page needs them. After a day people are told, once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from checks.calendars.exchange import Unreadable
from checks.calendars.expand import expand
from checks.calendars.fetch import fetch
from commands.command import Command, Request
from commands.moments import clock_time
from commands.news import Said
from commands.people import clock_only
from commands.world import World
from storage import on_call
from storage.database import Transaction
from storage.model import Destination
from storage.on_call_model import Calendar, Schedule, Shift

_log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
_TELL_AFTER = timedelta(hours=24)
_AT_ONCE = 4
_MOST_NAMES = 500  # in one calendar


async def run(request: Request, world: World) -> None:
    """Read every calendar that is due."""
    clock_only(request)
    now = world.clock.now()
    async with world.database.read() as transaction:
        due = await on_call.next_calendar(transaction)
    if due is None or due > now:
        return
    async with world.database.write() as transaction:
        claimed = await on_call.claim_calendars(transaction, now, EVERY)
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one_of(calendar: Calendar) -> None:
        async with turn:
            await _read(replace(calendar, due_at=now + EVERY), world, now)

    await asyncio.gather(*map(one_of, claimed))


async def _read(calendar: Calendar, world: World, now: datetime) -> None:
    async with world.database.read() as transaction:
        schedule = await on_call.find(transaction, calendar.schedule_id)
    if schedule is None or not schedule.calendar_url:
        return
    read = await _known(await _news_of(calendar, schedule, world, now), world)
    async with world.database.write() as transaction:
        current = await on_call.lock(transaction, schedule.id)
        if current is None or current.calendar_url != schedule.calendar_url:
            return  # somebody gave it another address meanwhile
        await on_call.keep_calendar(transaction, await _told(transaction, world, read, schedule, calendar))


async def _news_of(calendar: Calendar, schedule: Schedule, world: World, now: datetime) -> Calendar:
    """Return what is known now: of the calendar as it is, else of the text that was read last, with the trouble."""
    house = world.house
    try:
        text = await fetch(schedule.calendar_url, house.engine, house.network)
        shifts = await _shifts(text, now)
    except Unreadable as why:
        since = calendar.trouble_since or now
        try:
            shifts = await _shifts(calendar.text, now) if calendar.text else ()
        except Unreadable:
            shifts = calendar.shifts
        return replace(calendar, shifts=shifts, trouble=str(why).rstrip("."), trouble_since=since)
    return replace(calendar, text=text, shifts=shifts, read_at=now, trouble="", trouble_since=None)


async def _shifts(text: str, now: datetime) -> tuple[Shift, ...]:
    events = await expand(text, now)
    return tuple(Shift(one.begins_at, one.ends_at, one.names, one.title) for one in events)


async def _known(calendar: Calendar, world: World) -> Calendar:
    """Look up the names of *calendar*; where Slack does not say, whoever it was before stays."""
    names = dict.fromkeys(name for shift in calendar.shifts for name in shift.names)
    people: dict[str, str] = {}
    for name in list(names)[:_MOST_NAMES]:
        try:
            found = await world.directory.find_person(name)
        except Exception:  # noqa: BLE001 - a calendar that was read must not be lost because Slack is away
            _log.warning("people of an on-call calendar could not be looked up: Slack does not answer")
            return replace(calendar, people={one: calendar.people[one] for one in names if one in calendar.people})
        if found is not None:
            people[name] = found.id
    return replace(calendar, people=people)


async def _told(
    transaction: Transaction, world: World, read: Calendar, schedule: Schedule, before: Calendar
) -> Calendar:
    """Have people told where it cannot be read for a day, and that it can again; return what then is kept."""
    now, since = world.clock.now(), read.trouble_since or before.trouble_since
    text = ""
    if read.trouble_since is not None and read.told_at is None and now - read.trouble_since >= _TELL_AFTER:
        last = f"I go by what I read at {clock_time(read.read_at, now)}" if read.read_at else "I never read it"
        text = (
            f"The calendar of the on-call schedule {schedule.name} cannot be read since "
            f"{clock_time(read.trouble_since, now)}: {read.trouble}. {last}."
        )
        read = replace(read, told_at=now)
    elif read.trouble_since is None and read.told_at is not None:
        text = f"The calendar of the on-call schedule {schedule.name} can be read again since {clock_time(now, now)}."
        read = replace(read, told_at=None)
    if text and since is not None:
        to = Destination(channel=world.house.reliability_channel)
        key = f"calendar:{schedule.id}:{int(since.timestamp())}"
        example = "" if read.trouble_since is None else f"/on-call {schedule.name}"
        await world.messenger.post(transaction, to, Said(text, example), key=key)
    return read


command = Command("fetch-schedules", run)
