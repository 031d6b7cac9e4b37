"""A code host's word that a repository was pushed to: its apps are looked at now, rather than at their next turn."""

from __future__ import annotations

from commands.command import Command, Request
from commands.people import clock_only
from commands.world import World
from storage import apps


async def run(request: Request, world: World) -> None:
    """Make the watches of the apps in the repository of field `repository` due, and wake the clock."""
    clock_only(request)
    async with world.database.write() as transaction:
        for app in await apps.of_pushed(transaction, request.fields["repository"]):
            await apps.change_watch(transaction, app.id, due_at=world.clock.now())
        transaction.afterwards("nudge", world.clock.nudge)


command = Command("note-push", run)
