"""[Still on it]: whoever acknowledged a page keeps it for another while; nobody else can say it for them."""

from __future__ import annotations

from commands.answer_page import pressing, see, too_late
from commands.command import Command, Refused, Request
from commands.moments import clock_time
from commands.news import Said
from commands.page_copies import show_page
from commands.page_stale import show_question
from commands.people import handle
from commands.steady_directory import steady
from commands.world import World
from storage import audit, pages
from storage.model import PageState


async def run(request: Request, world: World) -> Said:
    """Keep the page with whoever presses; raises Refused where it is not theirs, or is open again or over."""
    person, page, app = await pressing(request, world)
    now = world.clock.now()
    stale_at = now + world.house.ack_stale
    async with world.database.write() as transaction:
        current = await pages.get(transaction, page.id)
        assert current is not None
        renewed = await pages.renew(transaction, page.id, person.id, stale_at)
        await see(transaction, page.id, request, now)
        if renewed:
            detail = {"page": page.id}
            await audit.write(transaction, now, who=person.id, what="still on page", subject=app.id, detail=detail)
            if current.reminded_at is not None:
                answer = f"You are still on it, as you said at {clock_time(now, now)}."
                await show_question(transaction, world, current, current.reminded_at, answer=answer)
            await show_page(transaction, world, page.id)
        current = await pages.get(transaction, page.id)  # the clock may have opened it again meanwhile
        assert current is not None
    if renewed:
        return Said(f"You keep the page for {app.name}. I ask you again at {clock_time(stale_at, now)}.")
    if current.state is PageState.ACKNOWLEDGED and current.acknowledged_by:
        world, _ = steady(world)
        name = await handle(world, current.acknowledged_by)
        raise Refused(f"{name} acknowledged the page for {app.name}: only they can say that they are still on it.")
    raise await too_late(page.id, world)


command = Command("still-on-it", run)
