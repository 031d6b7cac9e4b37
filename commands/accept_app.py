"""[I own it]: the person who was asked takes the app on."""

from __future__ import annotations

from commands.command import Command, Refused, Request
from commands.moments import clock_time, day
from commands.news import Said
from commands.ownership import asked_about, close_question, has_other_role, judge_again
from commands.people import handle
from commands.rights import Action, Over, member, require
from commands.world import World
from storage import audit, owners
from storage.model import Acceptance, Destination, Role


async def run(request: Request, world: World) -> Said:
    """Keep the acceptance, and judge the app again: it has somebody now."""
    person = await member(request, world, Action.ANSWER_QUESTION)
    name = await handle(world, person.id)
    now = world.clock.now()
    async with world.database.write() as transaction:
        app, owner = await asked_about(transaction, request.fields.get("id", ""), lock=True)
        require(person, Action.ANSWER_QUESTION, world, Over(app, question=owner))
        if has_other_role(await owners.of_app(transaction, app.id), owner.role, person.id):
            both = f"You have the other role of {app.name} already; owner and backup must be two people. Name somebody"
            raise Refused(f"{both} else in its form.", example=f"/register-app {app.name}")
        if not await owners.answer(transaction, app.id, owner.role, person.id, Acceptance.ACCEPTED, now):
            at = clock_time(owner.answered_at or owner.asked_at, now)
            raise Refused(f"You have {owner.acceptance} {app.name} already, at {at}.")
        detail = {"role": owner.role, "person": person.id}
        await audit.write(transaction, now, who=person.id, what="accept app", subject=app.id, detail=detail)
        answer = f"You accepted it on {day(now, now)}: you are the {owner.role} of {app.name}."
        await close_question(transaction, world, app, owner, answer)
        told = Said(f"{name} has accepted {app.name} and is its {owner.role}.")
        key = f"answered:{app.id}:{owner.role}:{int(owner.asked_at.timestamp())}"
        await world.messenger.post(transaction, Destination(person=owner.asked_by), told, key=key)
        await judge_again(transaction, world, app.id)
    first = "You are paged first when it breaks." if owner.role is Role.OWNER else "You are paged after its owner."
    return Said(f"Thank you. You are the {owner.role} of {app.name} now. {first}", f"/apps {app.name}")


command = Command("accept-app", run)
