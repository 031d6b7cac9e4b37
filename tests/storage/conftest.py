"""A registry on each engine: a test that asks for `database` runs on SQLite, and on PostgreSQL where there is one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import Database
from tests.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database that nobody has used."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database()
    return f"sqlite+aiosqlite:///{tmp_path}/registry.db"


@pytest_asyncio.fixture
async def database(registry_url: str) -> AsyncIterator[Database]:
    """Give an open registry with its tables."""
    opened = await Database.open(registry_url)
    yield opened
    await opened.close()
