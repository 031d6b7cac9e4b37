"""Two transactions that meet on PostgreSQL: the second comes while the first is between its two halves."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from storage.database import Database, Transaction

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def meet(
    database: Database,
    first: Callable[[Transaction], Awaitable[object]],
    then: Callable[[Transaction], Awaitable[object]],
    other: Callable[[], Awaitable[object]],
) -> None:
    """
    Do *first* and *then* in one transaction, and *other* between them: to its end, or until it waits for the first one.

    Raises Clashed where both wait for each other.
    """
    async with asyncio.TaskGroup() as tasks, database.write() as transaction:
        await first(transaction)
        task = tasks.create_task(_of(other))
        while not task.done() and not await _somebody_waits(database):  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)
        await then(transaction)


async def _of(other: Callable[[], Awaitable[object]]) -> None:
    await other()


async def _somebody_waits(database: Database) -> bool:
    async with database.read() as transaction:
        return int((await transaction.connection.execute(_WAITING)).scalar_one()) > 0
