"""Marks: kept, changed and dropped, and of two who set one first exactly one does."""

import asyncio

from storage import marks
from storage.database import Database


async def test_a_mark_is_kept(database: Database) -> None:
    """A mark is nothing at first, then what it was set to last, and nothing again."""
    async with database.write() as transaction:
        assert await marks.get(transaction, "m") is None
        await marks.put(transaction, "m", "1")
        await marks.put(transaction, "m", "2")
    async with database.read() as transaction:
        assert await marks.get(transaction, "m") == "2"
    async with database.write() as transaction:
        assert await marks.get(transaction, "m", lock=True) == "2"
        await marks.drop(transaction, "m")
        assert await marks.get(transaction, "m") is None


async def test_of_several_who_set_it_first_one_does(database: Database) -> None:
    """The others learn that they did not, and their transactions go on."""

    async def first(value: str) -> bool:
        async with database.write() as transaction:
            is_first = await marks.put_first(transaction, "m", value)
            await marks.put(transaction, f"by {value}", "here")
            return is_first

    assert sorted(await asyncio.gather(*map(first, "abcd"))) == [False, False, False, True]
    async with database.read() as transaction:
        assert [await marks.get(transaction, f"by {value}") for value in "abcd"] == ["here"] * 4


async def test_a_mark_may_be_set_by_many_at_once(database: Database) -> None:
    """None fails, though there was none before."""

    async def put(value: str) -> None:
        async with database.write() as transaction:
            await marks.put(transaction, "m", value)

    await asyncio.gather(*map(put, "abcd"))
    async with database.read() as transaction:
        assert await marks.get(transaction, "m") in set("abcd")
