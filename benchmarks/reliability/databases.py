"""A PostgreSQL server of a figure's own that keeps what it was told, reached straight or through a fault proxy."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from benchmarks.reliability.proxy import FaultProxy, fault_proxy
from tests.postgres_server import PostgresServer, running_postgres


class NoPostgres(Exception):  # noqa: N818 - it is what a figure says
    """This machine has no PostgreSQL."""


@contextmanager
def safe_postgres() -> Iterator[PostgresServer]:
    """Run a server with its usual care for what was committed; raises NoPostgres where none is installed."""
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = shutil.which("initdb") or (str(beside[-1]) if beside else "")
    if not initdb:
        raise NoPostgres
    with running_postgres(initdb, safe=True) as server:
        yield server


@asynccontextmanager
async def proxied(server: PostgresServer, url: str) -> AsyncIterator[tuple[FaultProxy, str]]:
    """Give a proxy to *server*, and the address of the database at *url* through it."""
    name = url.rpartition("@/")[2].partition("?")[0]
    async with fault_proxy(lambda: asyncio.open_unix_connection(server.socket)) as proxy:
        yield proxy, f"postgresql+psycopg://{server.user}@127.0.0.1:{proxy.port}/{name}"
