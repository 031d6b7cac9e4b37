"""[Check again]: the same question about the same app or address."""

from __future__ import annotations

from commands.command import Command, Refused, Request
from commands.news import CheckStarted
from commands.rights import Action, demand, may, parts_of
from commands.start_check import answerable, promise_for_address, promise_for_app, start, started
from commands.world import World
from storage import apps, reports


async def run(request: Request, world: World) -> CheckStarted:
    """Promise a check of the app, or of what the report is on."""
    person = await demand(request, world, Action.CHECK)
    wanted = request.fields.get("id", "")
    request = await answerable(request, world)
    async with world.database.write() as transaction:
        app = await apps.get(transaction, wanted)
        saved = None if app else await reports.get(transaction, wanted)
        if saved is not None and saved.app_id:
            app = await apps.get(transaction, saved.app_id)
        if app is not None:
            promise = await promise_for_app(transaction, world, app, request, bounded=True)
        elif saved is not None:
            place, with_token = saved.report.repository, may(Action.ALLOW_PRIVATE, parts_of(person, world))
            promise, _ = await promise_for_address(transaction, world, place, request, with_token=with_token)
        else:
            raise Refused("I no longer know what that was. Check it by its name or address.", example="/check-app NAME")
    await start(world, promise)
    return await started(world, promise, app.name if app else promise.request.repository, app)


command = Command("check-again", run)
