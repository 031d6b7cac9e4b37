"""A registry on each engine: a test that asks for `database` runs on SQLite, and on PostgreSQL where there is one."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import Database
from storage.migrate import migrate
from tests.postgres_server import PostgresServer, running_postgres
from tests.requirements_of_machine import needs


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Give a running PostgreSQL server."""
    with running_postgres(needs("postgres")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database that nobody has used."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database()
    return f"sqlite+aiosqlite:///{tmp_path}/registry.db"


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Give an open registry with its tables."""
    opened = await Database.open(url)
    await migrate(opened)
    yield opened
    await opened.close()
