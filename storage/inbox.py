"""
What came in: kept under its sender's own id before it is acknowledged, worked off afterwards, once.

A row is held by the process that took it in. Where that process has ended, or was found dead, any other takes it over;
no clock has a say in it, since one that jumps would have work done twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, delete, false, or_, select, type_coerce, update

from storage import postgresql
from storage.database import Transaction, own_insert
from storage.model import Incoming
from storage.tables import inbox, processes, signed_requests

_SUSPECT = 3  # attempts


async def keep(
    transaction: Transaction, arrivals: Sequence[Incoming], digests: Mapping[str, str], now: datetime
) -> frozenset[str]:
    """
    Keep what came in and return the ids that are new; what came before under the same id is left as it is.

    *digests* are of the signed requests by which some of it came, by id. What a request brings that came before, to the
    very signature, is not kept again.
    """
    seen = [{"digest": one, "received_at": now} for one in sorted({*digests.values()})]
    added = own_insert(transaction, signed_requests).on_conflict_do_nothing().returning(signed_requests.c.digest)
    first = {*(await transaction.connection.execute(added, seen)).scalars()} if seen else set()
    rows = [
        {
            "id": one.id,
            "kind": one.kind,
            "body": one.body,
            "received_at": one.received_at,
            "attempts": one.attempts,
            "held_by": one.held_by,
            "done_at": one.done_at,
        }
        # In one order everywhere: two transactions that wait for each other's ids would never end.
        for one in sorted(arrivals, key=lambda one: one.id)
        if one.id not in digests or digests[one.id] in first
    ]
    added = own_insert(transaction, inbox).on_conflict_do_nothing().returning(inbox.c.id)
    return frozenset((await transaction.connection.execute(added, rows)).scalars()) if rows else frozenset()


async def wait_at_most(transaction: Transaction, seconds: float) -> None:
    """Have *transaction* raise Unavailable where another one keeps it waiting for longer than *seconds* at a time."""
    await postgresql.wait_at_most(transaction.connection, seconds)


async def forget_digests(transaction: Transaction, before: datetime) -> None:
    """Forget the signed requests of before *before*, which are refused for their age by then."""
    await transaction.connection.execute(delete(signed_requests).where(signed_requests.c.received_at < before))


async def take_over(
    transaction: Transaction,
    process_id: str,
    besides: Sequence[str],
    most: int,
    *,
    first: Collection[str] = (),
    most_others: int | None = None,
    suspects: bool = False,
) -> tuple[Incoming, ...]:
    """
    Hold up to *most* rows that nobody works off, oldest first, and count the attempt.

    Those whose order is one of *first* come before the others, of which there are *most_others* at most. *besides* are
    the ids that *process_id* is at already. *suspects* are rows that were being worked off by several processes as they
    ended, one of which may be the reason. Several callers get different rows.
    """
    which = inbox.c.attempts >= _SUSPECT if suspects else inbox.c.attempts < _SUSPECT
    text = type_coerce(inbox.c.body, Text)  # no text within a string of JSON has a quote that is not escaped
    is_first = or_(false(), *(text.contains(f'"order":"{one}"') for one in first))
    ids: list[str] = []
    for wanted, at_most in ((is_first, most), (~is_first, most if most_others is None else most_others)):
        limit = min(at_most, most - len(ids))
        free = (
            select(inbox.c.id)
            .where(_free(process_id), which, wanted, inbox.c.id.not_in(besides))
            .order_by(inbox.c.received_at, inbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids += (await transaction.connection.execute(free)).scalars() if limit > 0 else ()
    taken = (
        update(inbox)
        .where(inbox.c.id.in_(ids))
        .values(held_by=process_id, attempts=inbox.c.attempts + 1)
        .returning(*inbox.c)
    )
    rows = (await transaction.connection.execute(taken)).mappings() if ids else ()
    return tuple(sorted((Incoming(**row) for row in rows), key=lambda one: ids.index(one.id)))


async def any_left(transaction: Transaction, process_id: str, besides: Sequence[str]) -> bool:
    """Whether there is a row that `take_over` would give, suspect or not."""
    found = await transaction.connection.execute(
        select(inbox.c.id).where(_free(process_id), inbox.c.id.not_in(besides)).limit(1)
    )
    return found.first() is not None


async def is_held(transaction: Transaction, incoming_id: str, process_id: str) -> bool:
    """Whether *process_id* is still the one to work off a row."""
    found = await transaction.connection.execute(
        select(inbox.c.id).where(inbox.c.id == incoming_id, inbox.c.held_by == process_id, inbox.c.done_at.is_(None))
    )
    return found.first() is not None


async def done(transaction: Transaction, ids: Sequence[str], now: datetime) -> frozenset[str]:
    """Mark rows as worked off, and return those that another transaction holds: they are left and not waited for."""
    open_ones = select(inbox.c.id).where(inbox.c.id.in_(ids), inbox.c.done_at.is_(None))
    free = open_ones.with_for_update(skip_locked=True, key_share=True)
    marking = update(inbox).where(inbox.c.id.in_(free)).values(done_at=now).returning(inbox.c.id)
    marked = frozenset((await transaction.connection.execute(marking)).scalars())
    if marked.issuperset(ids):
        return frozenset()
    return frozenset((await transaction.connection.execute(open_ones)).scalars())


def _free(process_id: str) -> ColumnElement[bool]:
    """Whether nobody but *process_id* works the row off: its holder is unknown, has ended, or was found dead."""
    lives = select(processes.c.id).where(processes.c.id == inbox.c.held_by, processes.c.stopped_at.is_(None)).exists()
    return and_(inbox.c.done_at.is_(None), or_(inbox.c.held_by.is_(None), inbox.c.held_by == process_id, ~lives))
