"""Pages and their logs. The chain is frozen into the page; the clock claims what is due; one answer wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from storage.database import Transaction
from storage.model import Page, PageState, Told
from storage.tables import pages, told


async def add(transaction: Transaction, page: Page) -> None:
    """Add *page*, which nobody has been told of yet."""
    row = asdict(page) | {"steps": page.steps}
    del row["told"]
    await transaction.connection.execute(insert(pages).values(row))


async def get(transaction: Transaction, page_id: str) -> Page | None:
    """Return the page with this id and its log."""
    found = await _pages(transaction, select(pages).where(pages.c.id == page_id))
    return found[0] if found else None


async def open_of(transaction: Transaction, app_ids: Iterable[str]) -> dict[str, tuple[Page, ...]]:
    """Return the pages that are not resolved, by app, oldest first."""
    query = (
        select(pages)
        .where(pages.c.app_id.in_(list(app_ids)), pages.c.state != PageState.RESOLVED)
        .order_by(pages.c.made_at)
    )
    found: dict[str, tuple[Page, ...]] = {}
    for page in await _pages(transaction, query):
        found[page.app_id] = (*found.get(page.app_id, ()), page)
    return found


async def recent(transaction: Transaction, app_id: str, by: str, since: datetime) -> Page | None:
    """Return the page of *by* for the app that is not resolved and no older than *since*."""
    query = (
        select(pages)
        .where(
            pages.c.app_id == app_id,
            pages.c.by == by,
            pages.c.state != PageState.RESOLVED,
            pages.c.made_at >= since,
        )
        .order_by(pages.c.made_at.desc())
        .limit(1)
    )
    found = await _pages(transaction, query)
    return found[0] if found else None


async def join(transaction: Transaction, page_id: str, what: str) -> None:
    """Add one more page of the same person to a page, with all that is wrong now."""
    await transaction.connection.execute(
        update(pages).where(pages.c.id == page_id).values(joined=pages.c.joined + 1, what=what)
    )


async def waiting(transaction: Transaction, now: datetime, limit: int = 50) -> tuple[Page, ...]:
    """Return pages whose next step is due, the oldest first, as they stand: whoever acts on them claims them."""
    return await _pages(transaction, _due(now, limit))


async def claim_due(transaction: Transaction, now: datetime, limit: int = 50) -> tuple[Page, ...]:
    """Return pages whose next step is due, the oldest first; each stays the caller's until the transaction ends."""
    return await _pages(transaction, _due(now, limit).with_for_update(skip_locked=True))


def _due(now: datetime, limit: int) -> Select[Any]:
    return (
        select(pages)
        .where(pages.c.state == PageState.TRIGGERED, pages.c.due_at <= now)
        .order_by(pages.c.due_at)
        .limit(limit)
    )


async def next_due(transaction: Transaction) -> datetime | None:
    """Return when the next step of any page is due."""
    due = select(func.min(pages.c.due_at)).where(pages.c.state == PageState.TRIGGERED)
    return (await transaction.connection.execute(due)).scalar_one()  # type: ignore[no-any-return]


async def advance(transaction: Transaction, page: Page, log: Told, position: int, due_at: datetime) -> bool:
    """Write down that somebody was told, and what comes next; False where the page moved on meanwhile."""
    changed = await transaction.connection.execute(
        update(pages)
        .where(pages.c.id == page.id, pages.c.state == PageState.TRIGGERED, pages.c.position == page.position)
        .values(position=position, due_at=due_at)
    )
    if changed.rowcount != 1:
        return False
    await transaction.connection.execute(
        insert(told).values(asdict(log) | {"page_id": page.id, "number": len(page.told)})
    )
    return True


async def mark_failed(transaction: Transaction, page_id: str, target: str, repeat: int, why: str) -> bool:
    """Write down that a delivery did not reach *target*; False where there was none, or that is known."""
    changed = await transaction.connection.execute(
        update(told)
        .where(told.c.page_id == page_id, told.c.target == target, told.c.repeat == repeat, told.c.failed == "")
        .values(failed=why)
    )
    return changed.rowcount > 0


async def hurry(transaction: Transaction, page_id: str, now: datetime) -> None:
    """Have the next step of an unanswered page go out now."""
    await transaction.connection.execute(
        update(pages).where(pages.c.id == page_id, pages.c.state == PageState.TRIGGERED).values(due_at=now)
    )


async def acknowledge(transaction: Transaction, page_id: str, person: str, now: datetime) -> bool:
    """Answer a page; True for exactly one person."""
    return await _answer(
        transaction,
        page_id,
        (PageState.TRIGGERED,),
        {"state": PageState.ACKNOWLEDGED, "acknowledged_by": person, "acknowledged_at": now, "due_at": None},
    )


async def resolve(transaction: Transaction, page_id: str, person: str, now: datetime) -> bool:
    """End a page; True for exactly one person."""
    return await _answer(
        transaction,
        page_id,
        (PageState.TRIGGERED, PageState.ACKNOWLEDGED),
        {"state": PageState.RESOLVED, "resolved_by": person, "resolved_at": now, "due_at": None},
    )


async def _answer(
    transaction: Transaction, page_id: str, states: tuple[PageState, ...], values: dict[str, Any]
) -> bool:
    changed = await transaction.connection.execute(
        update(pages).where(pages.c.id == page_id, pages.c.state.in_(states)).values(values)
    )
    return changed.rowcount == 1


async def _pages(transaction: Transaction, query: Select[Any]) -> tuple[Page, ...]:
    rows = (await transaction.connection.execute(query)).mappings().all()
    logs: dict[str, tuple[Told, ...]] = {}
    log_query = select(told).where(told.c.page_id.in_([row["id"] for row in rows])).order_by(told.c.number)
    for entry in await transaction.connection.execute(log_query):
        one = Told(entry.step, entry.target, entry.at, entry.repeat, entry.failed)
        logs[entry.page_id] = (*logs.get(entry.page_id, ()), one)
    return tuple(Page(**row, told=logs.get(row["id"], ())) for row in rows)
