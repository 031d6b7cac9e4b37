"""
Who is on call at a moment, by rota, overrides and calendar: pure functions, and the only place that knows the rules.

An override wins over everything else, and of overrides the one made last. A rota is handed over at the local time of
its zone, so weeks in which the clocks change are an hour longer or shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage.on_call_model import Override, Rota, Schedule, Shift

_WEEK = timedelta(days=7)


class Source(StrEnum):
    """What says who is on call."""

    OVERRIDE = "override"
    ROTA = "rota"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class OnCall:
    """
    Who is on call, and what says so.

    *people* are Slack's ids, but of a calendar they are names as it writes them: e-mail addresses and @handles.
    *titles* are the calendar's events that name nobody.
    """

    people: tuple[str, ...]
    source: Source
    titles: tuple[str, ...] = ()


def on_call_at(
    schedule: Schedule, overrides: Sequence[Override], now: datetime, shifts: Sequence[Shift] = ()
) -> OnCall:
    """Return who is on call at *now*; *shifts* are those of the schedule's calendar. Pure."""
    holding = [one for one in overrides if one.begins_at <= now < one.ends_at]
    if holding:
        newest = max(holding, key=lambda one: (one.made_at, one.id))
        return OnCall((newest.person,), Source.OVERRIDE)
    if schedule.rota is not None:
        return OnCall((schedule.rota.people[turn(schedule.rota, now) % len(schedule.rota.people)],), Source.ROTA)
    running = [one for one in shifts if one.begins_at <= now < one.ends_at]
    names = dict.fromkeys(name for one in running for name in one.names)
    return OnCall(tuple(names), Source.CALENDAR, tuple(one.title for one in running if not one.names))


def change_after(
    schedule: Schedule, overrides: Sequence[Override], now: datetime, shifts: Sequence[Shift] = ()
) -> datetime | None:
    """Return the first moment after *now* at which somebody else is on call; None where nothing known changes it."""
    at = on_call_at(schedule, overrides, now, shifts).people
    moments = {moment for one in overrides for moment in (one.begins_at, one.ends_at)}
    moments |= {moment for one in shifts for moment in (one.begins_at, one.ends_at)}
    if schedule.rota is not None:
        # Within as many weeks as it has people a rota comes to everybody; an override may cover some of its handovers.
        last = max([now, *moments])
        first, behind = turn(schedule.rota, now) + 1, turn(schedule.rota, last) + len(schedule.rota.people) + 1
        moments |= {handover(schedule.rota, number) for number in range(first, behind)}
    later = sorted(moment for moment in moments if moment > now)
    return next((one for one in later if on_call_at(schedule, overrides, one, shifts).people != at), None)


def handover(rota: Rota, number: int) -> datetime:
    """
    Return when turn *number* of the rota begins, aware UTC.

    A local time that the clocks leave out counts as it would have been without the change; of one that comes twice, the
    first counts.
    """
    local = datetime.combine(rota.since + number * _WEEK, rota.at, ZoneInfo(rota.zone))
    return local.astimezone(UTC)


def turn(rota: Rota, now: datetime) -> int:
    """Return the number of the turn that *now* lies in; turn 0 begins on the day *since*."""
    number = (now.astimezone(ZoneInfo(rota.zone)).date() - rota.since).days // 7
    while handover(rota, number) > now:
        number -= 1
    while handover(rota, number + 1) <= now:
        number += 1
    return number
