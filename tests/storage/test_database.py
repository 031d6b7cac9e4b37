"""Opening, writing, reading, and the reasons for not opening."""

import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage import apps, audit, sqlite
from storage.database import Database, StorageError
from storage.migrate import migrate
from storage.tables import metadata
from tests.storage.sample import NOW, an_app


async def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    """After all migrations autogenerate finds nothing to change."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.write() as transaction:
        assert await transaction.connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    """A registry that is current stays as it is."""
    async with database.write() as transaction:
        await apps.add(transaction, an_app())
    await migrate(database)
    async with database.read() as transaction:
        assert await apps.names(transaction) == ("billing-bot",)


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    """All of a write or nothing of it, and what was to follow it does not."""
    called = []

    async def fail() -> None:
        async with database.write() as transaction:
            await apps.add(transaction, an_app())
            transaction.afterwards("nudge", lambda: called.append(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.read() as transaction:
        assert await apps.names(transaction) == ()
    assert called == []


async def test_what_follows_a_commit_is_called_once(database: Database) -> None:
    """However often a transaction asks for the same nudge, it comes once, afterwards."""
    called: list[str] = []
    async with database.write() as transaction:
        transaction.afterwards("nudge", lambda: called.append("first"))
        transaction.afterwards("nudge", lambda: called.append("second"))
        assert called == []
    assert called == ["second"]


async def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    """Fifty writers that each read before they write lose nothing."""

    async def register(number: int) -> None:
        async with database.write() as transaction:
            seen = len(await apps.names(transaction))
            await apps.add(transaction, an_app(f"app-{number}", purpose=str(seen)))

    await asyncio.gather(*(register(number) for number in range(50)))
    async with database.read() as transaction:
        assert len(await apps.names(transaction)) == 50


async def test_times_come_back_aware_in_utc(database: Database) -> None:
    """A time of any zone is kept and given back as the same instant in UTC."""
    here = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    async with database.write() as transaction:
        await apps.add(transaction, an_app(registered_at=here))
    async with database.read() as transaction:
        app = await apps.named(transaction, "billing-bot")
    assert app is not None
    assert app.registered_at == here
    assert app.registered_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    """A naive time is a mistake, not a guess."""
    with pytest.raises(Exception, match="without a zone"):
        async with database.write() as transaction:
            await apps.add(transaction, an_app(registered_at=NOW.replace(tzinfo=None)))


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'U9'", "DELETE FROM audit"])
async def test_the_audit_log_only_grows(database: Database, statement: str) -> None:
    """The database itself refuses to change or remove an entry."""
    async with database.write() as transaction:
        await audit.write(transaction, NOW, who="U1", what="register-app", subject="a1", detail={"name": "x"})
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as transaction:
            await transaction.connection.execute(text(statement))
    async with database.read() as transaction:
        (entry,) = await audit.entries(transaction, "a1")
    assert (entry.who, entry.what, entry.detail) == ("U1", "register-app", {"name": "x"})


async def test_a_registry_of_a_newer_version_is_refused(database: Database) -> None:
    """Tables that this code does not know are not touched."""
    async with database.write() as transaction:
        await transaction.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match=r"newer version of Groundcrew .*9999"):
        await migrate(database)


def sqlite_url(path: Path) -> str:
    """Give the URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """A new registry has mode 0600."""
    database = await Database.open(sqlite_url(tmp_path / "registry.db"))
    await database.close()
    assert (tmp_path / "registry.db").stat().st_mode & 0o777 == 0o600


async def test_the_files_beside_it_are_for_its_owner_alone_too(tmp_path: Path) -> None:
    """Whatever the umask, what SQLite and we put beside the registry holds rows of it, and is closed to others."""
    before = os.umask(0)
    try:
        database = await Database.open(sqlite_url(tmp_path / "home" / "registry.db"), alone=True)
        await migrate(database)
        made = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "home").iterdir()}
        await database.close()
    finally:
        os.umask(before)
    assert made == {f"registry.db{end}": 0o600 for end in ("", "-wal", "-shm", ".lock")}
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


async def test_a_registry_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """The sentence says how to mend it."""
    path = tmp_path / "registry.db"
    path.touch(0o644)
    path.chmod(0o644)
    with pytest.raises(StorageError, match=f"other users of this machine. Run: chmod 600 {path}"):
        await Database.open(sqlite_url(path))


async def test_a_registry_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Where its folder is a file, the cause is named."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot be written: .*(Not a directory|File exists)"):
        await Database.open(sqlite_url(tmp_path / "file" / "registry.db"))


async def test_a_registry_on_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's locks do not hold there; the sentence names the kind of drive and both ways out."""
    kind = sqlite._filesystem(tmp_path / "registry.db")
    assert kind
    monkeypatch.setattr(sqlite, "_REMOTE", frozenset({kind}))
    with pytest.raises(StorageError, match=rf"on a network drive \({kind}\).*local disk, or use PostgreSQL"):
        await Database.open(sqlite_url(tmp_path / "registry.db"))


async def test_a_file_that_is_no_registry_is_refused(tmp_path: Path) -> None:
    """Something else under that name is left alone."""
    path = tmp_path / "registry.db"
    path.touch(0o600)
    path.write_bytes(b"a letter to my aunt, long enough to be no header" * 30)
    with pytest.raises(StorageError, match="is not a registry"):
        await Database.open(sqlite_url(path))


async def test_a_second_bot_on_one_file_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    """A process that holds the registry is named, and a killed one holds nothing."""
    path = tmp_path / "registry.db"
    code = (
        "import asyncio, sys\n"
        "from storage.database import Database\n"
        "async def main():\n"
        "    await Database.open(sys.argv[1], alone=True)\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
        "asyncio.run(main())\n"
    )
    first = subprocess.Popen(  # noqa: ASYNC220 - its first line is all that is waited for
        [sys.executable, "-I", "-c", code, sqlite_url(path)],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == b"held\n"
    with pytest.raises(StorageError, match=rf"Another bot \(process {first.pid}\) uses the registry"):
        await Database.open(sqlite_url(path), alone=True)
    first.kill()
    first.wait()
    first.stdin.close()
    first.stdout.close()
    await (await Database.open(sqlite_url(path), alone=True)).close()


async def test_a_writer_that_does_not_let_go_is_named(tmp_path: Path) -> None:
    """Another program's open write transaction stops the start, with a sentence."""
    path = tmp_path / "registry.db"
    await (await Database.open(sqlite_url(path))).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="does not let go"):
        await Database.open(sqlite_url(path))
    other.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not a database address"),
        ("mysql://root:hunter2@db/x", "must begin with sqlite"),
        ("sqlite+aiosqlite://", "must name a file"),
    ],
)
async def test_another_kind_of_address_is_refused(url: str, says: str) -> None:
    """The sentence names the setting, and no password."""
    with pytest.raises(StorageError, match=says) as caught:
        await Database.open(url)
    assert "hunter2" not in str(caught.value)


async def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    """The sentence says which database cannot be reached."""
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        await Database.open(f"postgresql+psycopg://bot:hunter2@/registry?host={tmp_path}")
    assert "hunter2" not in str(caught.value)


async def test_a_registry_of_an_unknown_version_is_refused(database: Database) -> None:
    """Where the row with the version is gone, one sentence says so; nothing is made over what is there."""
    async with database.write() as transaction:
        await transaction.connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(StorageError, match="has apps in it, but does not say which version"):
        await migrate(database)


async def test_a_full_disk_at_the_start_is_said(tmp_path: Path) -> None:
    """Where the tables do not fit on the disk, one sentence names the file and what to do."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StorageError, match=r"registry\.db cannot be written .* Make room on its disk"):
            await migrate(database)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        await database.close()
