"""A message that could not be delivered: a page goes on to its next step at once, and says whom it did not reach."""

from __future__ import annotations

from commands.command import Command, Request
from commands.page_copies import show_page
from commands.people import clock_only
from commands.world import World
from storage import audit, outbox, pages


async def run(request: Request, world: World) -> None:
    """Note that the row "id" of the outbox did not reach whom it was for, and "why"; only pages act on it."""
    clock_only(request)
    why = request.fields.get("why", "it could not be delivered")
    now = world.clock.now()
    async with world.database.write() as transaction:
        message = await outbox.get(transaction, int(request.fields["id"]))
        if message is None or not message.key.startswith("page:"):
            return
        _, page_id, *repeat = message.key.split(":")
        target = message.to.person or message.to.channel or ""
        page = await pages.get(transaction, page_id)
        assert page is not None
        times = int(repeat[0]) if repeat else 0
        meant = (n for n, one in enumerate(page.told) if (one.target, one.repeat, one.failed) == (target, times, ""))
        number = next(meant, None)
        if number is None:
            return
        await pages.failed(transaction, page_id, number, why)
        detail = {"page": page_id, "target": target, "why": why}
        await audit.write(transaction, now, who="clock", what="page not delivered", subject=page.app_id, detail=detail)
        # Nobody waits for an answer from somebody who was not told; the last step keeps its rhythm, else it would spin.
        if page.told[-1].target == target and page.position < len(page.steps):
            await pages.hurry(transaction, page_id, now)
        await show_page(transaction, world, page_id)


command = Command("note-unreached", run)
