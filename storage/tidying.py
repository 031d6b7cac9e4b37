"""
What the registry no longer needs, removed a little at a time, so that nobody waits for it.

Each function looks at one part of a table in the caller's transaction, and returns where the next part begins; None
after the last. The audit log is never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, tuple_

from storage.database import Transaction
from storage.model import Acceptance, PageState
from storage.tables import (
    apps,
    check_requests,
    findings,
    inbox,
    messages,
    outbox,
    owners,
    pages,
    private_requests,
    probe_requests,
    regressions,
    reports,
    results,
    told,
    watches,
)

PART = 200  # rows; a writer waits for no more than these
KEPT_REPORTS = 10  # of each app, however old they are


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one part of a table: how many rows were *removed*, and *after* which one the next part begins."""

    removed: int
    after: Any = None


async def open_causes(transaction: Transaction) -> frozenset[str]:
    """Return the ids of everything that is not over: a message whose key names one of them may still be edited."""
    queries = (
        select(pages.c.id).where(pages.c.state != PageState.RESOLVED),
        select(apps.c.report_id).where(apps.c.report_id.is_not(None)),
        select(check_requests.c.id).where(check_requests.c.done_at.is_(None)),
        select(regressions.c.id).where(regressions.c.closed_at.is_(None)),
        select(private_requests.c.id).where(private_requests.c.answered_at.is_(None)),
        select(probe_requests.c.id).where(probe_requests.c.answered_at.is_(None)),
        select(owners.c.app_id).where(owners.c.acceptance == Acceptance.ASKED),
        select(watches.c.app_id).where(watches.c.trouble != ""),
    )
    return frozenset([one for query in queries for one in (await transaction.connection.execute(query)).scalars()])


def may_be_edited(key: str, causes: frozenset[str]) -> bool:
    """Whether the message *key* is an app's card, or of one of the open *causes*; a key names its cause by its id."""
    kind, *ids = key.split(":")
    return kind == "card" or not causes.isdisjoint(ids)


async def sent(transaction: Transaction, before: datetime, causes: frozenset[str], after: int = 0) -> Part:
    """Remove rows of the outbox that were sent or given up before *before*, but those of open *causes*."""
    over = or_(outbox.c.sent_at < before, and_(outbox.c.sent_at.is_(None), outbox.c.failed_at < before))
    query = select(outbox.c.id, outbox.c.key).where(over, outbox.c.id > after).order_by(outbox.c.id).limit(PART)
    rows = (await transaction.connection.execute(query)).all()
    gone = [row.id for row in rows if not may_be_edited(row.key, causes)]
    await _remove(transaction, outbox, outbox.c.id, gone)
    return Part(len(gone), rows[-1].id if len(rows) == PART else None)


async def standing(
    transaction: Transaction, before: datetime, causes: frozenset[str], after: tuple[str, str] = ("", "")
) -> Part:
    """Forget where messages stand that were sent before *before*, but those of open *causes*."""
    name = tuple_(messages.c.key, messages.c.place)
    query = (
        select(messages.c.key, messages.c.place)
        .where(messages.c.sent_at < before, name > after)
        .order_by(messages.c.key, messages.c.place)
        .limit(PART)
    )
    rows = (await transaction.connection.execute(query)).all()
    gone = [(row.key, row.place) for row in rows if not may_be_edited(row.key, causes)]
    if gone:
        await transaction.connection.execute(delete(messages).where(name.in_(gone)))
    return Part(len(gone), tuple(rows[-1]) if len(rows) == PART else None)


async def worked_off(transaction: Transaction, before: datetime) -> Part:
    """Remove rows of the inbox that were worked off before *before*."""
    return await _part(transaction, inbox, inbox.c.done_at < before)


async def checked(transaction: Transaction, before: datetime) -> Part:
    """Remove requests for checks that were done before *before*."""
    return await _part(transaction, check_requests, check_requests.c.done_at < before)


async def closed(transaction: Transaction, before: datetime) -> Part:
    """Remove regressions that were closed before *before*."""
    return await _part(transaction, regressions, regressions.c.closed_at < before)


async def old_reports(transaction: Transaction, before: datetime) -> Part:
    """Remove reports of before *before* with all they hold, but the last ten of each app."""
    place = func.row_number().over(partition_by=reports.c.app_id, order_by=reports.c.checked_at.desc())
    ranked = select(reports.c.id, reports.c.app_id, reports.c.checked_at, place.label("place")).subquery()
    shown = select(apps.c.report_id).where(apps.c.report_id.is_not(None))
    query = (
        select(ranked.c.id)
        .where(ranked.c.checked_at < before, or_(ranked.c.app_id.is_(None), ranked.c.place > KEPT_REPORTS))
        .where(ranked.c.id.not_in(shown))
        .limit(PART // 10)  # each has many results and findings
    )
    gone = (await transaction.connection.execute(query)).scalars().all()
    for table in (findings, results):
        await _remove(transaction, table, table.c.report_id, gone)
    await _remove(transaction, reports, reports.c.id, gone)
    return Part(len(gone), gone or None)


async def resolved(transaction: Transaction, before: datetime) -> Part:
    """Remove pages that were resolved before *before*, with their logs."""
    query = select(pages.c.id).where(pages.c.state == PageState.RESOLVED, pages.c.resolved_at < before).limit(PART)
    gone = (await transaction.connection.execute(query)).scalars().all()
    await _remove(transaction, told, told.c.page_id, gone)
    await _remove(transaction, pages, pages.c.id, gone)
    return Part(len(gone), gone or None)


async def _part(transaction: Transaction, table: Table, over: ColumnElement[bool]) -> Part:
    gone = (await transaction.connection.execute(select(table.c.id).where(over).limit(PART))).scalars().all()
    await _remove(transaction, table, table.c.id, gone)
    return Part(len(gone), gone or None)


async def _remove(transaction: Transaction, table: Table, column: Any, values: Sequence[Any]) -> None:
    if values:
        await transaction.connection.execute(delete(table).where(column.in_(values)))
