"""[Not me, it is ...]: the person who was asked does not take the app on, and may say who does."""

from __future__ import annotations

from commands.command import Command, Refused, Request
from commands.news import NameSomebodyForm, Said
from commands.ownership import asked_about, close_question, judge_again
from commands.people import handle, member
from commands.world import World
from storage import audit, owners
from storage.model import Acceptance, Destination


async def run(request: Request, world: World) -> NameSomebodyForm:
    """Keep that it is not them, tell who asked, and ask who it is."""
    person = await member(request, world, "answer for an app")
    name = await handle(world, person.id)
    now = world.clock.now()
    async with world.database.write() as transaction:
        app, owner = await asked_about(transaction, request.fields.get("id", ""))
        if owner.person != person.id:
            raise Refused("Somebody else was asked whether they answer for this app; only they can say so.")
        if owner.acceptance is Acceptance.ACCEPTED:
            raise Refused(
                f"You have accepted {app.name}. To hand it over, name somebody else in its form.",
                example=f"/register-app {app.name}",
            )
        if await owners.answer(transaction, app.id, owner.role, person.id, Acceptance.DECLINED, now):
            detail = {"role": owner.role, "person": person.id}
            await audit.write(transaction, now, who=person.id, what="decline app", subject=app.id, detail=detail)
            await close_question(transaction, world, app, owner, f"You said that {app.name} is not yours.")
            told = Said(
                f"{name} says that they are not the {owner.role} of {app.name}. Name somebody else:",
                f"/register-app {app.name}",
            )
            key = f"answered:{app.id}:{owner.role}:{int(owner.asked_at.timestamp())}"
            await world.messenger.post(transaction, Destination(person=owner.asked_by), told, key=key)
            await judge_again(transaction, world, app.id)
    return NameSomebodyForm(app, owner.role)


command = Command("decline-app", run)
