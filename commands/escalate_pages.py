"""
The clock's order to deliver what is due of every page: its first step, and each further one while nobody answers.

What is told and that it was told are one transaction, so a crash before it repeats nothing and one after it loses
nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from commands.command import Command, Request
from commands.page_chain import next_step
from commands.page_copies import show_page
from commands.people import clock_only, unfit
from commands.world import World
from storage import audit, pages
from storage.database import Transaction
from storage.model import Page, StepKind

_log = logging.getLogger(__name__)


async def run(request: Request, world: World) -> None:
    """Take every page that is due one step on; somebody who is gone by now is passed over at once."""
    clock_only(request)
    while await _round(world):
        pass


async def _round(world: World) -> bool:
    """Advance what is due; True where something may be due again at once."""
    now = world.clock.now()
    async with world.database.read() as transaction:
        due = await pages.next_due(transaction)
        if due is None or due > now:
            return False
        waiting = await pages.waiting(transaction, now)
    gone = await _gone(waiting, world)
    again = False
    async with world.database.write() as transaction:
        for page in await pages.claim_due(transaction, now):
            again = await _advance(transaction, world, page, gone) or again
    return again


async def _gone(waiting: Iterable[Page], world: World) -> dict[str, str]:
    """Return why somebody who is next in a page cannot be reached, by person; asked before the registry is held."""
    people = {page.steps[page.position].target for page in waiting if _to_person(page)}
    reasons: dict[str, str] = {}
    for person in people:
        try:
            reasons[person] = unfit(await world.directory.person(person))
        except Exception:  # noqa: BLE001 - whatever keeps us from asking must not keep the page from going out
            _log.exception("cannot ask whether somebody is still here; they are paged")
    return reasons


def _to_person(page: Page) -> bool:
    return page.position < len(page.steps) and page.steps[page.position].kind is StepKind.PERSON


async def _advance(transaction: Transaction, world: World, page: Page, gone: dict[str, str]) -> bool:
    now = world.clock.now()
    following = next_step(page, now)
    failed = gone.get(following.step.target, "") if following.step.kind is StepKind.PERSON else ""
    told = replace(following.told, failed=failed)
    if not await pages.advance(transaction, page, (told,), following.position, now if failed else following.due_at):
        return False
    detail = {"page": page.id, "told": told.target, "step": told.step, "repeat": told.repeat, "failed": failed}
    await audit.write(transaction, now, who="clock", what="escalate page", subject=page.app_id, detail=detail)
    await show_page(transaction, world, page.id, new=told)
    return bool(failed)


command = Command("escalate-pages", run)
