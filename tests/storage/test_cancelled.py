"""A write that is cancelled, once or twice and wherever it is, leaves neither a half nor a task behind."""

import asyncio
import itertools

from storage import apps
from storage.database import Database
from tests.storage.sample import an_app


async def test_writers_that_are_cancelled_leave_nothing_behind(database: Database) -> None:
    """Cut off anywhere, a write is whole or not there, and the next one works."""

    async def register(number: int) -> None:
        async with database.write() as transaction:
            await apps.add(transaction, an_app(f"a-{number}"))
            await asyncio.sleep(0)
            await apps.add(transaction, an_app(f"b-{number}"))

    for number in range(60):
        task = asyncio.create_task(register(number))
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await register(99)
    async with database.read() as transaction:
        names = await apps.names(transaction)
    assert "b-99" in names
    assert {name[2:] for name in names if name[0] == "a"} == {name[2:] for name in names if name[0] == "b"}


async def test_who_is_cancelled_twice_leaves_no_task(database: Database) -> None:
    """Nothing of the library's is still at work that the end of the loop would destroy, wherever it is cut off."""

    async def register() -> None:
        async with database.write() as transaction:
            await apps.add(transaction, an_app())
            raise RuntimeError

    for turns, more in itertools.product(range(0, 40, 2), range(5)):
        task = asyncio.create_task(register())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        for _ in range(more):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*left, return_exceptions=True), 20)
    async with database.read() as transaction:
        assert await apps.names(transaction) == ()
