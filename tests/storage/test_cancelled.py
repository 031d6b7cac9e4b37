"""A write that is cancelled, once or twice and wherever it is, leaves neither a half nor a task behind."""

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from storage import apps, sqlite
from storage.database import Database, Unavailable
from storage.migrate import migrate
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


@pytest_asyncio.fixture
async def file_database(tmp_path: Path) -> AsyncIterator[Database]:
    """Give an open registry in a file."""
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    await migrate(opened)
    yield opened
    await opened.close()


async def test_who_is_cancelled_while_another_process_holds_the_file_ends_soon(file_database: Database) -> None:
    """A stop waits no longer for SQLite than systemd waits for the stop, and the next write works."""

    async def register() -> None:
        async with file_database.write() as transaction:
            await apps.add(transaction, an_app())

    with closing(sqlite3.connect(file_database.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for times in (1, 2):
            task = asyncio.create_task(register())
            await asyncio.sleep(0.1)  # so that it waits for the file
            for _ in range(times):
                task.cancel()
                await asyncio.sleep(0)
            async with asyncio.timeout(10):
                await asyncio.wait({task})
            assert task.cancelled()
        other.execute("ROLLBACK")
    await register()


async def test_a_file_that_is_never_let_go_is_unavailable(
    file_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write waits through many short waits, and not for ever."""
    monkeypatch.setattr(sqlite, "_WAIT_S", 0.0)
    with closing(sqlite3.connect(file_database.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            async with asyncio.timeout(10), file_database.write():
                pass
