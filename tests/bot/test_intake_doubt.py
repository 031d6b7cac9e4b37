"""A connection that ends during the COMMIT: what was kept is done once, and nobody is told that it was not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from bot import intake
from bot.health import Health
from bot.intake import Intake, NotKept
from storage import postgresql
from storage.database import Database, Transaction
from storage.errors import Unavailable
from storage.migrate import migrate
from storage.model import Incoming
from tests.left_over import undone
from tests.registries import PostgresRegistries
from tests.storage.sample import NOW
from tests.world import PushedClock


class CutOff:
    """A registry whose connection ends at the end of the next transactions: *kept* says what becomes of each."""

    def __init__(self, database: Database, *kept: bool) -> None:
        self.database = database
        self.kept = [*kept]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction, and lose the answer to its COMMIT."""
        cut, keeps = bool(self.kept), bool(self.kept) and self.kept.pop(0)
        async with self.database.write() as transaction:
            yield transaction
            if cut and not keeps:
                raise Unavailable("the connection was cut off")
        if cut:
            raise Unavailable("the connection was cut off")


@pytest_asyncio.fixture
async def database(postgres_registries: PostgresRegistries, tmp_path: Path) -> AsyncIterator[Database]:
    """Give an open registry on PostgreSQL."""
    opened = await Database.open(postgres_registries.make(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(intake, "_AGAIN_S", 0.0)


def row(name: str = "e1") -> Incoming:
    """Something that came in."""
    return Incoming(name, "slash", {"text": "x"}, NOW, held_by="p1")


def taking(database: Database, *kept: bool) -> Intake:
    """An intake over a registry that is cut off."""
    cut_off = CutOff(database, *kept)
    return Intake(cut_off, PushedClock(), Health())  # type: ignore[arg-type]  # it is asked to write alone


async def left(database: Database) -> list[str]:
    """What is not worked off."""
    async with database.read() as transaction:
        return [one.id for one in await undone(transaction)]


@pytest.mark.parametrize("kept", [(True,), (False,), (False, True), (True, False), (False, False)])
async def test_what_was_cut_off_is_kept_once(
    database: Database, kept: tuple[bool, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """Whether its COMMIT went through or not it is new once, and what comes twice is not; the log says why."""
    taken = taking(database, *kept)
    assert await taken.keep(row(), "digest")
    assert not await taken.keep(row(), "digest")
    assert await left(database) == ["e1"]
    assert taken.health.faults == {}
    assert caplog.messages == ["what came in could not be kept: the connection was cut off"] * len(kept)


async def test_what_another_had_before_is_not_done_again(database: Database) -> None:
    """A second delivery of the same that is cut off stays a second one."""
    assert await taking(database).keep(row())
    assert not await taking(database, True).keep(row())
    assert not await taking(database, False).keep(row())


async def test_what_nobody_knows_in_time_is_said_to_be_so(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It may have been kept, and then it is done; a file that refuses a transaction has kept nothing."""
    file = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    await migrate(file)
    monkeypatch.setattr(intake, "_WAIT_S", 0.2)
    for one, in_doubt in ((database, True), (file, False)):
        with pytest.raises(NotKept) as refused:
            await taking(one, *([False] * 10_000)).keep(row())
        assert refused.value.in_doubt is in_doubt
    await file.close()


async def test_a_locked_table_is_waited_for_no_longer_than_senders_wait(
    postgres_registries: PostgresRegistries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever other transactions are held to; what was refused is not there once the table is let go."""
    monkeypatch.setitem(postgresql._LIMITS, "lock_timeout", "0")
    monkeypatch.setattr(intake, "_WAIT_S", 0.4)
    locked = await Database.open(postgres_registries.make(tmp_path))
    taken = Intake(locked, PushedClock(), Health())
    with psycopg.connect(locked.url.set(drivername="postgresql").render_as_string()) as other:
        other.execute("LOCK TABLE inbox")
        with pytest.raises(NotKept):
            await asyncio.wait_for(taken.keep(row()), 20)
        other.rollback()
    assert await taken.keep(row("e2"))
    assert await left(locked) == ["e2"]
    await taken.close()
    await locked.close()
