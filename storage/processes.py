"""
The processes that run on this registry: each gives signs of life, and says when it ends.

Times are the database's own on PostgreSQL, where machines' clocks may differ. Whether a process lives is seen by
whether its count of beats still rises (bot/reaper.py), which no jump of any clock can feign.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from storage.database import Transaction
from storage.model import Process
from storage.tables import processes


async def start(transaction: Transaction, process: Process) -> None:
    """Note that a process has started."""
    await transaction.connection.execute(insert(processes).values(asdict(process)))


async def beat(transaction: Transaction, process_id: str, now: datetime) -> bool:
    """Give a sign of life; one taken for dead meanwhile is alive again. False where its row was removed."""
    changed = await transaction.connection.execute(
        update(processes)
        .where(processes.c.id == process_id)
        .values(seen_at=its_now(transaction, now), beats=processes.c.beats + 1, stopped_at=None)
    )
    return changed.rowcount == 1


async def stop(transaction: Transaction, process_id: str, now: datetime) -> None:
    """Note that a process has ended, or is taken for dead."""
    await transaction.connection.execute(
        update(processes).where(processes.c.id == process_id).values(stopped_at=its_now(transaction, now))
    )


async def stop_all(transaction: Transaction, now: datetime) -> None:
    """Note that every process has ended: at the start of the only one there can be."""
    await transaction.connection.execute(
        update(processes).where(processes.c.stopped_at.is_(None)).values(stopped_at=its_now(transaction, now))
    )


async def running(transaction: Transaction) -> tuple[Process, ...]:
    """Return the processes that have not ended as far as anybody knows, oldest first."""
    rows = await transaction.connection.execute(
        select(processes).where(processes.c.stopped_at.is_(None)).order_by(processes.c.started_at)
    )
    return tuple(Process(**row) for row in rows.mappings())


async def forget(transaction: Transaction, before: datetime) -> None:
    """Remove processes that ended before *before*."""
    await transaction.connection.execute(delete(processes).where(processes.c.stopped_at < before))


def its_now(transaction: Transaction, now: datetime) -> Any:
    """Return the time to write: the database server's own, or *now* where the database is a file of this machine."""
    return func.now() if transaction.connection.dialect.name == "postgresql" else now
