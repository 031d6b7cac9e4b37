"""A message that could not be delivered: a page goes on to its next step at once, and says whom it did not reach."""

from __future__ import annotations

from commands.command import Command, Request
from commands.page_copies import show_page
from commands.people import clock_only
from commands.unreached import goes_on
from commands.world import World
from storage import audit, outbox, pages


async def run(request: Request, world: World) -> None:
    """Note that the row "id" of the outbox did not reach whom it was for, and "why"; only pages act on it."""
    clock_only(request)
    why = request.fields.get("why", "it could not be delivered")
    now = world.clock.now()
    async with world.database.write() as transaction:
        message = await outbox.get(transaction, int(request.fields["id"]))
        if message is None or message.told is None:
            return
        page_id, number = message.told
        await pages.lock(transaction, page_id)
        await pages.failed(transaction, page_id, number, why)
        page = await pages.get(transaction, page_id)
        assert page is not None
        entry = page.told[number]
        if entry.delivered_at is not None:
            return  # what was not delivered is an edit of it
        detail = {"page": page_id, "target": entry.target, "route": entry.route, "why": why}
        await audit.write(transaction, now, who="clock", what="page not delivered", subject=page.app_id, detail=detail)
        if goes_on(page, now):
            await pages.hurry(transaction, page_id, now)
            transaction.afterwards("nudge", world.clock.nudge)
        await show_page(transaction, world, page_id)


command = Command("note-unreached", run)
