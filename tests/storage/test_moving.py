"""Moving a registry between the engines: everything arrives as it was, or nothing is kept."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import audit, moving, outbox
from storage.database import Database, StorageError
from storage.migrate import migrate
from storage.model import Destination
from storage.moving import Moved, move
from tests.lived import contents, lived_in
from tests.postgres_server import PostgresServer
from tests.storage.sample import NOW
from tests.world import Town
from tests.world import town as a_town


def file_url(path: Path) -> str:
    """The address of a SQLite registry."""
    return f"sqlite+aiosqlite:///{path}"


async def read_all(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the registry at *url*."""
    database = await Database.open(url)
    try:
        return await contents(database)
    finally:
        await database.close()


async def test_everything_arrives_and_comes_back(tmp_path: Path, postgres: PostgresServer) -> None:
    """From a file to PostgreSQL and back: every row of every table is as it was, and the source too."""
    here, there, back = file_url(tmp_path / "registry.db"), postgres.new_database(), file_url(tmp_path / "back.db")
    await lived_in(tmp_path, here, everywhere=True)
    before = await read_all(here)
    assert all(before.values()), f"the stories leave a table empty: {[name for name in before if not before[name]]}"

    told: list[Moved] = []
    moved = await move(here, there, told.append)
    assert tuple(told) == moved
    assert {one.table: one.rows for one in moved} == {name: len(rows) for name, rows in before.items()}
    assert await read_all(there) == before
    assert await move(there, back) == moved, "the same counts and checksums from either engine"
    assert await read_all(back) == before
    assert await read_all(here) == before


async def test_a_moved_registry_goes_on(tmp_path: Path, postgres: PostgresServer) -> None:
    """After the move the bot says what waited, makes the check that was promised, and numbers go on."""
    here, there = file_url(tmp_path / "registry.db"), postgres.new_database()
    town = await lived_in(tmp_path, here)
    before = await read_all(here)
    await move(here, there)
    async with a_town(tmp_path, town, url=there) as town:
        await _has_work(town)
        await town.push(minutes=30)
        async with town.world.database.write() as transaction:
            left = await transaction.connection.execute(
                text("SELECT count(*) FROM check_requests WHERE done_at IS NULL")
            )
            assert left.scalar_one() == 0
            await audit.write(transaction, NOW, who="U1", what="after the move", subject="a1")
            await outbox.add(transaction, Destination(person="U1"), "Said", {"text": "x"}, key="new", now=NOW)
            last = (await transaction.connection.execute(text("SELECT max(id) FROM audit"))).scalar_one()
            assert last > len(before["audit"])


async def _has_work(town: Town) -> None:
    async with town.world.database.read() as transaction:
        left = await transaction.connection.execute(text("SELECT count(*) FROM check_requests WHERE done_at IS NULL"))
        assert left.scalar_one() == 1


@pytest.fixture
async def full(tmp_path: Path) -> str:
    """Give the address of a registry with an audit entry."""
    url = file_url(tmp_path / "full.db")
    database = await Database.open(url)
    await migrate(database)
    async with database.write() as transaction:
        await audit.write(transaction, NOW, who="U1", what="register-app", subject="a1")
    await database.close()
    return url


async def test_a_target_that_holds_a_registry_is_never_overwritten(tmp_path: Path, full: str, url: str) -> None:
    """Whatever engine it is on, what is there stays."""
    database = await Database.open(url)
    await migrate(database)
    await database.close()
    with pytest.raises(StorageError, match="holds a registry already"):
        await move(full, url)


async def test_what_does_not_arrive_whole_is_not_kept(full: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checksum that differs at the end takes everything back: the target is as empty as it was."""
    copied = moving._copy

    async def other(*arguments: object) -> Moved:
        return replace(await copied(*arguments), checksum="0" * 64)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "_copy", other)
    with pytest.raises(StorageError, match="did not arrive as it was sent"):
        await move(full, url)
    monkeypatch.undo()
    await move(full, url)
    assert len((await read_all(url))["audit"]) == 1


async def test_ended_in_the_middle_nothing_is_kept(full: str, tmp_path: Path) -> None:
    """Ctrl-C while tables are copied leaves neither half a registry nor a file."""
    target = tmp_path / "target.db"
    task: asyncio.Task[object]

    def stop(moved: Moved) -> None:
        if moved.table == "audit":
            task.cancel()

    task = asyncio.create_task(move(full, file_url(target), stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [name for name in os.listdir(tmp_path) if name.startswith("target")] == []  # noqa: PTH208 - a path blocks


async def test_a_registry_that_a_bot_uses_is_not_moved(full: str, tmp_path: Path) -> None:
    """Rows that are written meanwhile would be left behind."""
    bot = await Database.open(full, alone=True)
    try:
        with pytest.raises(StorageError, match="Another bot"):
            await move(full, file_url(tmp_path / "target.db"))
    finally:
        await bot.close()
    assert not (tmp_path / "target.db").exists()


async def test_a_registry_that_processes_use_is_not_moved(postgres: PostgresServer, full: str, tmp_path: Path) -> None:
    """On PostgreSQL a process that gave a sign of life is a bot that writes."""
    there = postgres.new_database()
    await move(full, there)
    database = await Database.open(there)
    async with database.write() as transaction:
        await transaction.connection.execute(
            text(
                "INSERT INTO processes (id, role, host, pid, version, started_at, seen_at, beats) "
                "VALUES ('p1', 'bot', 'here', 1, '1', now(), now(), 1)"
            )
        )
    with pytest.raises(StorageError, match=r"The bot runs on the registry \(1 of its processes\)"):
        await move(there, file_url(tmp_path / "back.db"))
    async with database.write() as transaction:
        await transaction.connection.execute(text("UPDATE processes SET seen_at = now() - interval '1 minute'"))
    await database.close()
    await move(there, file_url(tmp_path / "back.db"))


async def test_a_database_without_a_registry_is_no_source(url: str, tmp_path: Path) -> None:
    """An empty database, and a file that is not there, are said to be that, and no file is made of them."""
    database = await Database.open(url)
    await database.close()
    with pytest.raises(StorageError, match="holds no registry"):
        await move(url, file_url(tmp_path / "target.db"))
    with pytest.raises(StorageError, match="There is no registry"):
        await move(file_url(tmp_path / "nothing.db"), url)
    assert not (tmp_path / "nothing.db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
async def test_what_root_moves_belongs_to_the_bot(tmp_path: Path) -> None:
    """A bot that runs as a user of its own can open the registry, and its lock, that root moved into its home."""
    source = await Database.open(file_url(tmp_path / "registry.db"))
    await migrate(source)
    await source.close()
    home = tmp_path / "home"
    os.mkdir(home, 0o700)  # noqa: PTH102 - a path blocks
    os.chown(home, 65534, 65534)
    await move(file_url(tmp_path / "registry.db"), file_url(home / "registry.db"))
    owners = {os.stat(home / name).st_uid for name in os.listdir(home)}  # noqa: PTH116, PTH208 - paths block
    assert owners == {65534}
