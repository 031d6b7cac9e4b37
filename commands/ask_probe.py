"""[Ask an admin to let me look]: the admins are asked to let the bot look at an app where it runs."""

from __future__ import annotations

from commands.command import Command, Refused, Request
from commands.news import Said
from commands.probe_leave import ask_admins_to_probe
from commands.rights import Action, demand
from commands.world import World
from storage import apps


async def run(request: Request, world: World) -> Said:
    """Have the admins asked, once an app and address, and say where."""
    person = await demand(request, world, Action.ASK_ADMINS)
    app_id = request.fields.get("id", "")
    async with world.database.write() as transaction:
        await apps.lock(transaction, app_id)
        app = await apps.get(transaction, app_id)
        if app is None:
            raise Refused("There is no such app any more.")
        channel = await ask_admins_to_probe(transaction, world, app, person.id)
    if channel is None:
        raise Refused(f"There is nothing to ask for {app.name}. Check it again.", example=f"/check-app {app.name}")
    name = await world.directory.channel_name(channel)
    where = f"in #{name}" if name else "in the reliability channel"
    return Said(f"The admins are asked {where}. When one lets me, I check {app.name} again.")


command = Command("ask-probe", run)
