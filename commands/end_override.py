"""Ends overrides of an on-call schedule, and tells whoever is not on call by that, or is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.command import Refused, Request
from commands.moments import clock_time
from commands.on_call import known_of, schedule_named
from commands.on_call_news import OnCallShown
from commands.on_call_rights import demand_to_change
from commands.on_call_rows import by_begin, shown
from commands.people import handle
from commands.rota_words import read_person
from commands.tell_on_call import known_on, tell_each
from commands.world import Person, World
from storage import audit, on_call
from storage.on_call_model import Override, Schedule


async def end_override(name: str, words: Sequence[str], request: Request, world: World) -> OnCallShown:
    """End the overrides that hold now, or drop the next one; of one person, or the one of a number, where named."""
    schedule = await schedule_named(name, world)
    person = await demand_to_change(request, world, schedule)
    chosen = await _chosen(words, schedule, world)
    by, now = await handle(world, person.id), world.clock.now()
    subject, end_id = f"on-call:{schedule.id}", request.id_of("end override")
    async with world.database.write() as transaction:
        await on_call.lock(transaction, schedule.id)
        # By this very request, which is run again: once more, and the next one would be dropped.
        done = [one.detail for one in await audit.entries(transaction, subject) if one.detail.get("id") == end_id]
        detail: Mapping[str, Any] = done[0] if done else {}
        if not done:
            overrides, calendar = await known_of(transaction, schedule, now)
            ended = _picked(by_begin(overrides), chosen, schedule, now)
            left = [one for one in overrides if one not in ended]
            await on_call.end_overrides(transaction, [one.id for one in ended], now)
            on = [known_on(schedule, some, calendar, now) for some in (overrides, left)]
            told = _sentences(schedule, ended, by, now, on)
            told.pop(person.id, None)
            await tell_each(transaction, world, schedule, told, key=end_id)
            kept = [_kept(one, now) for one in ended]
            detail = {"name": schedule.name, "id": end_id, "ended": kept, "left": len(left)}
            await audit.write(transaction, now, who=person.id, what="end override", subject=subject, detail=detail)
    return await shown(schedule, world, await _said(schedule, detail, world))


async def _chosen(words: Sequence[str], schedule: Schedule, world: World) -> int | Person | None:
    """Return which override *words* choose: one by its number, those of a person, or None where they say nothing."""
    if words and (words[0].lower() != "override" or len(words) > 2):  # noqa: PLR2004 - and which
        raise Refused("Only an override can be ended.", example=f"/on-call {schedule.name} end override")
    if len(words) <= 1:
        return None
    number = words[1].lstrip("#")
    return int(number) if number.isdecimal() and len(number) < 6 else await read_person(words[1], world)  # noqa: PLR2004 - digits


def _picked(
    overrides: Sequence[Override], chosen: int | Person | None, schedule: Schedule, now: datetime
) -> Sequence[Override]:
    """Return what is ended: the one of that number, or else what holds now, or else the next one."""
    if not overrides:
        raise Refused(f"{schedule.name} has no override.", example=f"/on-call {schedule.name}")
    if isinstance(chosen, int):
        if not 0 < chosen <= len(overrides):
            last = f"the last is number {len(overrides)}"
            raise Refused(f"{schedule.name} has no override {chosen}: {last}.", example=f"/on-call {schedule.name}")
        return overrides[chosen - 1 : chosen]
    if chosen is not None:
        overrides = [one for one in overrides if one.person == chosen.id]
        if not overrides:
            raise Refused(
                f"@{chosen.handle or chosen.name} has no override of {schedule.name}.",
                example=f"/on-call {schedule.name}",
            )
    return [one for one in overrides if one.begins_at <= now] or overrides[:1]


def _sentences(
    schedule: Schedule, ended: Sequence[Override], by: str, now: datetime, on: Sequence[Sequence[str]]
) -> dict[str, str]:
    """Return what each person is told, whose override is *ended* or who is *on* call (before, and now) by that."""
    before, after = on
    told: dict[str, str] = {}
    for one in ended:
        until = clock_time(one.ends_at, now)
        if one.begins_at > now:
            words = f"dropped your override of {schedule.name} from {clock_time(one.begins_at, now)} until {until}"
            is_on = "you do not take over then"
        else:
            words = f"ended your override of {schedule.name}, which went on until {until}"
            is_on = "you are still on call" if one.person in after else "you are not on call now"
        told[one.person] = "\n".join([*told.get(one.person, "").splitlines(), f"{by} has {words}: {is_on}."])
    for person in after:
        if person not in before:
            told.setdefault(person, f"{by} has ended an override of {schedule.name}: you are on call for it now.")
    return told


def _kept(one: Override, now: datetime) -> dict[str, object]:
    """Return what the audit log keeps of an override that is ended, or dropped before it began."""
    span = {"from": clock_time(one.begins_at, now), "until": clock_time(one.ends_at, now)}
    return {"person": one.person, **span, "begun": one.begins_at <= now}


async def _said(schedule: Schedule, detail: Mapping[str, Any], world: World) -> str:
    """Say which overrides are over, and that there are more."""
    ended, left = detail["ended"], detail["left"]
    names = [await handle(world, one["person"]) for one in ended]
    if not ended[0]["begun"]:
        said = (
            f"The override of {schedule.name} by {names[0]}, from {ended[0]['from']} until {ended[0]['until']}, is "
            "dropped: it had not begun."
        )
    elif len(ended) == 1:
        said = f"The override of {schedule.name} by {names[0]}, until {ended[0]['until']}, is over."
    else:
        which = ", ".join(f"{who} until {one['until']}" for who, one in zip(names, ended, strict=True))
        said = f"{len(ended)} overrides of {schedule.name} are over: {which}."
    more = "One more is" if left == 1 else f"{left} more are"
    choose = f"/on-call {schedule.name} end override, with @name or its number behind it, ends that one."
    return f"{said} {more} there: {choose}" if left else said
