"""[Ask an admin]: the admins are asked to let the bot use its own access for an app."""

from __future__ import annotations

from commands.command import Command, Refused, Request
from commands.news import Said
from commands.private_code import ask_admins
from commands.rights import Action, demand
from commands.world import World
from storage import apps


async def run(request: Request, world: World) -> Said:
    """Have the admins asked, once an app, and say where."""
    person = await demand(request, world, Action.ASK_ADMINS)
    async with world.database.write() as transaction:
        app = await apps.get(transaction, request.fields.get("id", ""))
        if app is None:
            raise Refused("There is no such app any more.")
        channel = await ask_admins(transaction, world, app, person.id)
    if channel is None:
        raise Refused(f"There is nothing to ask for {app.name}. Check it again.", example=f"/check-app {app.name}")
    name = await world.directory.channel_name(channel)
    where = f"in #{name}" if name else "in the reliability channel"
    return Said(f"The admins are asked {where}. When one lets me, I check {app.name} again.")


command = Command("ask-private", run)
