"""A transaction that stands still, such as a stopped process's, keeps nobody waiting but who needs what it holds."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from bot.health import Health
from bot.intake import Intake, NotKept
from storage.database import Database
from storage.model import Incoming
from tests.left_over import undone
from tests.registries import PostgresRegistries
from tests.storage.sample import NOW
from tests.world import PushedClock


@pytest_asyncio.fixture
async def database(postgres_registries: PostgresRegistries, tmp_path: Path) -> AsyncIterator[Database]:
    """Give an open registry on PostgreSQL."""
    opened = await Database.open(postgres_registries.make(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def frozen(database: Database) -> Iterator[psycopg.Connection]:
    """Give another session, in which a test begins a transaction."""
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string()) as session:
        yield session
        session.rollback()


def row(name: str) -> Incoming:
    """Something that came in."""
    return Incoming(name, "slash", {"text": "x"}, NOW, held_by="p1")


async def left(database: Database) -> list[str]:
    """What is not worked off."""
    async with database.read() as transaction:
        return [one.id for one in await undone(transaction)]


async def test_a_row_that_another_keeps_now_keeps_no_others_out(database: Database, frozen: psycopg.Connection) -> None:
    """Only what is the same as its row is refused, in time; what came with it and after it is kept."""
    frozen.execute("INSERT INTO inbox (id, kind, body, received_at, attempts) VALUES ('e3', 'event', '{}', now(), 0)")
    taken = Intake(database, PushedClock(), Health())
    names = [f"e{number}" for number in range(8)]
    keeping = [asyncio.create_task(taken.keep(row(name), f"digest {name}")) for name in names]
    held = keeping.pop(3)
    assert await asyncio.gather(*keeping) == [True] * 7
    assert await taken.keep(row("later"))
    assert not held.done()
    with pytest.raises(NotKept):
        await held
    frozen.rollback()
    assert await taken.keep(row("e3"))
    assert await left(database) == sorted([*names, "later"])


async def test_a_row_that_another_holds_keeps_nothing_else_from_being_marked(
    database: Database, frozen: psycopg.Connection
) -> None:
    """What is worked off is marked, what comes in is kept, and the row that is held is marked once it is let go."""
    taken = Intake(database, PushedClock(), Health())
    for name in ("e1", "e2"):
        assert await taken.keep(row(name))
    frozen.execute("SELECT 1 FROM inbox WHERE id = 'e1' FOR UPDATE")
    marking = [asyncio.create_task(taken.done(name)) for name in ("e1", "e2")]
    await marking[1]
    assert await taken.keep(row("e3"))
    assert not marking[0].done()
    frozen.rollback()
    await marking[0]
    assert await left(database) == ["e3"]
