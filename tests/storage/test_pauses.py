"""Slack's pauses: kept by many at once, as they are said to many messages at once."""

import asyncio
from datetime import timedelta

from storage import pauses
from storage.database import Database
from tests.storage.sample import NOW

_LENGTH = timedelta(seconds=30)


async def test_a_pause_may_be_kept_by_many_at_once(database: Database) -> None:
    """None fails, neither where there is no row yet nor where there is one, in whatever order they name the places."""

    async def keep(number: int) -> None:
        async with database.write() as transaction:
            places = ("chat.update", f"C{number % 3}")
            await pauses.keep(transaction, places[:: 1 if number % 2 else -1], NOW, _LENGTH)

    for _ in range(2):
        await asyncio.gather(*map(keep, range(10)))
    async with database.read() as transaction:
        left = await pauses.left(transaction, NOW)
    assert left == dict.fromkeys(("chat.update", "C0", "C1", "C2"), 30.0)


async def test_a_pause_that_is_over_is_dropped(database: Database) -> None:
    """With the next one that is kept; the last word of one place holds."""
    async with database.write() as transaction:
        await pauses.keep(transaction, ("C1", "C2"), NOW, _LENGTH)
        await pauses.keep(transaction, ("C2",), NOW + _LENGTH, 2 * _LENGTH)
        left = await pauses.left(transaction, NOW - timedelta(days=1))
    assert left == {"C2": 60.0}
