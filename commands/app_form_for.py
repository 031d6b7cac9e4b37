"""Which form of /register-app opens, with what in it: of a registered app, a new name, an address or a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.gather.target import Target
from checks.model import CheckError
from commands.app_form import answers_of, read_answers
from commands.change_app import stands_in
from commands.command import Denied, Refused, Request
from commands.moments import day
from commands.news import RegisterForm
from commands.people import handle
from commands.rights import Action, Over, may, parts_of
from commands.targets import target_of
from commands.world import Person, World
from storage import apps, owners, reports
from storage.model import App, Owner, Role


async def form_for_report(report_id: str, request: Request, world: World) -> RegisterForm:
    """Return the form with the repository of a report."""
    async with world.database.read() as transaction:
        saved = await reports.get(transaction, report_id)
    if saved is None:
        raise Refused("I no longer have that report. Check the address again.", example="/check-app ADDRESS")
    return _form_of(saved.report.repository, request.person, here(request))


async def form_for(given: Mapping[str, str], person: Person, channel: str, world: World) -> RegisterForm | None:
    """
    Return the form that opens for what is *given* without a repository; None where it is registered by its words.

    That of a registered app has in it what else is given; of a new one the name alone opens it, or the address.
    """
    if not given:
        return RegisterForm({"owner": person.id, "channel": channel})
    name = given.get("name", "")
    if not name or "repository" in given:
        return None
    async with world.database.read() as transaction:
        app = await apps.named(transaction, name)
        named = await owners.of_app(transaction, app.id) if app else ()
    if app is not None:
        return await _form_of_app(app, named, given, person, world)
    if len(given) > 1:
        return None
    target = _address(name, world)
    if target is not None:
        place = target.name if target.folder is None else str(target.folder)
        return _form_of(place, person.id, channel)
    return RegisterForm({"name": name, "owner": person.id, "channel": channel})


async def _form_of_app(
    app: App, named: Sequence[Owner], given: Mapping[str, str], person: Person, world: World
) -> RegisterForm:
    """Return the form of a registered app with what is *given* besides its name; raises InvalidForm, Denied."""
    if not await _may_open(app, named, person, world):
        raise Denied(await taken(app.name, person, world), Action.EDIT, subject=app.id)
    before = answers_of(app, tuple(named))
    more = {field: value for field, value in given.items() if field != "name"}
    if not more:
        return RegisterForm(before, app.id)
    answers = await read_answers({**before, **more}, world, only=more)
    people = {"owner": answers.owner or "", "backup": answers.backup or ""}
    after = answers_of(answers.put_in(app), ()) | people
    return RegisterForm(before | {field: after[field] for field in more}, app.id)


def _address(text: str, world: World) -> Target | None:
    """Return the repository or folder that *text* names; None where it was meant as a name. Raises Refused."""
    if "/" not in text and text[:1] not in {".", "~"}:
        return None
    try:
        return target_of(text, world)
    except CheckError as error:
        raise Refused(str(error), example="/register-app https://github.com/acme/billing-bot") from None


def _form_of(repository: str, owner: str, channel: str) -> RegisterForm:
    """Return the form of a new app, which is called like the last part of its *repository*."""
    name = repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return RegisterForm({"name": name, "repository": repository, "owner": owner, "channel": channel})


def here(request: Request) -> str:
    """Return the channel from which it was asked; a direct conversation is none."""
    channel = request.channel or ""
    return channel if channel.startswith(("C", "G")) else ""


async def _may_open(app: App, named: Sequence[Owner], person: Person, world: World) -> bool:
    """Whether *person* may see the app's form: to change it, or to hand it over."""
    approves, is_gone = await stands_in(world, person, app.id)
    over = Over(app, named, owner_is_gone=is_gone)
    parts = parts_of(person, world, over) | approves
    return may(Action.EDIT, parts, over) or may(Action.TRANSFER, parts, over)


async def taken(name: str, person: Person, world: World) -> str:
    """Say who has the name, and what *person* can do about it."""
    async with world.database.read() as transaction:
        app = await apps.named(transaction, name)
        named = await owners.of_app(transaction, app.id) if app else ()
    assert app is not None
    registered = day(app.registered_at, world.clock.now())
    owner = next((one.person for one in named if one.role is Role.OWNER), None)
    if await _may_open(app, named, person, world):
        whose = "yours" if owner == person.id else "registered, and you may change it"
        return f"{app.name} is {whose}: /register-app {app.name} opens its form. For another app use another name."
    has = f"is owned by {await handle(world, owner)}" if owner else "has no owner"
    return f"{app.name} {has} (registered {registered}). Use another name, or ask them to hand it over."
