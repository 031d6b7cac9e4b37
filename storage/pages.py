"""
Pages and their logs. The chain is frozen into the page; the clock claims what is due; one answer wins.

The log is of what was told; its entries are numbered, and whoever delivers one says here that it was, or why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, false, func, insert, or_, select, update

from storage.database import Transaction
from storage.model import Page, PageState, Told
from storage.postgresql import one_at_a_time
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


async def recent(  # noqa: PLR0917 - what it is looked for by, in the order of its weight
    transaction: Transaction,
    app_id: str,
    by: str,
    made: tuple[datetime, datetime],
    what: str = "",
    same_since: datetime | None = None,
    *,
    resolved: bool = False,
) -> Page | None:
    """
    Return the page of *by* for the app that is not resolved, and that was *made* between two moments.

    One that says just *what* may be as old as *same_since*, and *resolved*. A clock set back leaves later pages.
    """
    same = and_(pages.c.what == what, pages.c.made_at >= (same_since or made[0]))
    query = (
        select(pages)
        .where(
            pages.c.app_id == app_id,
            pages.c.by == by,
            or_(pages.c.state != PageState.RESOLVED, same if resolved else false()),
            pages.c.made_at <= made[1],
            or_(pages.c.made_at >= made[0], same),
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


async def alone(transaction: Transaction, by: str) -> None:
    """Have the transaction alone make pages of *by* until it ends."""
    await one_at_a_time(transaction.connection, f"pages of {by}")


async def made_before(transaction: Transaction, by: str, number: int) -> datetime | None:
    """Return when *by* made the page that is the *number*-th newest of theirs, from 1; None where there are fewer."""
    query = select(pages.c.made_at).where(pages.c.by == by).order_by(pages.c.made_at.desc()).offset(number - 1).limit(1)
    return (await transaction.connection.execute(query)).scalar_one_or_none()


async def waiting(transaction: Transaction, now: datetime, limit: int = 50) -> tuple[Page, ...]:
    """Return pages for which something is due, the oldest first, as they stand: whoever acts on them claims them."""
    return await _pages(transaction, _due(now, limit))


async def claim_due(
    transaction: Transaction, now: datetime, limit: int = 50, *, only: str | None = None
) -> tuple[Page, ...]:
    """
    Return pages for which something is due, the oldest first; each stays the caller's until the transaction ends.

    Of an unanswered page it is its next step, of an acknowledged one the question whether somebody is still on it.
    *only* claims no other page than this one.
    """
    query = _due(now, limit) if only is None else _due(now, limit).where(pages.c.id == only)
    return await _pages(transaction, query.with_for_update(skip_locked=True))


def _due(now: datetime, limit: int) -> Select[Any]:
    return (
        select(pages)
        .where(pages.c.state != PageState.RESOLVED, pages.c.due_at <= now)
        .order_by(pages.c.due_at)
        .limit(limit)
    )


async def next_due(transaction: Transaction) -> datetime | None:
    """Return when something is due for any page."""
    due = select(func.min(pages.c.due_at)).where(pages.c.state != PageState.RESOLVED)
    return (await transaction.connection.execute(due)).scalar_one()  # type: ignore[no-any-return]


async def undelivered(transaction: Transaction, before: datetime | None, limit: int = 200) -> tuple[Page, ...]:
    """
    Return unanswered pages with a message that Slack refused, or has not taken though it was told *before* then.

    None for *before*: those of refused messages alone. They are given as they stand, those due first first.
    """
    late = told.c.failed != "" if before is None else or_(told.c.failed != "", told.c.at <= before)
    missing = (
        select(told.c.page_id)
        .where(told.c.page_id == pages.c.id, told.c.route == "", told.c.delivered_at.is_(None), late)
        .exists()
    )
    return await _pages(transaction, _unanswered().where(missing).order_by(pages.c.due_at).limit(limit))


async def claim_unanswered(transaction: Transaction, page_id: str) -> Page | None:
    """Return the page, which stays the caller's until the transaction ends; None where it is answered or another's."""
    query = _unanswered().where(pages.c.id == page_id).with_for_update(skip_locked=True)
    found = await _pages(transaction, query)
    return found[0] if found else None


def _unanswered() -> Select[Any]:
    # When the next step is due is set of every open page, and indexed.
    return select(pages).where(pages.c.state == PageState.TRIGGERED, pages.c.due_at.is_not(None))


async def advance(transaction: Transaction, page: Page, log: Sequence[Told], position: int, due_at: datetime) -> bool:
    """Write down who was told, and what comes next; False where the page moved on meanwhile."""
    changed = await transaction.connection.execute(
        update(pages)
        .where(pages.c.id == page.id, pages.c.state == PageState.TRIGGERED, pages.c.position == page.position)
        .values(position=position, due_at=due_at)
    )
    if changed.rowcount != 1:
        return False
    await add_told(transaction, page, log)
    return True


async def add_told(transaction: Transaction, page: Page, log: Sequence[Told]) -> None:
    """Add entries to the log of *page*, which the caller has claimed."""
    rows = [asdict(one) | {"page_id": page.id, "number": len(page.told) + n} for n, one in enumerate(log)]
    if rows:
        await transaction.connection.execute(insert(told), rows)


async def lock(transaction: Transaction, page_id: str) -> None:
    """Have nobody else change the page until the transaction ends."""
    query = select(pages.c.id).where(pages.c.id == page_id).with_for_update(key_share=True)
    await transaction.connection.execute(query)


async def lock_told(transaction: Transaction, page_id: str, number: int) -> None:
    """Have nobody else change entry *number* of the page's log until the transaction ends."""
    one = (told.c.page_id == page_id, told.c.number == number)
    await transaction.connection.execute(select(told.c.number).where(*one).with_for_update(key_share=True))


async def delivered(
    transaction: Transaction, page_id: str, number: int, now: datetime, *, channel: str = "", ts: str = ""
) -> None:
    """Write down that entry *number* of a page's log was delivered, and where it stands; only the first time counts."""
    await transaction.connection.execute(
        update(told)
        .where(told.c.page_id == page_id, told.c.number == number, told.c.delivered_at.is_(None))
        .values(delivered_at=now, channel=channel, ts=ts, failed="")
    )


async def failed(transaction: Transaction, page_id: str, number: int, why: str) -> None:
    """Write down why entry *number* of a page's log was not delivered; what was delivered before stays delivered."""
    await transaction.connection.execute(
        update(told)
        .where(told.c.page_id == page_id, told.c.number == number, told.c.delivered_at.is_(None))
        .values(failed=why)
    )


async def seen(transaction: Transaction, page_id: str, person: str, now: datetime, *, channel: str, ts: str) -> None:
    """Write down that *person* did something with a page in Slack, by the message at *ts* in *channel* if known."""
    # It says nothing of a mail to the same person: whether that was ever opened nobody knows.
    theirs = or_(told.c.target == person, and_(told.c.channel == channel, told.c.ts == ts, told.c.ts != ""))
    await transaction.connection.execute(
        update(told)
        .where(told.c.page_id == page_id, told.c.route == "", told.c.seen_at.is_(None), theirs)
        .values(seen_at=now)
    )


async def note(transaction: Transaction, page: Page, *sentences: str, instead: str = "") -> None:
    """Add to the notes of *page*, which the caller has claimed, in place of those that begin with *instead*."""
    notes = (*(one for one in page.notes if not instead or not one.startswith(instead)), *sentences)
    await transaction.connection.execute(update(pages).where(pages.c.id == page.id).values(notes=notes))


async def hurry(transaction: Transaction, page_id: str, now: datetime) -> None:
    """Have the next step of an unanswered page go out now, where it was due later."""
    await transaction.connection.execute(
        update(pages)
        .where(pages.c.id == page_id, pages.c.state == PageState.TRIGGERED, pages.c.due_at > now)
        .values(due_at=now)
    )


async def acknowledge(
    transaction: Transaction, page_id: str, person: str, now: datetime, *, stale_at: datetime | None = None
) -> bool:
    """Answer a page; True for exactly one person. At *stale_at* they are asked whether they are still on it."""
    values = {"state": PageState.ACKNOWLEDGED, "acknowledged_by": person, "acknowledged_at": now, "due_at": stale_at}
    return await _answer(transaction, page_id, (PageState.TRIGGERED,), values | {"reminded_at": None})


async def remind(transaction: Transaction, page: Page, now: datetime, due_at: datetime) -> None:
    """Write down that whoever acknowledged *page* was asked whether they are still on it; it waits until *due_at*."""
    await transaction.connection.execute(
        update(pages).where(pages.c.id == page.id).values(reminded_at=now, due_at=due_at)
    )


async def renew(transaction: Transaction, page_id: str, person: str, stale_at: datetime) -> bool:
    """Keep a page with *person*, who acknowledged it; False where it is not theirs any more."""
    changed = await transaction.connection.execute(
        update(pages)
        .where(pages.c.id == page_id, pages.c.state == PageState.ACKNOWLEDGED, pages.c.acknowledged_by == person)
        .values(reminded_at=None, due_at=stale_at)
    )
    return changed.rowcount == 1


async def reopen(transaction: Transaction, page: Page, position: int, now: datetime) -> None:
    """Open *page*, which the caller has claimed, again: its step at *position* is due now."""
    await transaction.connection.execute(
        update(pages)
        .where(pages.c.id == page.id, pages.c.state == PageState.ACKNOWLEDGED)
        .values(
            state=PageState.TRIGGERED,
            position=position,
            due_at=now,
            acknowledged_by=None,
            acknowledged_at=None,
            reminded_at=None,
            reopened=pages.c.reopened + 1,
        )
    )


async def resolve(transaction: Transaction, page_id: str, person: str, now: datetime) -> bool:
    """End a page; True for exactly one person."""
    values = {"state": PageState.RESOLVED, "resolved_by": person, "resolved_at": now, "due_at": None}
    return await _answer(transaction, page_id, (PageState.TRIGGERED, PageState.ACKNOWLEDGED), values)


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
    for entry in (await transaction.connection.execute(log_query)).mappings():
        one = Told(**{field.name: entry[field.name] for field in fields(Told)})
        logs[entry["page_id"]] = (*logs.get(entry["page_id"], ()), one)
    return tuple(Page(**row, told=logs.get(row["id"], ())) for row in rows)
