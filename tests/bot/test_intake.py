"""What comes in is written down together, before it is acknowledged, and nobody is told that it was when it was not."""

import asyncio
import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot import intake
from bot.health import Health
from bot.intake import Intake, NotKept
from storage.database import Database, Transaction
from storage.migrate import migrate
from storage.model import Incoming
from tests.left_over import undone
from tests.storage.sample import NOW
from tests.world import PushedClock


@pytest_asyncio.fixture
async def database(registry_url: str) -> AsyncIterator[Database]:
    """Give an open registry."""
    opened = await Database.open(registry_url)
    yield opened
    await opened.close()


def row(name: str) -> Incoming:
    """Something that came in."""
    return Incoming(name, "slash", {"text": "x"}, NOW, held_by="p1")


async def left(database: Database) -> list[str]:
    """What is not worked off."""
    async with database.read() as transaction:
        return [one.id for one in await undone(transaction)]


class Counting:
    """A registry that counts its write transactions, and refuses them while it is *broken*."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transactions = 0
        self.broken = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Count, and open a transaction."""
        self.transactions += 1
        if self.broken:
            raise OSError("the disk is gone")
        async with self.database.write() as transaction:
            yield transaction


def taking(database: Database) -> tuple[Intake, Counting]:
    """An intake over a counting registry."""
    counting = Counting(database)
    return Intake(counting, PushedClock(), Health()), counting  # type: ignore[arg-type]  # it is asked to write alone


async def test_a_thousand_at_once_are_few_transactions(database: Database) -> None:
    """Each is told whether it is new, and stands in the registry by then; marking them done is few transactions too."""
    taken, counting = taking(database)
    names = [f"e{number:04}" for number in range(1000)]
    assert await asyncio.gather(*(taken.keep(row(name)) for name in names)) == [True] * 1000
    assert await left(database) == names
    assert await asyncio.gather(*(taken.keep(row(name)) for name in names)) == [False] * 1000
    await asyncio.gather(*(taken.done(name) for name in names))
    assert await left(database) == []
    assert counting.transactions < 20


async def test_of_the_same_fifty_at_once_one_is_new(database: Database) -> None:
    """Those that wait together as well as those that come later."""
    taken, _ = taking(database)
    assert sorted(await asyncio.gather(*(taken.keep(row("e1"), "d1") for _ in range(50)))) == [False] * 49 + [True]
    assert not await taken.keep(row("e1"), "d2")


async def test_a_registry_that_fails_has_kept_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits is told so, it is a fault of the registry, and it is over with the next row that is kept."""
    monkeypatch.setattr(intake, "_AGAIN_S", 0.01)
    taken, counting = taking(database)
    monkeypatch.setattr(intake, "_WAIT_S", 0.1)
    counting.broken = True
    found = await asyncio.gather(*(taken.keep(row(f"e{number}")) for number in range(10)), return_exceptions=True)
    assert {type(one) for one in found} == {NotKept}
    assert "registry" in taken.health.faults
    assert await left(database) == []
    counting.broken = False
    assert await taken.keep(row("e1"))
    assert taken.health.faults == {}


async def test_what_no_registry_takes_keeps_nobody_elses_out(database: Database) -> None:
    """Of those that wait together only the one is refused whose row cannot be written."""
    taken, _ = taking(database)
    spoiled = replace(row("e5"), body={"text": "half a character: \ud800"})
    rows = [row("e1"), row("e2"), spoiled, row("e3")]
    told = await asyncio.gather(*map(taken.keep, rows), return_exceptions=True)
    assert [isinstance(one, NotKept) for one in told] == [False, False, True, False]
    assert await left(database) == ["e1", "e2", "e3"]


async def test_what_is_done_is_marked_as_soon_as_the_registry_takes_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be done again after the next start."""
    monkeypatch.setattr(intake, "_AGAIN_S", 0.01)
    taken, counting = taking(database)
    await taken.keep(row("e1"))
    counting.broken = True
    marking = asyncio.create_task(taken.done("e1"))
    while counting.transactions < 5:  # noqa: ASYNC110 - it tries again by itself
        await asyncio.sleep(0.01)
    assert not marking.done()
    counting.broken = False
    await marking
    assert await left(database) == []


async def test_only_so_many_wait_for_a_registry(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused at once, rather than kept in memory."""
    monkeypatch.setattr(intake, "_MOST_WAITING", 3)
    taken, _ = taking(database)
    found = await asyncio.gather(*(taken.keep(row(f"e{number}")) for number in range(5)), return_exceptions=True)
    assert [isinstance(one, NotKept) for one in found] == [False, False, False, True, True]


async def test_a_full_disk_keeps_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row that was told to be kept is missing, and none that was refused is there; then there is room again."""
    monkeypatch.setattr(intake, "_AGAIN_S", 0.01)
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    await migrate(database)
    taken, _ = taking(database)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(one.stat().st_size for one in os.scandir(tmp_path))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 50_000, hard))
    kept = []
    try:
        for number in range(60):
            try:
                big = Incoming(f"e{number:02}", "slash", {"text": "x" * 5000}, NOW)
                assert await taken.keep(big)
                kept.append(big.id)
            except NotKept:
                break
        assert 0 < len(kept) < 60
        assert "registry" in taken.health.faults
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await left(database) == kept
    assert await taken.keep(row("later"))
    assert taken.health.faults == {}
    await database.close()


async def test_a_rush_is_let_in_before_anything_is_worked_off(database: Database) -> None:
    """Orders wait while many come in, and go on when nothing does."""
    taken, _ = taking(database)
    await asyncio.wait_for(taken.calm(), 0.05)  # nothing comes in: it does not wait at all
    keeping = [asyncio.create_task(taken.keep(row(f"e{number}"))) for number in range(25)]
    await asyncio.sleep(0)
    waiting = asyncio.create_task(taken.calm())
    await asyncio.gather(*keeping)
    assert not waiting.done()
    await waiting
