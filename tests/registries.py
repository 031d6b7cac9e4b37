"""Registries for tests, on both engines, quickly: copies of one that has its tables already."""

import asyncio
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from storage.database import Database
from storage.migrate import migrate
from tests.postgres_server import PostgresServer

_NUMBERS = count(1)


async def _with_tables(url: str) -> None:
    database = await Database.open(url)
    await migrate(database)
    await database.close()


def make_tables(url: str) -> str:
    """Bring the empty database at *url* to this version's tables, and return its address."""
    asyncio.run(_with_tables(url))
    return url


@dataclass
class FileRegistries:
    """Makes registries in files: each is a copy of *template*."""

    template: Path

    def make(self, folder: Path) -> str:
        """Make one in *folder*, and return its address."""
        path = folder / "registry.db"
        shutil.copyfile(self.template, path)
        path.chmod(0o600)
        return f"sqlite+aiosqlite:///{path}"


@dataclass
class PostgresRegistries:
    """Makes databases on *server*: each is a copy of the database *template*."""

    server: PostgresServer
    template: str

    def make(self, folder: Path) -> str:
        """Make one, and return its address; *folder* is for engines that need one."""
        del folder
        return self.server.new_database(template=self.template)
