"""
The clock's order for pages that Slack does not take: second routes after two minutes, or at once where it refuses.

It also has a page go on where nobody was reached by its last step, should a crash have lost that word.
"""

from __future__ import annotations

import logging

from commands.command import Command, Request
from commands.page_copies import show_page
from commands.page_request import request_of
from commands.people import clock_only
from commands.unreached import goes_on, second_tries
from commands.world import World
from storage import audit, pages
from storage.model import Page, Told

_log = logging.getLogger(__name__)


async def run(request: Request, world: World) -> None:
    """Look at every page that nobody has answered."""
    clock_only(request)
    now, house = world.clock.now(), world.house
    before = now - house.second_route_after if house.second_routes else None
    async with world.database.read() as transaction:
        missing = await pages.undelivered(transaction, before)
    for page in missing:
        if goes_on(page, now) or _tries(page, world):
            try:
                with request_of(page):
                    await _reroute(page.id, world)
            except Exception:  # noqa: BLE001 - one page must not keep the others from going out
                _log.exception("page %s could not be sent another way; it is tried again", page.id)


def _tries(page: Page, world: World) -> tuple[Told, ...]:
    house = world.house
    return second_tries(page, house.second_routes, house.second_route_after, world.clock.now())


async def _reroute(page_id: str, world: World) -> None:
    now = world.clock.now()
    async with world.database.write() as transaction:
        page = await pages.claim_unanswered(transaction, page_id)
        if page is None:
            return
        if goes_on(page, now):
            await pages.hurry(transaction, page.id, now)
            transaction.afterwards("nudge", world.clock.nudge)
        tries = _tries(page, world)
        if not tries:
            return
        await pages.add_told(transaction, page, tries)
        for one in tries:
            detail = {"page": page.id, "told": one.target, "route": one.route, "step": one.step}
            await audit.write(transaction, now, who="clock", what="reroute page", subject=page.app_id, detail=detail)
        await show_page(transaction, world, page.id, new=range(len(page.told), len(page.told) + len(tries)))


command = Command("reroute-pages", run)
