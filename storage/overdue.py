"""What was promised and is late, lost or left over: the auditor's questions, asked of the rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, update

from storage.database import Transaction
from storage.model import NO_ROUTE, SHOWN, PageState
from storage.tables import apps, check_requests, inbox, outbox, pages, told
from storage.tables.talk import WAITS

_MOST = 50  # of each kind in one look: the next follows
_OPEN = pages.c.state != PageState.RESOLVED


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page with the name of its app, and as far as it matters when something of it is *due_at*."""

    id: str
    app: str
    state: PageState
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is not done: commands and clicks, checks (those under way among them), and messages."""

    orders: int
    checks: int
    messages: int


async def late_steps(transaction: Transaction, before: datetime) -> tuple[PageRow, ...]:
    """Return open pages for which something was due before *before* and is not taken, the latest first."""
    return await _pages(transaction, _OPEN, pages.c.due_at < before)


async def without_due(transaction: Transaction) -> tuple[PageRow, ...]:
    """Return open pages with nothing that comes next: nobody would ever be told again."""
    return await _pages(transaction, _OPEN, pages.c.due_at.is_(None))


async def too_far(transaction: Transaction, now: datetime, longest: timedelta) -> tuple[PageRow, ...]:
    """
    Return open pages that wait for longer than any of their steps or *longest* takes: the clock was set back since.

    The furthest come first.
    """
    query = _pages_where(_OPEN, pages.c.due_at > now + longest).add_columns(pages.c.steps)
    rows = (await transaction.connection.execute(query.order_by(None).order_by(pages.c.due_at.desc()))).mappings().all()
    return tuple(
        PageRow(row["id"], row["app"], row["state"], row["due_at"])
        for row in rows
        if row["due_at"] > now + max(longest, *(step.wait for step in row["steps"]))
    )


async def due_though_over(transaction: Transaction) -> tuple[PageRow, ...]:
    """Return resolved pages for which something still is due."""
    return await _pages(transaction, pages.c.state == PageState.RESOLVED, pages.c.due_at.is_not(None))


async def unheard(transaction: Transaction, before: datetime) -> tuple[PageRow, ...]:
    """Return unanswered pages of which somebody should have been told before *before*, and nobody was by any route."""
    of_page = told.c.page_id == pages.c.id
    first = select(func.min(told.c.at)).where(of_page).scalar_subquery()
    delivered = select(told.c.page_id).where(of_page, told.c.delivered_at.is_not(None)).exists()
    return await _pages(transaction, pages.c.state == PageState.TRIGGERED, first < before, ~delivered)


async def unsaid(transaction: Transaction, before: datetime) -> dict[str, tuple[int, ...]]:
    """
    Return by open page the entries of its log from before *before* that are neither delivered nor failed nor wait.

    Messages that a long log no longer shows (commands/page_copies.py) are nobody's loss.
    """
    mine = and_(outbox.c.page_id == told.c.page_id, outbox.c.told_number == told.c.number)
    waits = select(outbox.c.id).where(mine, WAITS).exists()
    others = told.alias()
    newest = select(func.max(others.c.number)).where(others.c.page_id == told.c.page_id).scalar_subquery()
    query = (
        select(told.c.page_id, told.c.number)
        .join(pages, pages.c.id == told.c.page_id)
        .where(_OPEN, told.c.delivered_at.is_(None), told.c.failed == "", told.c.route != NO_ROUTE)
        .where(told.c.at < before, ~waits, told.c.number > newest - SHOWN)
        .order_by(told.c.at)
        .limit(_MOST)
    )
    found: dict[str, tuple[int, ...]] = {}
    for row in await transaction.connection.execute(query):
        found[row.page_id] = (*found.get(row.page_id, ()), row.number)
    return found


async def orders_left(transaction: Transaction, before: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return what came in before *before* and is not worked off: its kind and when it came, oldest first."""
    query = (
        select(inbox.c.kind, inbox.c.received_at)
        .where(inbox.c.done_at.is_(None), inbox.c.received_at < before)
        .order_by(inbox.c.received_at)
        .limit(_MOST)
    )
    return tuple((row.kind, row.received_at) for row in await transaction.connection.execute(query))


async def checks_left(transaction: Transaction, before: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """
    Return checks that were begun and whose hold ran out before *before*: id, repository and when.

    Those that wait again (check_line.free) should have been begun anew by then, and the others are held by a process
    that lives and does not extend its hold, so that it most likely makes them no more.
    """
    query = (
        select(check_requests.c.id, check_requests.c.repository, check_requests.c.held_until)
        .where(check_requests.c.done_at.is_(None), check_requests.c.held_until < before)
        .order_by(check_requests.c.held_until)
        .limit(_MOST)
    )
    return tuple((row.id, row.repository, row.held_until) for row in await transaction.connection.execute(query))


async def set_due(transaction: Transaction, page: PageRow, due_at: datetime | None) -> bool:
    """Have something due for *page* at *due_at*, or nothing where None; False where it is not as it was any more."""
    as_it_was = pages.c.due_at.is_(None) if page.due_at is None else pages.c.due_at == page.due_at
    changed = await transaction.connection.execute(
        update(pages).where(pages.c.id == page.id, pages.c.state == page.state, as_it_was).values(due_at=due_at)
    )
    return changed.rowcount == 1


async def names(transaction: Transaction, page_ids: Sequence[str]) -> dict[str, str]:
    """Return the names of the apps of these pages, by page."""
    return {row.id: row.app for row in await _pages(transaction, pages.c.id.in_(page_ids))}


async def told_since(transaction: Transaction, at: datetime) -> tuple[str, ...]:
    """Return the pages of which somebody was told at *at* or later."""
    query = select(told.c.page_id).where(told.c.at >= at).distinct().limit(_MOST)
    return tuple((await transaction.connection.execute(query)).scalars())


async def backlog(transaction: Transaction, before: datetime) -> Backlog:
    """Return how much of what was asked for before *before* is not done."""

    async def count(*conditions: ColumnElement[bool]) -> int:
        return int((await transaction.connection.execute(select(func.count()).where(*conditions))).scalar_one())

    return Backlog(
        await count(inbox.c.done_at.is_(None), inbox.c.received_at < before),
        await count(check_requests.c.done_at.is_(None), check_requests.c.asked_at < before),
        await count(WAITS, outbox.c.made_at < before),
    )


async def _pages(transaction: Transaction, *conditions: Any) -> tuple[PageRow, ...]:
    return tuple(PageRow(**row) for row in (await transaction.connection.execute(_pages_where(*conditions))).mappings())


def _pages_where(*conditions: Any) -> Select[Any]:
    return (
        select(pages.c.id, apps.c.name.label("app"), pages.c.state, pages.c.due_at)
        .join(apps, apps.c.id == pages.c.app_id)
        .where(*conditions)
        .order_by(pages.c.due_at, pages.c.id)
        .limit(_MOST)
    )
