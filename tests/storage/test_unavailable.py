"""What the drivers and the pool raise while a registry is away is one error, which always has words."""

import asyncio
from contextlib import AsyncExitStack

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import postgresql
from storage.database import Database, Unavailable
from storage.errors import in_words
from tests.postgres_server import PostgresServer


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
