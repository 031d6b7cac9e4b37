"""[Acknowledge]: somebody has the page, and nobody else is told. Exactly one person wins."""

from __future__ import annotations

from commands.answer_page import answering, too_late
from commands.command import Command, Request
from commands.moments import clock_time
from commands.news import Said
from commands.page_copies import show_page
from commands.people import handle
from commands.world import World
from storage import audit, pages
from storage.model import Destination


async def run(request: Request, world: World) -> Said:
    """Stop the escalation and tell whoever paged; raises Refused for whoever comes second."""
    person, page, app = await answering(request, world)
    name, now = await handle(world, person.id), world.clock.now()
    async with world.database.write() as transaction:
        won = await pages.acknowledge(transaction, page.id, person.id, now)
        if won:
            detail = {"page": page.id}
            await audit.write(transaction, now, who=person.id, what="acknowledge page", subject=app.id, detail=detail)
            await show_page(transaction, world, page.id)
            if page.by != person.id:
                told = Said(f"{name} has acknowledged your page for {app.name} at {clock_time(now, now)}.")
                to = Destination(person=page.by)
                await world.messenger.post(transaction, to, told, key=f"answer:{page.id}", urgent=True)
        current = await pages.get(transaction, page.id)
    assert current is not None
    if not won:
        raise await too_late(current, world)
    return Said(f"You have acknowledged the page for {app.name}: nobody else is told. Press Resolve when it is over.")


command = Command("acknowledge-page", run)
