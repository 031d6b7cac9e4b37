"""What came in: kept under its sender's own id before it is acknowledged, worked off afterwards, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import Taken, Transaction, add_once
from storage.model import Incoming
from storage.tables import inbox


async def keep(transaction: Transaction, incoming_id: str, kind: str, body: dict[str, Any], now: datetime) -> bool:
    """Keep what came in; False where the same id came before, and nothing is to be done."""
    row = {"id": incoming_id, "kind": kind, "body": body, "received_at": now, "attempts": 0}
    try:
        await add_once(transaction, inbox, row)
    except Taken:
        return False
    return True


async def started(transaction: Transaction, incoming_id: str) -> int:
    """Count one more attempt to work off a row, and return how many there were."""
    await transaction.connection.execute(
        update(inbox).where(inbox.c.id == incoming_id).values(attempts=inbox.c.attempts + 1)
    )
    counted = await transaction.connection.execute(select(inbox.c.attempts).where(inbox.c.id == incoming_id))
    return int(counted.scalar_one())


async def done(transaction: Transaction, incoming_id: str, now: datetime) -> None:
    """Mark a row as worked off."""
    await transaction.connection.execute(update(inbox).where(inbox.c.id == incoming_id).values(done_at=now))


async def undone(transaction: Transaction, before: datetime) -> tuple[Incoming, ...]:
    """Return what came in until *before* and was not worked off, oldest first: what a restart continues with."""
    query = (
        select(inbox)
        .where(inbox.c.done_at.is_(None), inbox.c.received_at <= before)
        .order_by(inbox.c.received_at, inbox.c.id)
    )
    rows = await transaction.connection.execute(query)
    return tuple(Incoming(**row) for row in rows.mappings())
