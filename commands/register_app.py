"""
/register-app: an app gets an entry, a card in its channel, and people who are asked to answer for it.

Without words it opens the form, with an address alone the form for it; `NAME REPOSITORY [@owner]` is the quick form.
The name of a registered app opens its form to change it, with what stands behind the name filled in. Whoever registers
an app and names no owner is its owner, and accepts it by that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from checks.model import Audience, DataClass, Exposure, Placement
from commands.app_form import Answers, read_answers
from commands.app_form_for import form_for, form_for_report, here, taken
from commands.cards import channel_trouble, post_card
from commands.change_app import change
from commands.command import Command, InvalidForm, Refused, Request
from commands.news import Registered, RegisterForm, Said
from commands.ownership import ask
from commands.probe_leave import ask_admins_to_probe
from commands.probe_rights import host_of
from commands.rights import Action, demand, may, parts_of
from commands.start_check import Promise, promise_for_app, start
from commands.words import as_code, read_words
from commands.world import Person, World
from storage import apps, audit
from storage.database import Taken, Transaction
from storage.model import App, Role
from storage.names import is_help

#: Options of the quick form, by the field they fill.
OPTIONS = {
    "repo": "repository",
    "owner": "owner",
    "backup": "backup",
    "purpose": "purpose",
    "live-url": "live_url",
    "built-with": "built_with",
    "data": "data",
    "audience": "audience",
    "exposure": "exposure",
    "place": "wanted",
    "channel": "channel",
    "escalates-to": "escalates_to",
}
_TAKES = {
    "--backup": "@name",
    "--channel": "#name",
    "--escalates-to": "@group|on-call:NAME",
    "--purpose": '"one sentence"',
    "--live-url": "https://…",
    "--built-with": "NAME",
    "--data": "|".join(DataClass),
    "--audience": "|".join(Audience),
    "--exposure": "|".join(Exposure),
    "--place": "|".join(place for place in Placement if place is not Placement.NOWHERE),
}
_POSITIONS = ("name", "repository", "owner")
_EXAMPLE = "/register-app billing-bot https://github.com/acme/billing-bot @ann"


async def run(request: Request, world: World) -> Registered | RegisterForm | Said:
    """Open the form, register an app, or change one, by what is given."""
    person = await demand(request, world, Action.REGISTER)
    if "name" in request.fields:
        app_id = request.fields.get("id", "")
        if app_id:
            return await change(world, person, app_id, await read_answers(request.fields, world))
        return await _register(request, person, request.fields, world)
    if request.fields.get("id"):
        return await form_for_report(request.fields["id"], request, world)
    if is_help(request.text):
        raise Refused(command.help, example=_EXAMPLE)
    given = _quick(request.text)
    form = await form_for(given, person, here(request), world)
    return form or await _register(request, person, given, world, channel_else=here(request))


def _quick(text: str) -> dict[str, str]:
    words = read_words(text, OPTIONS)
    given = {OPTIONS[name]: value for name, value in words.options.items()}
    free = [name for name in _POSITIONS if name not in given]
    if len(words.plain) > len(free):
        raise Refused("I do not understand the last words. A text of several words goes in quotes.", example=_EXAMPLE)
    return given | dict(zip(free, words.plain, strict=False))


async def _register(
    request: Request, person: Person, given: Mapping[str, str], world: World, channel_else: str = ""
) -> Registered:
    """Register what is *given*; its news stands in *channel_else* where no channel is named."""
    answers = await read_answers(given, world, owner_else=person.id)
    now = world.clock.now()
    # An admin who registers it lets the bot read it by that; nobody else can (commands/private_code.py).
    leave = may(Action.ALLOW_PRIVATE, parts_of(person, world))  # and so with where it runs (commands/probe_rights.py)
    blank = App(request.id_of("app"), "", "", "", person.id, now, reads_private=leave)
    app = answers.put_in(blank)
    app = replace(app, probes_live=leave and bool(app.live_url))
    here = f"<#{channel_else}> is its channel, since you asked there: its news and its pages go to it, at night too."
    notes = () if app.channel or not channel_else else (f"{here} {as_code(f'/register-app {app.name}')} changes it.",)
    app = replace(app, channel=app.channel or channel_else or None)
    trouble = await channel_trouble(world, app)
    try:
        async with world.database.write() as transaction:
            kept = await apps.get(transaction, app.id)
            if kept is None:  # else this request has done it, and was run again
                await apps.add(transaction, app)
                await _settle(transaction, world, app, answers, request)
            news, promise = await _answer(transaction, world, kept or app, answers, request)
    except Taken:
        raise InvalidForm({"name": await taken(app.name, person, world)}) from None
    await start(world, promise)
    return Registered(news.card, news.asked, (*notes, *news.notes, *([trouble] if trouble else [])))


async def _settle(transaction: Transaction, world: World, app: App, answers: Answers, request: Request) -> None:
    """Do all that follows from a new app, in the transaction that adds it."""
    now = world.clock.now()
    detail = {"name": app.name, "repository": app.repository}
    await audit.write(transaction, now, who=request.person, what="register app", subject=app.id, detail=detail)
    await apps.watch(transaction, app.id, now + spread(app.id, world.house.look_every))
    for role, one in _named(answers, request):
        await ask(transaction, world, app, role, person=one, asked_by=request.person)
    await ask_admins_to_probe(transaction, world, app, request.person)


def _named(answers: Answers, request: Request) -> list[tuple[Role, str]]:
    """Return who is asked to answer for the new app, as what."""
    named = ((Role.OWNER, answers.owner or request.person), (Role.BACKUP, answers.backup))
    return [(role, one) for role, one in named if one is not None]


async def _answer(
    transaction: Transaction, world: World, app: App, answers: Answers, request: Request
) -> tuple[Registered, Promise]:
    """Promise the first check, show the card, and return what is said; the same where the request is run again."""
    promise = await promise_for_app(transaction, world, app, request)
    twins = [twin.name for twin in await apps.of_repository(transaction, app.repository) if twin.id != app.id]
    notes = [f"The same repository is registered as {', '.join(twins)} too."] if twins else []
    card = await post_card(transaction, world, app.id)
    if card.probe_asked_in is not None:
        notes.append(f"I look at {host_of(app.live_url)} once an admin has let me: asked in <#{card.probe_asked_in}>.")
    asked = tuple(one for _, one in _named(answers, request) if one != request.person)
    channel = app.channel or world.house.reliability_channel
    notes.append(f"Its first check has begun; the verdict comes in its thread in <#{channel}>.")
    return Registered(card, asked, tuple(notes)), promise


def spread(app_id: str, every: timedelta) -> timedelta:
    """Return how far into a period of *every* the app has its turn, so that not all have it at once."""
    return every * (int(app_id[:4], 16) / 0x10000)


command = Command(
    "register-app",
    run,
    slash="/register-app",
    usage="/register-app [NAME [REPOSITORY [@owner]]]",
    example=_EXAMPLE,
    summary="Register an app and ask somebody to answer for it; without words it opens a form.",
    more=(
        "With the https address of a repository alone it opens the form for that.",
        "With the name of a registered app it opens that app's form: to change it, or to hand it over.",
        "What stands behind that name, such as `--backup @bo`, is filled in there.",
        f"Behind the words it takes {', '.join(f'{name} {value}' for name, value in _TAKES.items())}.",
    ),
)
