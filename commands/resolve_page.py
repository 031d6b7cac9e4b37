"""[Resolve]: it is over. Exactly one person ends a page, acknowledged or not."""

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
    """End the page and tell whoever paged; raises Refused for whoever comes second."""
    person, page, app = await answering(request, world)
    name, now = await handle(world, person.id), world.clock.now()
    async with world.database.write() as transaction:
        won = await pages.resolve(transaction, page.id, person.id, now)
        if won:
            detail = {"page": page.id}
            await audit.write(transaction, now, who=person.id, what="resolve page", subject=app.id, detail=detail)
            await show_page(transaction, world, page.id)
            if page.by != person.id:
                told = Said(f"{name} has resolved your page for {app.name} at {clock_time(now, now)}.")
                to = Destination(person=page.by)
                await world.messenger.post(transaction, to, told, key=f"over:{page.id}")
        current = await pages.get(transaction, page.id)
    assert current is not None
    if not won:
        raise await too_late(current, world)
    return Said(f"The page for {app.name} is resolved.")


command = Command("resolve-page", run)
