"""The form behind [Not me, it is ...]: whoever was asked does not take the app on, and may say who does."""

from __future__ import annotations

from commands.command import Command, InvalidForm, Refused, Request
from commands.news import Said
from commands.ownership import ask, asked_about, close_question, has_other_role, judge_again
from commands.people import handle, unfit
from commands.rights import Action, Over, member, require
from commands.world import Person, World
from storage import audit, owners
from storage.database import Transaction
from storage.model import Acceptance, App, Destination, Owner


def check_may_decline(app: App, owner: Owner, person: Person, world: World) -> None:
    """Raise Refused where *person* is not who was asked, or has accepted already."""
    require(person, Action.ANSWER_QUESTION, world, Over(app, question=owner))
    if owner.acceptance is Acceptance.ACCEPTED:
        raise Refused(
            f"You have accepted {app.name}. To hand it over, name somebody else in its form.",
            example=f"/register-app {app.name}",
        )


async def run(request: Request, world: World) -> Said:
    """Decline, and ask the named person in turn; an empty form names nobody."""
    asker = await member(request, world, Action.ANSWER_QUESTION)
    named = await _named(request.fields.get("person", "").strip(), world)
    async with world.database.write() as transaction:
        app, owner = await asked_about(transaction, request.fields.get("id", ""), lock=True)
        check_may_decline(app, owner, asker, world)
        if named is None:
            await _decline(transaction, world, app, owner, "")
            await judge_again(transaction, world, app.id)
            return Said("Noted: it is not you. I have told whoever named you.")
        name = await handle(world, named.id)
        if has_other_role(await owners.of_app(transaction, app.id), owner.role, named.id):
            both = f"{name} has the other role already; owner and backup must be two people. Name somebody else."
            raise InvalidForm({"person": both})
        if named.id != asker.id:
            await _decline(transaction, world, app, owner, name)
        elif owner.acceptance is Acceptance.ASKED:
            await close_question(transaction, world, app, owner, f"You said that {app.name} is yours.")
        await ask(transaction, world, app, owner.role, person=named.id, asked_by=asker.id)
        await judge_again(transaction, world, app.id)
    if named.id == asker.id:
        return Said(f"Then it is you: you are the {owner.role} of {app.name} now.")
    return Said(f"Thank you. I have asked {name} whether they are the {owner.role} of {app.name}.")


async def _named(text: str, world: World) -> Person | None:
    """Return who is named, None where nobody is; raises InvalidForm for whoever cannot answer for an app."""
    if not text:
        return None
    person = await world.directory.find_person(text)
    if person is None or unfit(person):
        name = await handle(world, person.id) if person else "That person"
        raise InvalidForm({"person": f"{name} {unfit(person)}: name somebody else."})
    return person


async def _decline(transaction: Transaction, world: World, app: App, owner: Owner, instead: str) -> None:
    """Keep that it is not them, and tell who named them; *instead* is who they say it is."""
    now = world.clock.now()
    if not await owners.answer(transaction, app.id, owner.role, owner.person, Acceptance.DECLINED, now):
        return
    detail = {"role": owner.role, "person": owner.person}
    await audit.write(transaction, now, who=owner.person, what="decline app", subject=app.id, detail=detail)
    await close_question(transaction, world, app, owner, f"You said that {app.name} is not yours.")
    says = f"{await handle(world, owner.person)} says that they are not the {owner.role} of {app.name}"
    told = Said(f"{says}. I have asked {instead} instead.")
    if not instead:
        told = Said(f"{says}. Name somebody else:", f"/register-app {app.name}")
    key = f"answered:{app.id}:{owner.role}:{int(owner.asked_at.timestamp())}"
    await world.messenger.post(transaction, Destination(person=owner.asked_by), told, key=key)


command = Command("name-somebody", run)
