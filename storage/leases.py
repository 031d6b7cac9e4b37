"""What only one process may hold, such as being the one that speaks: taken, extended and given up in one statement."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from storage.database import Taken, Transaction, add_once
from storage.model import Lease
from storage.tables import leases

#: For how long a lease is held, by the monotonic clocks of those who hold and want it; extended every third of that.
LENGTH = timedelta(seconds=6)


async def get(transaction: Transaction, name: str) -> Lease | None:
    """Return the lease as it stands; None where nobody ever took it."""
    found = await transaction.connection.execute(select(leases).where(leases.c.name == name))
    row = found.mappings().one_or_none()
    return None if row is None else Lease(**row)


async def take(transaction: Transaction, name: str, holder: str, seen: Lease | None) -> int | None:
    """
    Take the lease that stands as it was *seen*, and return the new fence; None where it changed since.

    The caller has to know that whoever holds it in *seen* is dead, or nobody.
    """
    if seen is None:
        try:
            await add_once(transaction, leases, {"name": name, "holder": holder, "fence": 1, "beats": 0})
        except Taken:
            return None
        return 1
    changed = await transaction.connection.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.fence == seen.fence, leases.c.beats == seen.beats)
        .values(holder=holder, fence=leases.c.fence + 1, beats=0)
    )
    return seen.fence + 1 if changed.rowcount == 1 else None


async def extend(transaction: Transaction, name: str, fence: int) -> bool:
    """Hold on to the lease that was taken with *fence*; False where somebody else has taken it."""
    changed = await transaction.connection.execute(
        update(leases).where(leases.c.name == name, leases.c.fence == fence).values(beats=leases.c.beats + 1)
    )
    return changed.rowcount == 1


async def give_up(transaction: Transaction, name: str, fence: int) -> None:
    """Let others have the lease that was taken with *fence*."""
    await transaction.connection.execute(
        update(leases).where(leases.c.name == name, leases.c.fence == fence).values(holder=None)
    )


async def let_go(transaction: Transaction) -> None:
    """Let others have every lease: at the start of the only process there can be, whoever held one is dead."""
    await transaction.connection.execute(update(leases).values(holder=None))
