"""
The clock's order to deliver what is due of every page: its first step, and each further one while nobody answers.

Of a page that somebody acknowledged it is the question whether they are still on it (commands/page_stale.py). What is
told and that it was told are one transaction, so a crash before it repeats nothing and one after it loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.command import Command, Request
from commands.moments import for_reader, length
from commands.page_chain import Next, next_step
from commands.page_copies import show_page
from commands.page_request import request_of
from commands.page_stale import go_on
from commands.page_targets import Reached, known_words, reach
from commands.people import clock_only
from commands.tell_away import WORTH_TELLING
from commands.world import World
from storage import audit, pages
from storage.database import Transaction
from storage.model import NO_ROUTE, Page, PageState, Told

_AT_ONCE = 50
_log = logging.getLogger(__name__)
_LATE = "This step was due"  # how the note begins


async def run(request: Request, world: World) -> None:
    """Take every page that is due one step on; a step by which nobody can be told is passed over at once."""
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
        waiting = await pages.waiting(transaction, now, _AT_ONCE)
    # Slack is asked before the registry is held, and only so long: escalation never waits for it.
    reached = await reach([page for page in waiting if page.state is PageState.TRIGGERED], world)
    due_ones = _Due(now, reached)
    try:
        return await _take(due_ones, world)
    except Exception:  # noqa: BLE001 - whatever it is, each page may still go on by itself
        _log.exception("due pages could not be taken together; each is taken alone")
    for page in waiting:
        try:
            await _take(due_ones, world, only=page.id)  # what is due again is seen at the next tick
        except Exception:  # noqa: BLE001 - one page must not keep the others from going out
            _log.exception("page %s could not go on; it is tried again", page.id)
    return False


@dataclass(frozen=True, slots=True)
class _Due:
    """What was asked about pages that are due *now*: whom they come down to."""

    now: datetime
    reached: Mapping[tuple[str, int], Sequence[Reached]]


async def _take(due: _Due, world: World, *, only: str | None = None) -> bool:
    """Take the pages that are due one step on, in one transaction; True where something may be due again at once."""
    async with world.database.write() as transaction:
        claimed = await pages.claim_due(transaction, due.now, _AT_ONCE, only=only)
        again = len(claimed) == _AT_ONCE
        for page in claimed:
            with request_of(page):
                again = await _step(transaction, world, page, due) or again
    return again


async def _step(transaction: Transaction, world: World, page: Page, due: _Due) -> bool:
    """Take *page* one step on; True where something may be due for it again at once."""
    if page.state is PageState.ACKNOWLEDGED:
        return await go_on(transaction, world, page)
    if (page.id, page.position) not in due.reached:
        return True  # it moved on after Slack was asked about it: the next round asks about where it is now
    return await _advance(transaction, world, page, due.reached)


async def _advance(
    transaction: Transaction, world: World, page: Page, found: Mapping[tuple[str, int], Sequence[Reached]]
) -> bool:
    """Take *page* one step on; True where its next one is due at once, since nobody can be told by this one."""
    now, reached = world.clock.now(), found[page.id, page.position]
    following = next_step(page, now)
    if following is None:
        return False
    log = entries(page, following, reached, now)
    # The last keeps its rhythm, else it would spin.
    nobody = all(one.failed for one in reached) and not following.is_last
    known = () if following.is_last else known_already(page, following, reached)
    goes_on = nobody or bool(known)
    if not await pages.advance(transaction, page, log, following.position, now if goes_on else following.due_at):
        return False
    if not log:
        return False
    if page.due_at is not None and now - page.due_at > WORTH_TELLING:
        late = f"{_LATE} {for_reader(page.due_at)} and goes out {length(now - page.due_at)} late."
        await pages.note(transaction, page, late, instead=_LATE)
    if known:
        await pages.note(transaction, page, f"{known_words(following.step, known)}: went on.")
    for one in log:
        detail = {"page": page.id, "told": one.target, "meant": one.meant, "step": one.step, "repeat": one.repeat}
        detail |= {"failed": one.failed}
        await audit.write(transaction, now, who="clock", what="escalate page", subject=page.app_id, detail=detail)
    await show_page(transaction, world, page.id, new=range(len(page.told), len(page.told) + len(log)))
    return goes_on


def known_already(page: Page, following: Next, reached: Sequence[Reached]) -> tuple[str, ...]:
    """
    Return whom the step comes down to where all of them were told by an earlier one; else an empty tuple. Pure.

    They have not answered, so another wait for them would be lost: they are told again, and the next at once.
    """
    earlier = {one.target for one in page.told if one.step < following.index and not one.failed}
    people = tuple(one.target for one in reached if not one.failed)
    return people if set(people) <= earlier else ()


def entries(page: Page, following: Next, reached: Sequence[Reached], now: datetime) -> tuple[Told, ...]:
    """
    Return what is added to the log of *page* for a step that came down to *reached*. Pure.

    The end of the chain is not told again while Slack has not taken the time before: after an hour without Slack the
    channel would have six messages at once.
    """
    waiting = {one.target for one in page.told if one.route == "" and not one.failed and one.delivered_at is None}
    if page.position >= len(page.steps) and {one.target for one in reached} <= waiting:
        return ()
    meant = f"{following.step.role}:{following.step.target}"
    return tuple(
        Told(
            following.index,
            one.target,
            now,
            repeat=sum(told.target == one.target and told.route == "" for told in page.told),
            failed=one.failed,
            route=NO_ROUTE if one.failed else "",
            meant=meant,
            address=one.address,
        )
        for one in reached
    )


command = Command("escalate-pages", run)
