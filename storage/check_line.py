"""
The line of checks that wait: who is next in it, and where somebody stands.

People come before the clock. Between people it goes round: next is whoever has the fewest checks under way, then
whoever was served longest ago, then who asked first. An app has one check at a time (commands/start_check.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, func, or_, select, update

from storage.database import Transaction
from storage.model import CheckRequest
from storage.tables import check_requests, processes

_FAR = timedelta(hours=4)  # more than clocks jump by
_RECENT = 20  # checks, of which the usual length is taken


@dataclass(frozen=True, slots=True)
class Place:
    """Where a check stands: *ahead* of it wait so many, so many run, and one takes *usual* (None where none did)."""

    ahead: int
    running: int
    usual: timedelta | None


def free(now: datetime, table: FromClause = check_requests) -> ColumnElement[bool]:
    """
    Whether a check waits: it is not done, and nobody holds it who lives.

    Who lives is seen without any clock (storage/processes.py), for those of machines differ and jump. Time decides only
    where the holder is not known, and, after very long, where it lives and yet makes nothing.
    """
    holder = select(processes.c.id).where(processes.c.id == table.c.held_by)
    stopped, lives = holder.where(processes.c.stopped_at.is_not(None)), holder.where(processes.c.stopped_at.is_(None))
    until = table.c.held_until
    is_over = or_(until.is_(None), stopped.exists(), and_(until <= now, ~lives.exists()), until <= now - _FAR)
    return and_(table.c.done_at.is_(None), is_over)


async def claim_next(
    transaction: Transaction, holder: str, now: datetime, until: datetime, *, at: Collection[str] | None = None
) -> CheckRequest | None:
    """
    Hold the check that is next until *until* for the process *holder*, and count the attempt; None: none waits.

    *at* are all that the process is at, where the caller knows: whatever else it holds waits again. Such a caller must
    not claim while another claim of the same process is under way.
    """
    if at is not None:
        await _leave_all_but(transaction, holder, at)
    line = _line(now)
    found = await transaction.connection.execute(
        select(check_requests.c.id)
        .join(line, line.c.id == check_requests.c.id)
        .where(free(now))
        .order_by(*_order(line))
        .limit(1)
        .with_for_update(of=check_requests, skip_locked=True)
    )
    request_id = found.scalar_one_or_none()
    if request_id is None:
        return None
    taken = await transaction.connection.execute(
        update(check_requests)
        .where(check_requests.c.id == request_id)
        .values(held_until=until, held_by=holder, begun_at=now, attempts=check_requests.c.attempts + 1)
        .returning(check_requests)
    )
    return CheckRequest(**taken.mappings().one())


async def _leave_all_but(transaction: Transaction, holder: str, at: Collection[str]) -> None:
    """Have what *holder* holds wait again but for *at*: the answer to a commit was lost, and it is at nothing of it."""
    await transaction.connection.execute(
        update(check_requests)
        .where(
            check_requests.c.done_at.is_(None), check_requests.c.held_by == holder, check_requests.c.id.not_in(list(at))
        )
        .values(held_until=None, held_by=None)
    )


async def waiting(transaction: Transaction, now: datetime, person: str | None = None, *, clock: bool = False) -> int:
    """Count the checks that wait: those *person* asked for, or those anybody did; with *clock*, those nobody did."""
    asked_by = check_requests.c.asked_by
    whose = asked_by.is_(None) if clock else asked_by.is_not(None) if person is None else asked_by == person
    found = await transaction.connection.execute(
        select(func.count()).select_from(check_requests).where(free(now), whose)
    )
    return int(found.scalar_one())


async def place_of(transaction: Transaction, request_id: str, now: datetime) -> Place | None:
    """Return where a check stands in the line; None where it does not wait."""
    line = _line(now)
    ids = (await transaction.connection.execute(select(line.c.id).order_by(*_order(line)))).scalars().all()
    if request_id not in ids:
        return None
    running = await transaction.connection.execute(
        select(func.count()).select_from(check_requests).where(check_requests.c.done_at.is_(None), ~free(now))
    )
    recent = await transaction.connection.execute(
        select(check_requests.c.begun_at, check_requests.c.done_at)
        .where(check_requests.c.done_at.is_not(None), check_requests.c.begun_at.is_not(None))
        .order_by(check_requests.c.done_at.desc())
        .limit(_RECENT)
    )
    lengths = sorted(row.done_at - row.begun_at for row in recent)
    usual = lengths[len(lengths) // 2] if lengths else None
    return Place(ids.index(request_id), int(running.scalar_one()), usual)


def _line(now: datetime) -> Subquery:
    """Every check that waits, with what decides its turn."""
    people = (
        select(check_requests.c.asked_by)
        .where(free(now), check_requests.c.asked_by.is_not(None))
        .distinct()
        .subquery("people")
    )
    made, running = check_requests.alias("made"), check_requests.alias("running")
    under_way = (
        select(func.count())
        .where(running.c.done_at.is_(None), ~free(now, running), running.c.asked_by == people.c.asked_by)
        .scalar_subquery()
    )
    served = select(func.max(made.c.begun_at)).where(made.c.asked_by == people.c.asked_by).scalar_subquery()
    share = select(people.c.asked_by, under_way.label("under_way"), served.label("served")).subquery("share")
    nth = func.row_number().over(
        partition_by=check_requests.c.asked_by, order_by=(check_requests.c.asked_at, check_requests.c.id)
    )
    return (
        select(
            check_requests.c.id,
            check_requests.c.asked_at,
            check_requests.c.asked_by.is_(None).label("is_clock"),
            (nth + func.coalesce(share.c.under_way, 0)).label("turn"),
            share.c.served,
        )
        .outerjoin(share, share.c.asked_by == check_requests.c.asked_by)
        .where(free(now))
        .subquery("line")
    )


def _order(line: Subquery) -> Sequence[ColumnElement[Any]]:
    return (line.c.is_clock, line.c.turn, line.c.served.asc().nulls_first(), line.c.asked_at, line.c.id)
