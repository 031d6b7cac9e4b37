"""Who may change an on-call schedule: whoever is on it, approvers and admins. New ones and calendars are for admins."""

from __future__ import annotations

from commands.command import Request
from commands.on_call import known_of
from commands.rights import Action, Over, demand
from commands.world import Person, World
from storage.on_call_model import Schedule


async def demand_to_make(request: Request, world: World, schedule: Schedule | None = None) -> Person:
    """Return who asks; raises Denied for who may not make, remove or repoint schedules."""
    subject = f"on-call:{schedule.id}" if schedule else ""
    return await demand(request, world, Action.MAKE_ON_CALL, Over(subject=subject))


async def demand_to_change(request: Request, world: World, schedule: Schedule) -> Person:
    """Return who asks; raises Denied for who is not on *schedule*, no approver and no admin."""
    async with world.database.read() as transaction:
        overrides, calendar = await known_of(transaction, schedule, world.clock.now())
    on_it = {
        *(schedule.rota.people if schedule.rota else ()),
        *(one.person for one in overrides),
        *(calendar.people.values() if calendar else ()),
    }
    over = Over(path=on_it, subject=f"on-call:{schedule.id}")
    return await demand(request, world, Action.MANAGE_ON_CALL, over)
