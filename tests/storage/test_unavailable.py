"""What the drivers and the pool raise while a registry is away is one error, which always has words."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import apps, postgresql
from storage.database import Database, Locked, Unavailable
from storage.errors import in_words
from tests.postgres_server import PostgresServer
from tests.registries import PostgresRegistries
from tests.storage.sample import an_app


async def test_a_registry_of_which_no_connection_becomes_free_is_unavailable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are in use, or hang: that passes, like a database that is away."""
    monkeypatch.setattr(database._reader.sync_engine.pool, "_timeout", 0.01)

    async def take_all() -> None:
        async with AsyncExitStack() as stack:
            for _ in range(100):
                transaction = await stack.enter_async_context(database.read())
                await transaction.connection.execute(text("SELECT 1"))

    with pytest.raises(Unavailable, match="no connection became free"):
        await take_all()


async def test_an_error_without_words_is_unavailable_too(database: Database) -> None:
    """A driver may say nothing of a connection that was lost; then the kind of its error is the reason."""
    with pytest.raises(Unavailable, match="ConnectionError"):
        async with database.write():
            raise OperationalError("COMMIT", {}, ConnectionError())


async def test_a_lock_is_not_waited_for_without_end(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL would wait for ever; what did not get its lock has changed nothing, and may be tried again."""
    monkeypatch.setitem(postgresql._LIMITS, "lock_timeout", "50ms")
    url = postgres.new_database()
    database = await Database.open(f"{url}&options=-capplication_name%3Dnamed")
    async with database.write() as transaction:
        await transaction.connection.execute(text("CREATE TABLE rows (id INTEGER)"))
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE rows")
        with pytest.raises(Unavailable, match="lock timeout"):
            async with asyncio.timeout(20), database.write() as transaction:
                await transaction.connection.execute(text("INSERT INTO rows VALUES (1)"))
    async with database.read() as transaction:
        assert (await transaction.connection.execute(text("SELECT count(*) FROM rows"))).scalar_one() == 0
        named = await transaction.connection.execute(text("SHOW application_name"))
        assert named.scalar_one() == "named", "options of the address hold, too"
    await database.close()


async def test_limits_of_the_address_come_before_ours(postgres: PostgresServer) -> None:
    """Ours are set once a connection stands, since PgBouncer takes no options; they outlast a rollback."""
    url = postgres.new_database()

    async def limits(database: Database) -> list[str]:
        async with database.read() as transaction:
            names = ("lock_timeout", "idle_in_transaction_session_timeout")
            return [(await transaction.connection.execute(text(f"SHOW {name}"))).scalar_one() for name in names]

    ours = await Database.open(url)
    assert [await limits(one) for one in (ours, ours, ours.apart("orders"))] == [["5s", "30s"]] * 2 + [["1s", "30s"]]
    theirs = await Database.open(f"{url}&options=-clock_timeout%3D7s")
    assert [await limits(one) for one in (theirs, theirs.apart("orders"))] == [["7s", "30s"]] * 2
    await ours.close()
    await theirs.close()


async def test_one_part_takes_no_connection_of_another(
    postgres_registries: PostgresRegistries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While more orders than there are connections wait for a lock, the others read and write at once."""
    monkeypatch.setitem(postgresql.SHARES, "orders", postgresql.Share(2, 2))
    database = await Database.open(postgres_registries.make(tmp_path))
    async with database.write() as transaction:
        await apps.add(transaction, an_app())

    async def order() -> None:
        async with database.apart("orders").write() as transaction:
            await apps.lock(transaction, an_app().id)

    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string()) as other:
        other.execute("SELECT 1 FROM apps FOR UPDATE")
        orders = [asyncio.create_task(order()) for _ in range(30)]
        await asyncio.sleep(0.1)  # so that they wait for the lock
        for part in (database, database.apart("sender"), database.apart("jobs")):
            async with asyncio.timeout(3), part.write() as transaction:
                assert await apps.names(transaction) == (an_app().name,)
        assert not any(one.done() for one in orders)
    await asyncio.gather(*orders)
    await database.close()


async def test_a_lock_that_is_not_given_is_told_from_a_registry_that_is_away(
    postgres_registries: PostgresRegistries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All else may go through meanwhile."""
    monkeypatch.setitem(postgresql.SHARES, "orders", postgresql.Share(1, 1, {"lock_timeout": "50ms"}))
    database = await Database.open(postgres_registries.make(tmp_path))
    async with database.write() as transaction:
        await apps.add(transaction, an_app())
        with pytest.raises(Locked):
            async with asyncio.timeout(20), database.apart("orders").write() as other:
                await apps.add(other, an_app())
    await database.close()


async def test_a_file_has_one_writer_for_all(tmp_path: Path) -> None:
    """SQLite's parts are the database itself: they take turns."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    assert database.apart("orders") is database
    await database.close()


async def test_a_process_that_stands_still_lets_go(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends what it left open, so that others get its locks, and it learns of it."""
    monkeypatch.setitem(postgresql._LIMITS, "idle_in_transaction_session_timeout", "50ms")
    url = postgres.new_database()
    database = await Database.open(url)
    async with database.write() as transaction:
        await transaction.connection.execute(text("CREATE TABLE rows (id INTEGER)"))

    async def stand_still() -> None:
        async with database.write() as transaction:
            await transaction.connection.execute(text("LOCK TABLE rows"))
            with psycopg.connect(url.replace("+psycopg", "")) as other:
                other.execute("SET lock_timeout = '20s'")
                other.execute("LOCK TABLE rows")  # for which this loop stands still

    with pytest.raises(Unavailable):
        await stand_still()
    async with database.read() as transaction:
        await transaction.connection.execute(text("SELECT 1 FROM rows"))
    await database.close()


async def test_the_log_hears_why_and_nothing_of_a_row(postgres: PostgresServer) -> None:
    """A registry that is away has words of its own; a statement that quotes what somebody wrote has its kind alone."""
    database = await Database.open(postgres.new_database())
    with pytest.raises(Unavailable) as away:
        async with database.write() as transaction:
            await transaction.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert in_words(away.value).startswith("terminating connection")
    with pytest.raises(DBAPIError) as quoting:
        async with database.write() as transaction:
            await transaction.connection.execute(text("SELECT CAST('s3cret' AS integer)"))
    assert "s3cret" in str(quoting.value)
    assert in_words(quoting.value) == "InvalidTextRepresentation"
    assert in_words(Unavailable()) == "Unavailable"
    await database.close()
