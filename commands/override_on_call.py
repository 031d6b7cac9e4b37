"""Has somebody else be on call for a while, whatever the schedule says (commands/end_override.py ends that)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from commands.command import Refused, Request
from commands.moment_words import read_length, read_moment
from commands.moments import clock_time
from commands.news import Said
from commands.on_call import schedule_named
from commands.on_call_news import OnCallShown
from commands.on_call_rights import demand_to_change
from commands.on_call_rows import shown
from commands.people import handle
from commands.rota_words import read_person
from commands.world import World
from storage import audit, on_call
from storage.database import Taken, Transaction
from storage.model import Destination
from storage.on_call_model import Override, Schedule

_LONGEST = timedelta(days=366)
_ENDS = {"until", "for"}


async def override(name: str, words: Sequence[str], request: Request, world: World) -> OnCallShown:
    """Put the person in *words* on call until a moment, or from one until another; raises Refused."""
    schedule = await schedule_named(name, world)
    asking = await demand_to_change(request, world, schedule)
    example = f"/on-call {schedule.name} override @bo until Mon 09:00"
    if not words or words[0].lower() in {"from", *_ENDS}:
        raise Refused("Who takes over?", example=example)
    person = await read_person(words[0], world)
    begins_at, ends_at = _between(words[1:], schedule, world.clock.now(), example)
    now = world.clock.now()
    made = Override(request.id_of("override"), schedule.id, person.id, begins_at, ends_at, asking.id, now)
    by = await handle(world, asking.id)
    async with world.database.write() as transaction:
        if await on_call.lock(transaction, schedule.id) is None:
            raise Refused(f"Somebody has removed {schedule.name} meanwhile.", example="/on-call")
        with suppress(Taken):  # by this very request, which is run again
            await on_call.override(transaction, made)
            await _tell(transaction, world, schedule, made, by)
    return await shown(schedule, world, f"{await handle(world, person.id)} takes over {schedule.name}.")


async def _tell(transaction: Transaction, world: World, schedule: Schedule, made: Override, by: str) -> None:
    """Write down who put whom on call, and tell them where it was somebody else, whom people know as *by*."""
    now, subject = made.made_at, f"on-call:{schedule.id}"
    span = {"from": str(made.begins_at), "until": str(made.ends_at)}
    detail = {"name": schedule.name, "person": made.person, **span}
    await audit.write(transaction, now, who=made.made_by, what="override on-call", subject=subject, detail=detail)
    if made.person != made.made_by:
        times = f"from {clock_time(made.begins_at, now)} until {clock_time(made.ends_at, now)}"
        words = f"{by} has put you on call for {schedule.name} {times}."
        told = Said(words, f"/on-call {schedule.name}")
        await world.messenger.post(transaction, Destination(person=made.person), told, key=f"override:{made.id}")


def _between(words: Sequence[str], schedule: Schedule, now: datetime, example: str) -> tuple[datetime, datetime]:
    """Return the two moments that *words* mean, in the schedule's zone; raises Refused."""
    zone, low = schedule.rota.zone if schedule.rota else "UTC", [word.lower() for word in words]
    at = next((number for number, word in enumerate(low) if word in _ENDS), None)
    if at is None or (at and low[0] != "from"):
        raise Refused(
            "Until when? Write “until” and a moment behind the person, or “for” and a length.", example=example
        )
    begins_at = max(read_moment(words[1:at], zone, now), now) if at else now
    behind = words[at + 1 :]
    ends_at = begins_at + read_length(behind) if low[at] == "for" else read_moment(behind, zone, now, begins_at)
    if ends_at <= now:
        raise Refused(f"{clock_time(ends_at, now)} is over already.", example=example)
    if ends_at <= begins_at:
        raise Refused("It would end before it begins.", example=example)
    if ends_at - begins_at > _LONGEST:
        raise Refused("An override lasts a year at most; for more, change the schedule.", example=example)
    return begins_at, ends_at
