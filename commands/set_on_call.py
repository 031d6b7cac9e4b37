"""Makes an on-call schedule, gives it another rota or calendar, and removes it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from checks.calendars.exchange import Unreadable
from checks.calendars.fetch import parse_address
from commands.command import Refused, Request
from commands.news import Said
from commands.on_call import known_of, schedule_named
from commands.on_call_news import OnCallShown
from commands.on_call_rights import demand_to_change, demand_to_make
from commands.on_call_rows import host_of, shown
from commands.people import handle
from commands.rota_words import EXAMPLE, read_rota
from commands.tell_on_call import known_on, tell_each
from commands.words import unescaped
from commands.world import Person, World
from storage import audit, on_call
from storage.database import Taken, Transaction
from storage.names import clean_name, name_fault, name_key
from storage.on_call_model import Schedule

_ADDRESS = re.compile(r"<?((?:https?|webcal)://[^|<>\s]*)(?:\|[^<>]*)?>?", re.IGNORECASE)


async def set_schedule(name: str, words: Sequence[str], request: Request, world: World) -> OnCallShown:
    """Keep what *words* say of the schedule *name*, new or not; raises Refused."""
    async with world.database.read() as transaction:
        before = await on_call.find(transaction, name)
    address = _ADDRESS.fullmatch(words[0]) if len(words) == 1 else None
    if before is None or address is not None or before.rota is None:
        person = await demand_to_make(request, world, before)
    else:
        person = await demand_to_change(request, world, before)
    if not words:
        raise Refused("Set it to what? People and a handover, or the https address of a calendar.", example=EXAMPLE)
    schedule = before or _named(name, person, world)
    if address is not None:
        schedule = replace(schedule, rota=None, calendar_url=_calendar(unescaped(address[1]), world))
    else:
        schedule = replace(schedule, rota=await read_rota(words, world), calendar_url="")
    await _keep(schedule, before, person, world, request.id_of("set on-call"))
    done = f"The on-call schedule {schedule.name} is {'changed' if before else 'made'}."
    return await shown(schedule, world, f"{done} I read its calendar now." if schedule.calendar_url else done)


async def _keep(schedule: Schedule, before: Schedule | None, person: Person, world: World, set_id: str) -> None:
    """Keep *schedule* in place of *before*, and tell those whose part that changes, but for *person*, who did it."""
    by, now = await handle(world, person.id), world.clock.now()
    try:
        async with world.database.write() as transaction:
            overrides, calendar = await known_of(transaction, schedule, now) if before else ((), None)
            if before is None:
                await on_call.add(transaction, schedule)
            elif await on_call.lock(transaction, schedule.id) is None:
                raise Refused(f"Somebody has removed {schedule.name} meanwhile.", example="/on-call")
            else:
                await on_call.change(transaction, schedule)
            detail = {"before": _told(before), "after": _told(schedule)}
            await _write(transaction, world, person, "set on-call", schedule, detail)
            on = known_on(before, overrides, calendar, now), known_on(schedule, overrides, None, now)
            told = _sentences(schedule, before, on, by)
            told.pop(person.id, None)
            await tell_each(transaction, world, schedule, told, key=set_id)
            transaction.afterwards("nudge", world.clock.nudge)
    except Taken:
        raise Refused(f"Somebody has made {schedule.name} meanwhile.", example=f"/on-call {schedule.name}") from None


def _sentences(
    schedule: Schedule, before: Schedule | None, on: tuple[Sequence[str], Sequence[str]], by: str
) -> dict[str, str]:
    """Return what each person is told whom a change puts on *schedule* or takes off it, or who is *on* call by it."""
    was_on, is_on = on
    listed = schedule.rota.people if schedule.rota else ()
    were_listed = before.rota.people if before and before.rota else ()
    told = {}
    for person in dict.fromkeys([*were_listed, *was_on, *listed, *is_on]):
        words = ""
        if person in listed and person not in were_listed:
            words = f"{by} has put you on the rota of {schedule.name}."
        elif person in were_listed and person not in listed:
            follows = ": it follows a calendar now" if schedule.calendar_url else ""
            words = f"{by} has taken you off the rota of {schedule.name}{follows}."
        elif (person in was_on) is not (person in is_on):
            words = f"{by} has changed {schedule.name}."
        if words and person in is_on:
            words += " You are on call for it now."
        elif words and person in was_on:
            words += " You are not on call for it any more" + (" by the rota." if schedule.calendar_url else ".")
        if words:
            told[person] = words
    return told


async def remove(name: str, words: Sequence[str], request: Request, world: World) -> Said:
    """Remove the schedule *name*; refused while pages go on to it."""
    schedule = await schedule_named(name, world)
    person = await demand_to_make(request, world, schedule)
    if words:
        raise Refused("Nothing stands behind “remove”.", example=f"/on-call {schedule.name} remove")
    house_wide = {name_key(one.partition(":")[2]) for one in world.house.escalation if one.startswith("on-call:")}
    if schedule.key in house_wide:
        raise Refused(f"Every page goes on to {schedule.name}: take it out of GROUNDCREW_ESCALATION first.")
    async with world.database.write() as transaction:
        await on_call.lock(transaction, schedule.id)
        users = await on_call.escalating(transaction, schedule.id)
        if users:
            named = ", ".join(users[:5]) + (f" and {len(users) - 5} more" if len(users) > 5 else "")  # noqa: PLR2004 - as above
            raise Refused(
                f"Pages of {named} go on to {schedule.name}. Change that first.", example=f"/register-app {users[0]}"
            )
        await on_call.remove(transaction, schedule.id)
        await _write(transaction, world, person, "remove on-call", schedule, {"before": _told(schedule)})
    return Said(f"The on-call schedule {schedule.name} is gone.")


def _named(name: str, person: Person, world: World) -> Schedule:
    """Return a new schedule called *name*; raises Refused where nothing can be called so."""
    name = clean_name(name)
    fault = name_fault(name)
    if fault:
        raise Refused(fault, example=EXAMPLE)
    return Schedule(secrets.token_hex(8), name, name_key(name), person.id, world.clock.now())


def _calendar(address: str, world: World) -> str:
    """Return the https address of a calendar; raises Refused."""
    try:
        site = parse_address(address, world.house.engine)
    except Unreadable as why:
        raise Refused(str(why), example="/on-call Nights set https://calendar.example.com/nights.ics") from None
    return site.base + site.path


def _told(schedule: Schedule | None) -> dict[str, object] | None:
    """Return what the audit log keeps of a schedule: not its calendar's address, which may let others read it."""
    if schedule is None:
        return None
    return {"rota": msgspec.to_builtins(schedule.rota), "calendar": host_of(schedule.calendar_url)}


async def _write(  # noqa: PLR0917 - one row, in the order of its sentence
    transaction: Transaction, world: World, person: Person, what: str, schedule: Schedule, detail: Mapping[str, object]
) -> None:
    kept = {"name": schedule.name, **detail}
    await audit.write(
        transaction, world.clock.now(), who=person.id, what=what, subject=f"on-call:{schedule.id}", detail=kept
    )
