"""The form behind [Not me, it is ...]: who it is instead is asked in turn."""

from __future__ import annotations

from commands.command import Command, InvalidForm, Refused, Request
from commands.news import Said
from commands.ownership import ask, asked_about, has_other_role, judge_again
from commands.people import handle, is_admin, member, unfit
from commands.world import World
from storage import owners
from storage.model import Acceptance


async def run(request: Request, world: World) -> Said:
    """Ask the named person; an empty form names nobody."""
    asker = await member(request, world, "name an owner")
    named = request.fields.get("person", "").strip()
    if not named:
        return Said("Noted: it is not you. Whoever registered it has been told.")
    person = await world.directory.find_person(named)
    if person is None or unfit(person):
        raise InvalidForm({"person": f"{named} {unfit(person)}: name somebody else."})
    name = await handle(world, person.id)
    async with world.database.write() as transaction:
        app, owner = await asked_about(transaction, request.fields.get("id", ""))
        if asker.id not in {owner.person, owner.asked_by, app.registered_by} and not is_admin(asker, world):
            raise Refused("Only whoever was asked, or registered the app, can name somebody else.")
        if owner.acceptance is Acceptance.ACCEPTED:
            raise Refused(f"Somebody has accepted {app.name} meanwhile. See /apps {app.name}.")
        if has_other_role(await owners.of_app(transaction, app.id), owner.role, person.id):
            both = f"{name} has the other role already; owner and backup must be two people. Name somebody else."
            raise InvalidForm({"person": both})
        await ask(transaction, world, app, owner.role, person=person.id, asked_by=asker.id)
        await judge_again(transaction, world, app.id)
    if person.id == asker.id:
        return Said(f"Then it is you: you are the {owner.role} of {app.name} now.")
    return Said(f"Thank you. I have asked {name} whether they are the {owner.role} of {app.name}.")


command = Command("name-somebody", run)
