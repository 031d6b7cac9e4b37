"""
[Ask its routes, too]: the app's owner lets the bot ask its routes where it runs, or ends that.

Only GET routes are asked whose code changes nothing, and without a login (checks/live/open_route_live.py). That is
still the owner's to decide: whoever answers for the app answers for what a request sets off.
"""

from __future__ import annotations

from dataclasses import replace

from commands.cards import post_card
from commands.command import Command, Refused, Request
from commands.news import Said
from commands.probe_rights import may_probe
from commands.rights import Action, Over, member, require
from commands.start_check import promise_for_app, start
from commands.world import World
from storage import apps, audit, owners

ON, OFF = "on", "off"


async def run(request: Request, world: World) -> Said:
    """Switch it on or off, `<app id>:on` or `:off`, and check the app again; raises Refused for who may not."""
    person = await member(request, world, Action.PROBE_ROUTES)
    app_id, _, switch = request.fields.get("id", "").partition(":")
    wanted = switch != OFF
    async with world.database.write() as transaction:
        await apps.lock(transaction, app_id)
        app = await apps.get(transaction, app_id)
        if app is None:
            raise Refused("There is no such app any more.")
        require(person, Action.PROBE_ROUTES, world, Over(app, await owners.of_app(transaction, app.id)))
        if wanted and not may_probe(app, world):
            raise Refused(f"I may not look at {app.name} where it runs yet, so there are no routes to ask.")
        if app.probes_routes == wanted:
            raise Refused(f"I {'ask' if wanted else 'do not ask'} the routes of {app.name} already.")
        await apps.change(transaction, app.id, probes_routes=wanted)
        app = replace(app, probes_routes=wanted)
        now, detail = world.clock.now(), {"live_url": app.live_url, "on": wanted}
        await audit.write(transaction, now, who=person.id, what="probe routes", subject=app.id, detail=detail)
        await post_card(transaction, world, app.id)
        promise = await promise_for_app(transaction, world, app, request)
    await start(world, promise)
    if not wanted:
        return Said(f"I ask the routes of {app.name} no more.")
    return Said(
        f"I ask the routes of {app.name} from now on: GET only, without a login, and none that might change data. "
        "The verdict comes in its thread."
    )


command = Command("probe-routes", run)
