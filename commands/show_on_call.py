"""/on-call: who is on call now and next; and with more words, what makes and changes schedules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from commands.command import Command, Refused, Request
from commands.end_override import end_override
from commands.news import Said
from commands.on_call import schedule_named
from commands.on_call_news import OnCallShown
from commands.on_call_rows import row_of, shown
from commands.override_on_call import override
from commands.rights import Action, member
from commands.rota_words import EXAMPLE
from commands.set_on_call import remove, set_schedule
from commands.words import nearest, readable
from commands.world import World
from storage import on_call
from storage.names import is_help, name_key

_SHOWN = 20
_USAGE = "/on-call [NAME [set PEOPLE weekly DAY TIME ZONE|set ADDRESS|override @NAME until TIME|end override|remove]]"
_Change = Callable[[str, Sequence[str], Request, World], Awaitable[OnCallShown | Said]]

_CHANGES: Mapping[str, _Change] = {
    "set": set_schedule,
    "override": override,
    "end": end_override,
    "remove": remove,
}


async def run(request: Request, world: World) -> OnCallShown | Said:
    """Show what there is, or change what the words say; raises Refused."""
    await member(request, world, Action.SEE_ON_CALL)
    text = readable(request.text)
    if is_help(text):
        raise Refused(command.help, example=EXAMPLE)
    name, *words = text.split() or [""]
    name = name.strip("\"'")
    if not name:
        return await _all(world)
    if not words:
        return await shown(await schedule_named(name, world), world)
    change = _CHANGES.get(words[0].lower())
    if change is None:
        near = nearest(words[0], _CHANGES)
        hint = f"Did you mean “{near}”?" if near else "Write set, override, end override or remove behind the name."
        raise Refused(f"I do not know “{words[0][:40]}”. {hint}", example=EXAMPLE)
    if name_key(name) in _CHANGES:
        raise Refused("The schedule's name comes first.", example=EXAMPLE)
    return await change(name, words[1:], request, world)


async def _all(world: World) -> OnCallShown:
    async with world.database.read() as transaction:
        schedules = await on_call.all_of(transaction)
    rows = tuple([await row_of(one, world) for one in schedules[:_SHOWN]])
    more = f"The first {_SHOWN} of {len(schedules)}: /on-call NAME shows any of them."
    hint = f"There is no on-call schedule yet. An admin makes one: {EXAMPLE}"
    return OnCallShown(rows, len(schedules), hint=hint if not rows else more if len(schedules) > _SHOWN else "")


command = Command(
    "on-call",
    run,
    slash="/on-call",
    usage=_USAGE,
    example="/on-call Nights",
    summary="Show who is on call now and next, hand a shift to somebody else, or make a schedule that pages go on to.",
    more=(
        "A rota is handed over every week at the local time of its zone, such as Europe/Berlin.",
        "`from 2026-12-07` at a rota's end says that the first person begins in the week of that day.",
        "Instead of a rota: the https address of an iCalendar, which is read every 15 minutes.",
        "Events of a calendar name people by their attendees, or by an e-mail address or @handle in the title.",
        "An override wins over both: `override @bo until Mon 09:00`, or `override @bo from 30 Nov 18:00 for 3d`.",
        "`end override` ends what holds now, or drops the next one; with `@bo` or a number behind it, that one.",
        "Those on a rota, approvers and admins change it; making one, its calendar and `remove` are for admins.",
    ),
)
