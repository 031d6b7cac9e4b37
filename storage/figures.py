"""How much waits, and how long already: what a scrape of the metrics asks the registry, in a few indexed reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, select

from storage.check_line import free
from storage.database import Transaction
from storage.model import PageState
from storage.tables import check_requests, inbox, outbox, pages
from storage.tables.talk import WAITS


@dataclass(frozen=True, slots=True)
class Figures:
    """
    What waits now.

    The *oldest* are seconds since the row that waits longest was received or became due; 0 where nothing is due.
    *pages_open* counts by state those that are not resolved.
    """

    inbox_waiting: int
    inbox_oldest_s: float
    outbox_waiting: int
    outbox_urgent_waiting: int
    outbox_oldest_due_s: float
    pages_open: dict[PageState, int]
    page_oldest_due_s: float
    checks_waiting: int
    checks_running: int


async def figures(transaction: Transaction, now: datetime) -> Figures:
    """Return what waits at *now*."""
    connection = transaction.connection
    came = (await connection.execute(select(func.count(), func.min(inbox.c.received_at)).where(_left(inbox)))).one()
    grouped = select(outbox.c.urgent, func.count(), func.min(outbox.c.due_at)).where(WAITS).group_by(outbox.c.urgent)
    said = {bool(row[0]): (row[1], row[2]) for row in await connection.execute(grouped)}
    open_pages = select(pages.c.state, func.count()).where(pages.c.state != PageState.RESOLVED).group_by(pages.c.state)
    states = {row[0]: row[1] for row in await connection.execute(open_pages)}
    due = select(func.min(pages.c.due_at)).where(pages.c.state == PageState.TRIGGERED)
    page_due = (await connection.execute(due)).scalar_one()
    checks = select(func.count()).select_from(check_requests).where(_left(check_requests))
    return Figures(
        inbox_waiting=came[0],
        inbox_oldest_s=_since(came[1], now),
        outbox_waiting=said.get(False, (0,))[0],
        outbox_urgent_waiting=said.get(True, (0,))[0],
        outbox_oldest_due_s=max((_since(one[1], now) for one in said.values()), default=0.0),
        pages_open={state: states.get(state, 0) for state in PageState if state is not PageState.RESOLVED},
        page_oldest_due_s=_since(page_due, now),
        checks_waiting=(await connection.execute(checks.where(free(now)))).scalar_one(),
        checks_running=(await connection.execute(checks.where(~free(now)))).scalar_one(),
    )


def _left(table: Table) -> ColumnElement[bool]:
    """Whether a row of *table* is not done yet."""
    return table.c.done_at.is_(None)


def _since(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
