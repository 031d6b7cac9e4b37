"""What waits in a registry, which no part of the bot asks for: all that came in, and all that is to be said."""

from sqlalchemy import func, select

from storage.database import Transaction
from storage.model import Incoming
from storage.tables import inbox, outbox
from storage.tables.talk import WAITS


async def undone(transaction: Transaction) -> tuple[Incoming, ...]:
    """Return what came in and is not worked off, oldest first."""
    query = select(inbox).where(inbox.c.done_at.is_(None)).order_by(inbox.c.received_at, inbox.c.id)
    rows = await transaction.connection.execute(query)
    return tuple(Incoming(**row) for row in rows.mappings())


async def unsent(transaction: Transaction) -> int:
    """Return how many rows of the outbox are neither sent nor given up."""
    counted = await transaction.connection.execute(select(func.count()).select_from(outbox).where(WAITS))
    return int(counted.scalar_one())
