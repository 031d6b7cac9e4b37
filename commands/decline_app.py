"""[Not me, it is ...]: asks who it is; nothing is declined before that form is answered (name-somebody)."""

from __future__ import annotations

from commands.command import Command, Request
from commands.name_somebody import check_may_decline
from commands.news import NameSomebodyForm
from commands.ownership import asked_about
from commands.rights import Action, member
from commands.world import World


async def run(request: Request, world: World) -> NameSomebodyForm:
    """Ask the person who it is; raises Refused where they were not asked, or have accepted."""
    person = await member(request, world, Action.ANSWER_QUESTION)
    async with world.database.read() as transaction:
        app, owner = await asked_about(transaction, request.fields.get("id", ""))
    check_may_decline(app, owner, person, world)
    return NameSomebodyForm(app, owner.role)


command = Command("decline-app", run)
