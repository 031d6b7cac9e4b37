"""
The bot was away, and says so: from when to when, and what went out late.

Every process that hears Slack leaves a mark every few seconds. Whoever finds it older than a minute was not there, and
neither was anybody else: the bot was stopped, killed, or its machine stood still. A clock that was set forward looks
the same; the seconds since this process left its last mark tell the two apart.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

from commands.moments import clock_time, length
from commands.news import Said
from commands.world import World
from storage import marks, overdue, pages
from storage.database import Transaction
from storage.model import NO_ROUTE, Destination, Page

_log = logging.getLogger(__name__)

#: Shorter times away are nobody's business: a restart takes so long.
WORTH_TELLING = timedelta(seconds=60)
_MARK = "here"
_LISTED = 15


async def be_here(world: World, since_s: float | None) -> None:
    """
    Leave the mark; where it was old, tell what is late, in the same transaction, so that one process tells it.

    *since_s* are the seconds since this process left it last, by a clock that nobody sets; None for the first time.
    """
    now = world.clock.now()
    async with world.database.write() as transaction:
        written = await marks.get(transaction, _MARK, lock=True)
        if written is None:
            await marks.put_first(transaction, _MARK, now.isoformat())
            return
        await marks.put(transaction, _MARK, now.isoformat())
        last = datetime.fromisoformat(written)
        if now - last <= WORTH_TELLING:
            return
        if since_s is not None and since_s <= WORTH_TELLING.total_seconds():
            _log.warning("the clock of this machine was set forward by %s", now - last)
            return
        _log.warning("away from %s to %s", last.isoformat(), now.isoformat())
        text = await _text(transaction, last, now)
        if text:
            to = Destination(channel=world.house.reliability_channel)
            await world.messenger.post(transaction, to, Said(text), key=f"away:{last.timestamp():.0f}")


async def _text(transaction: Transaction, last: datetime, now: datetime) -> str:
    """Return what is to be said of the time from *last* to *now*; empty where nothing was promised in it."""
    late = [line async for line in _late(transaction, last, now)]
    waits = await overdue.backlog(transaction, now)
    counted = (
        (len(late), "page", "pages"),
        (waits.checks, "check", "checks"),
        (waits.orders, "command or click", "commands or clicks"),
        (waits.messages, "message", "messages"),
    )
    said = [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]
    if not said:
        return ""
    listed = ", ".join(said[:-1]) + (" and " if said[:-1] else "") + said[-1]
    were = "was" if sum(number for number, *_ in counted) == 1 else "were"
    more = [f"and {len(late) - _LISTED} more"] if len(late) > _LISTED else []
    begin = clock_time(last, now).removesuffix(" UTC")
    head = f"I was away from {begin} to {clock_time(now, now)}; {listed} {were} late."
    return "\n".join([head, *(f"• {line}" for line in late[:_LISTED]), *more])


async def _late(transaction: Transaction, last: datetime, now: datetime) -> AsyncIterator[str]:
    """Yield a line for each page with a step that was due between *last* and *now* and went out late, or goes now."""
    for row in await overdue.late_steps(transaction, now):
        assert row.due_at is not None
        if row.due_at >= last:
            yield f"{row.app}: due at {clock_time(row.due_at, now)}, goes out now, {length(now - row.due_at)} late"
    told = await overdue.told_since(transaction, last)
    names = await overdue.names(transaction, told)
    for page_id in told:
        page = await pages.get(transaction, page_id)
        assert page is not None
        for due_at, at in steps_told(page):
            if last <= due_at <= now and at - due_at > WORTH_TELLING:
                due, went = clock_time(due_at, now), clock_time(at, now)
                yield f"{names[page_id]}: due at {due}, went out at {went}, {length(at - due_at)} late"


def steps_told(page: Page) -> Iterator[tuple[datetime, datetime]]:
    """Yield when each step of *page* was due by the one before it, and when it was told. Pure."""
    due_at, seen = page.made_at, None
    for one in page.told:
        if one.route in {"", NO_ROUTE} and (one.at, one.step) != seen:
            yield due_at, one.at
            due_at, seen = one.at + page.steps[one.step].wait, (one.at, one.step)
