"""[Details]: everything a report holds, for whoever may read it."""

from __future__ import annotations

from commands.command import Command, Refused, Request
from commands.news import Details
from commands.rights import Action, Over, demand
from commands.world import World
from storage import apps, owners, reports
from storage.reports import Saved


async def readable_report(request: Request, world: World) -> tuple[str, Saved]:
    """Return the report that the button means and the name of what it is on; raises Refused for whoever may not."""
    await demand(request, world, Action.READ_REPORTS)
    async with world.database.read() as transaction:
        saved = await reports.get(transaction, request.fields.get("id", ""))
        if saved is None:
            raise Refused("I no longer have that report. Check it again.", example="/check-app NAME")
        app = await apps.get(transaction, saved.app_id) if saved.app_id else None
        named = await owners.of_app(transaction, app.id) if app else ()
    if saved.is_private:
        await demand(request, world, Action.READ_PRIVATE_FINDINGS, Over(app, named, subject=saved.id))
    return (app.name if app else saved.report.repository), saved


async def run(request: Request, world: World) -> Details:
    """Show the whole report."""
    name, saved = await readable_report(request, world)
    return Details(name, saved.report)


command = Command("show-details", run)
