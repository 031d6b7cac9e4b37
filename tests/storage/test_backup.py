"""Backups: whole, private, made under writers, put back whole, and refused where something is wrong."""

import asyncio
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text

from storage import audit, outbox
from storage.backup import back_up, restore
from storage.database import Database, StorageError
from storage.migrate import migrate, newest_version
from storage.model import Destination
from tests.postgres_server import PostgresServer
from tests.storage.sample import NOW


async def written(database: Database, number: int) -> None:
    """Write the audit entry *number*."""
    async with database.write() as transaction:
        await audit.write(transaction, NOW, who="U1", what="register-app", subject=f"a{number}")


async def entries(url: str) -> list[str]:
    """The subjects of the audit log at *url*."""
    database = await Database.open(url)
    try:
        async with database.read() as transaction:
            rows = await transaction.connection.execute(text("SELECT subject FROM audit ORDER BY id"))
            return list(rows.scalars())
    finally:
        await database.close()


@pytest_asyncio.fixture
async def registry(tmp_path: Path) -> str:
    """Give the address of a SQLite registry with one entry, that nobody uses."""
    url = f"sqlite+aiosqlite:///{tmp_path}/home/registry.db"
    await with_one_entry(url)
    return url


async def with_one_entry(url: str) -> None:
    """Make a registry at *url*."""
    database = await Database.open(url)
    await migrate(database)
    await written(database, 1)
    await database.close()


async def test_a_backup_is_made_while_others_write_and_holds_one_moment(
    database: Database, registry_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Writers are not stopped by it, and what it holds is a beginning of what they wrote, without a gap."""
    going = True

    async def write_on() -> int:
        number = 0
        while going:
            number += 1
            await written(database, number)
        return number

    writer = asyncio.create_task(write_on())
    while not await entries(registry_url):  # noqa: ASYNC110 - the writer tells nothing
        await asyncio.sleep(0.01)
    made = await back_up(registry_url, tmp_path / "kept")
    going = False
    assert await writer > 1
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert (made.version, made.size) == (newest_version(), made.path.stat().st_size)
    assert not [name for name in os.listdir(tmp_path) if "unchecked" in name]  # noqa: PTH208 - a path blocks
    elsewhere = f"sqlite+aiosqlite:///{tmp_path}/elsewhere.db"
    if "postgresql" in registry_url:
        elsewhere = request.getfixturevalue("postgres").new_database()
    restore(elsewhere, made.path)
    held = await entries(elsewhere)
    assert held
    assert held == [f"a{number}" for number in range(1, len(held) + 1)]


async def test_what_was_backed_up_comes_back(registry: str, tmp_path: Path) -> None:
    """The registry is as it was; the one before it stands aside, with everything that was only in its log."""
    await back_up(registry, tmp_path / "kept")
    crashed = await Database.open(registry)
    await written(crashed, 2)  # and never closed: it is in the -wal alone
    assert "registry.db-wal" in os.listdir(tmp_path / "home")  # noqa: PTH208 - a path blocks

    done = await asyncio.to_thread(restore, registry, tmp_path / "kept")
    assert done.aside is not None
    assert await entries(registry) == ["a1"]
    assert await entries(f"sqlite+aiosqlite:///{done.aside}") == ["a1", "a2"]
    assert (tmp_path / "kept").exists()
    await crashed.close()


async def test_a_restore_that_is_cut_off_leaves_a_registry(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the backup is in its place the one before stands there, with all that it holds."""
    await back_up(registry, tmp_path / "kept")
    before = await Database.open(registry)
    await written(before, 2)
    await before.close()

    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt(self, target)

    with monkeypatch.context() as cut_off:
        cut_off.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(registry, tmp_path / "kept")
    assert await entries(registry) == ["a1", "a2"]
    monkeypatch.setattr(os, "link", _no_links)
    (aside,) = (tmp_path / "home").glob("*before-restore*")
    aside.unlink()
    done = restore(registry, tmp_path / "kept")
    assert await entries(registry) == ["a1"]
    assert await entries(f"sqlite+aiosqlite:///{done.aside}") == ["a1", "a2"]


def _no_links(*_: Path) -> None:
    raise PermissionError("a file system without second names")


def test_a_damaged_registry_is_replaced_and_kept(registry: str, tmp_path: Path) -> None:
    """That a file cannot be read is why somebody restores."""
    asyncio.run(back_up(registry, tmp_path / "kept"))
    path = Path(make_url(registry).database or "")
    path.write_bytes(b"\x00" * 5000)
    done = restore(registry, tmp_path / "kept")
    assert done.aside is not None
    assert done.aside.read_bytes() == b"\x00" * 5000
    assert asyncio.run(entries(registry)) == ["a1"]


async def test_a_registry_that_is_gone_comes_back(registry: str, tmp_path: Path) -> None:
    """Into a home that is not there, too."""
    await back_up(registry, tmp_path / "kept")
    shutil.rmtree(tmp_path / "home")
    assert restore(registry, tmp_path / "kept").aside is None
    assert await entries(registry) == ["a1"]


async def test_a_backup_replaces_no_file_unless_it_is_told_to(registry: str, tmp_path: Path) -> None:
    """And with --force only once the new one is good: a failure leaves the old one."""
    (tmp_path / "kept").write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        await back_up(registry, tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "precious"
    with pytest.raises(StorageError, match="There is no registry"):
        await back_up(f"sqlite+aiosqlite:///{tmp_path}/nothing.db", tmp_path / "kept", force=True)
    assert (tmp_path / "kept").read_text() == "precious"
    assert not (tmp_path / "nothing.db").exists()
    await back_up(registry, tmp_path / "kept", force=True)
    assert restore(registry, tmp_path / "kept").version == newest_version()


async def test_a_restore_under_a_running_bot_is_refused(registry: str, tmp_path: Path) -> None:
    """It would write into a file that is no longer the registry."""
    await back_up(registry, tmp_path / "kept")
    bot = await Database.open(registry, alone=True)
    try:
        with pytest.raises(StorageError, match="Another bot"):
            restore(registry, tmp_path / "kept")
    finally:
        await bot.close()
    assert await entries(registry) == ["a1"]


async def test_what_is_no_good_backup_changes_nothing(registry: str, tmp_path: Path) -> None:
    """Cut off, changed, newer, of something else or not there: each is refused in words, and the registry stays."""
    good = (await back_up(registry, tmp_path / "good")).path
    kept = good.read_bytes()
    (tmp_path / "text").write_text("no backup")
    (tmp_path / "cut").write_bytes(kept[: len(kept) // 2])
    (tmp_path / "changed").write_bytes(kept[:8192] + b"\xff" * 4096 + kept[12288:])
    for name, statement in (
        ("newer", "UPDATE alembic_version SET version_num = '9999'"),
        ("loose", "INSERT INTO watches (app_id, due_at, trouble, version) VALUES ('nobody', '2026-11-22', '', 0)"),
        ("unsaid", "DELETE FROM alembic_version"),
    ):
        shutil.copy(good, tmp_path / name)
        with closing(sqlite3.connect(tmp_path / name)) as connection, connection:
            connection.execute(statement)
    with closing(sqlite3.connect(tmp_path / "other")) as connection, connection:
        connection.execute("CREATE TABLE something (else_ TEXT)")
    expected = {
        "text": "no backup of a registry",
        "cut": "damaged",
        "changed": "damaged",
        "newer": "newer version of Groundcrew",
        "loose": "a row of watches points to nothing",
        "unsaid": "does not say which version",
        "other": "no registry of Groundcrew",
        "missing": "cannot be read",
    }
    for name, words in expected.items():
        with pytest.raises(StorageError, match=words) as refused:
            restore(registry, tmp_path / name)
        assert str(tmp_path / name) in str(refused.value) or name == "newer"
    assert await entries(registry) == ["a1"]
    assert sorted(os.listdir(tmp_path / "home")) == ["registry.db", "registry.db.lock"]  # noqa: PTH208 - a path blocks


def test_a_damaged_registry_gives_no_backup(registry: str, tmp_path: Path) -> None:
    """What cannot be read whole gets no name that somebody would trust."""
    path = Path(make_url(registry).database or "")
    path.write_bytes(path.read_bytes()[:8192] + b"\xff" * 4096)
    with pytest.raises(StorageError, match="damaged"):
        asyncio.run(back_up(registry, tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()


async def test_what_waited_is_in_doubt_after_a_restore(
    database: Database, registry_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """It may have been sent since the backup was made: the sender looks before it sends it."""
    async with database.write() as transaction:
        for key in ("waits", "sent"):
            await outbox.add(transaction, Destination(person="U1"), "Said", {"text": "x"}, key=key, now=NOW)
        await transaction.connection.execute(text("UPDATE outbox SET sent_at = made_at WHERE key = 'sent'"))
    await back_up(registry_url, tmp_path / "kept")
    elsewhere = f"sqlite+aiosqlite:///{tmp_path}/elsewhere.db"
    if "postgresql" in registry_url:
        elsewhere = request.getfixturevalue("postgres").new_database()
    restore(elsewhere, tmp_path / "kept")
    restored = await Database.open(elsewhere)
    async with restored.read() as transaction:
        found = await transaction.connection.execute(text("SELECT key FROM outbox WHERE tried_at = made_at"))
        assert found.scalars().all() == ["waits"]
    await restored.close()


async def test_a_log_that_was_tampered_with_is_kept_and_said(
    database: Database, registry_url: str, tmp_path: Path
) -> None:
    """It may be the only backup there is; whoever makes it learns that its audit log is not whole."""
    for number in range(3):
        await written(database, number)
    drop = "DROP TRIGGER audit_no_delete" if "sqlite" in registry_url else "ALTER TABLE audit DISABLE TRIGGER ALL"
    async with database.write() as transaction:
        await transaction.connection.execute(text(drop))
        await transaction.connection.execute(text("DELETE FROM audit WHERE subject = 'a1'"))
    made = await back_up(registry_url, tmp_path / "kept")
    assert made.path.exists()
    assert made.audit.rows == 2
    assert len(made.audit.faults) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
async def test_what_root_puts_back_belongs_to_the_bot(registry: str, tmp_path: Path) -> None:
    """A bot that runs as a user of its own can open the registry, and its lock, after a restore by root."""
    await back_up(registry, tmp_path / "kept")
    home = tmp_path / "home"
    shutil.rmtree(home)
    os.mkdir(home, 0o700)  # noqa: PTH102 - a path blocks
    os.chown(home, 65534, 65534)
    restore(registry, tmp_path / "kept")
    assert {os.stat(home / name).st_uid for name in os.listdir(home)} == {65534}  # noqa: PTH116, PTH208 - paths block


async def test_postgresql_is_backed_up_and_put_back_into_an_empty_database(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """By pg_dump and pg_restore; what is not empty is refused, and so is the other engine's file."""
    there, empty = postgres.new_database(), postgres.new_database()
    await with_one_entry(there)
    await back_up(there, tmp_path / "kept")
    with pytest.raises(StorageError, match="is not empty"):
        restore(there, tmp_path / "kept")
    with pytest.raises(StorageError, match="backup of PostgreSQL, and GROUNDCREW_DATABASE_URL names SQLite"):
        restore(f"sqlite+aiosqlite:///{tmp_path}/registry.db", tmp_path / "kept")
    assert restore(empty, tmp_path / "kept").version == newest_version()
    assert await entries(empty) == ["a1"]
    cut = (tmp_path / "kept").read_bytes()
    for kept in (len(cut) - 2000, 4000, 100):
        (tmp_path / "cut").write_bytes(cut[:kept])
        with pytest.raises(StorageError, match=r"/cut is damaged, or no registry \(.+\)\. Use another backup\."):
            restore(postgres.new_database(), tmp_path / "cut")


def test_a_backup_into_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The cause is the system's own."""
    with pytest.raises(StorageError, match="cannot be written: No such file"):
        asyncio.run(back_up(f"sqlite+aiosqlite:///{tmp_path}/registry.db", tmp_path / "nowhere" / "kept"))
