"""Tells people what somebody else made of their part in an on-call schedule: else they believe the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from commands.news import Said
from commands.on_call_at import Source, on_call_at
from commands.world import World
from storage.database import Transaction
from storage.model import Destination
from storage.on_call_model import Calendar, Override, Schedule


async def tell_each(
    transaction: Transaction, world: World, schedule: Schedule, sentences: Mapping[str, str], *, key: str
) -> None:
    """Tell each person, by Slack's id, their sentence about *schedule*; *key* names the change."""
    for person, words in sentences.items():
        said = Said(words, f"/on-call {schedule.name}")
        await world.messenger.post(transaction, Destination(person=person), said, key=f"on-call:{key}")


def known_on(
    schedule: Schedule | None, overrides: Sequence[Override], calendar: Calendar | None, now: datetime
) -> tuple[str, ...]:
    """Return the Slack ids of who is on call at *now*, as far as they are known without asking Slack. Pure."""
    if schedule is None:
        return ()
    on = on_call_at(schedule, overrides, now, calendar.shifts if calendar else ())
    if on.source is not Source.CALENDAR:
        return on.people
    known = calendar.people if calendar else {}
    return tuple(dict.fromkeys(known[name] for name in on.people if name in known))
