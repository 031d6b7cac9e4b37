"""What the drivers and the pool raise while a registry is away is one error, which always has words."""

from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage.database import Database, Unavailable


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
