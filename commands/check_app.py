"""
/check-app: where may it run? Asked of a registered app by its name, or of an address that nobody registered.

It answers at once, and the verdict follows: a row stands before the answer, and the check runs apart from it.
"""

from __future__ import annotations

from checks.gather.target import Target
from checks.model import CheckError
from commands.command import Command, Refused, Request
from commands.news import CheckStarted
from commands.rights import Action, demand, may, parts_of
from commands.start_check import answerable, promise_for_address, promise_for_app, start, started
from commands.targets import target_of
from commands.words import close_to, whole
from commands.world import World
from storage import apps, audit
from storage.model import App
from storage.names import is_help

_USAGE = "/check-app NAME, or the https address of a repository"
_EXAMPLE = "/check-app billing-bot"

_IN_ADDRESSES = frozenset(":/\\@<>")  # a text with none of them was meant as a name


async def run(request: Request, world: World) -> CheckStarted:
    """Promise the check and say where its answer will stand."""
    person = await demand(request, world, Action.CHECK)
    text = whole(request.text)
    if is_help(text):
        raise Refused(command.help, example=_EXAMPLE)
    if not text:
        raise Refused(f"Which app? {_USAGE}.", example=_EXAMPLE)
    app, target = await _meant(text, world)
    asked = await answerable(request, world)
    async with world.database.write() as transaction:
        if app is not None:
            promise = await promise_for_app(transaction, world, app, asked, bounded=True)
        else:
            assert target is not None
            # Else any colleague would read any repository through the bot's own access.
            with_token = may(Action.ALLOW_PRIVATE, parts_of(person, world))
            place = target.name if target.folder is None else str(target.folder)
            promise, is_new = await promise_for_address(transaction, world, place, asked, with_token=with_token)
            now, detail = world.clock.now(), {"with_token": with_token}
            if is_new:
                what, subject = "check address", place[:200]
                await audit.write(transaction, now, who=person.id, what=what, subject=subject, detail=detail)
    await start(world, promise)
    return await started(world, promise, app.name if app else promise.request.repository, app)


async def _meant(text: str, world: World) -> tuple[App | None, Target | None]:
    """Return the app that is called *text*, or else the repository at that address; raises Refused."""
    async with world.database.read() as transaction:
        app = await apps.named(transaction, text)
        if app is not None:
            return app, None
        names = await apps.names(transaction)
    if not set(text) & _IN_ADDRESSES and text[0] not in "-.~":
        close = close_to(text, names)
        first = "" if close else " Register it first, or give the https address of its code."
        raise Refused(
            f"There is no app called “{text}”.{first}",
            example="/apps all" if close else "/register-app",
            did_you_mean=close,
        )
    try:
        target = target_of(text, world)
    except CheckError as error:
        raise Refused(str(error)) from None
    place = target.name if target.folder is None else str(target.folder)
    async with world.database.read() as transaction:
        registered = await apps.of_repository(transaction, place)
    return (registered[0], None) if registered else (None, target)


command = Command(
    "check-app",
    run,
    slash="/check-app",
    usage="/check-app NAME|ADDRESS",
    example=_EXAMPLE,
    summary="Say where an app may run, what holds it back, and the shortest way up.",
)
