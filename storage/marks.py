"""Marks: how far orders of the clock have come, and what of this installation is known once and for all."""

from __future__ import annotations

from sqlalchemy import delete, select

from storage.database import Taken, Transaction, add_once, insert_or_update
from storage.tables import marks


async def get(transaction: Transaction, name: str, *, lock: bool = False) -> str | None:
    """Return the mark *name*, or None before the first; with *lock* nobody else changes it in the meantime."""
    query = select(marks.c.value).where(marks.c.name == name)
    query = query.with_for_update() if lock else query
    return (await transaction.connection.execute(query)).scalar_one_or_none()


async def put(transaction: Transaction, name: str, value: str) -> None:
    """Set the mark *name*."""
    await insert_or_update(transaction, marks, [{"name": name, "value": value}])


async def put_first(transaction: Transaction, name: str, value: str) -> bool:
    """Set the mark *name* where there is none; False where somebody else has set it."""
    try:
        await add_once(transaction, marks, {"name": name, "value": value})
    except Taken:
        return False
    return True


async def drop(transaction: Transaction, name: str) -> None:
    """Have no mark *name*."""
    await transaction.connection.execute(delete(marks).where(marks.c.name == name))
