"""What came in is kept once and worked off once."""

import asyncio
from datetime import timedelta

from storage import inbox
from storage.database import Database
from tests.storage.sample import NOW


async def keep(database: Database, incoming_id: str) -> bool:
    """Keep one."""
    async with database.write() as transaction:
        return await inbox.keep(transaction, incoming_id, "command", {"text": "x"}, NOW)


async def test_the_same_delivery_fifty_times_at_once_is_kept_once(database: Database) -> None:
    """Exactly one of the deliveries is told that it is the first."""
    first = await asyncio.gather(*(keep(database, "Ev1") for _ in range(50)))
    assert first.count(True) == 1


async def test_a_restart_finds_what_was_not_worked_off(database: Database) -> None:
    """What is done is not done again; what was begun is counted."""
    await keep(database, "Ev1")
    await keep(database, "Ev2")
    async with database.write() as transaction:
        assert await inbox.started(transaction, "Ev1") == 1
        await inbox.done(transaction, "Ev1", NOW)
        assert await inbox.started(transaction, "Ev2") == 1
    async with database.write() as transaction:
        (left,) = await inbox.undone(transaction, NOW)
        assert await inbox.undone(transaction, NOW - timedelta(seconds=1)) == ()
    assert (left.id, left.body, left.attempts) == ("Ev2", {"text": "x"}, 1)
