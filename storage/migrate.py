"""Brings the database to the tables of this version, in the process that starts; the migrations are in the wheel."""

from __future__ import annotations

import contextlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text

from storage import migrations, permissions
from storage.database import Database, StorageError

_LOCK = 0x67726F756E64  # "ground": held for the time of a migration, and known to nobody else
_PATIENCE = "30s"  # for a bot that is still at work on a table


async def migrate(database: Database) -> None:
    """
    Bring *database* to this version's tables, all or nothing.

    Raises StorageError where a newer version wrote it: its rows may mean what this code does not know. Raises it too
    where nobody can tell which version wrote it, and where the database does not take the tables.
    """
    async with permissions.explained(database), database.write() as transaction:
        await transaction.connection.run_sync(upgrade)


async def version_in(database: Database) -> str | None:
    """Return the version of the tables in *database*, None where there are none; raises StorageError."""
    async with permissions.explained(database), database.read() as transaction:
        return await transaction.connection.run_sync(version_of)


async def try_out(database: Database) -> str:
    """
    Read from the tables of *database*, write to one of them, and take that back; return who did, empty on SQLite.

    Raises StorageError where a bot that is who we are could not work on it, also because its tables do not exist yet.
    """
    version = await version_in(database)
    if version is not None:
        refuse_newer(version)
        with contextlib.suppress(_TakenBack):
            async with permissions.explained(database), database.write() as transaction:
                await transaction.connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
                raise _TakenBack
    async with permissions.explained(database), database.read() as transaction:
        connection = transaction.connection
        lacking = await permissions.lacks(connection, changes=version != newest_version())
        if lacking:
            raise StorageError(lacking)
        is_file = connection.dialect.name == "sqlite"
        return "" if is_file else str((await connection.execute(text("SELECT current_user"))).scalar_one())


class _TakenBack(Exception):  # noqa: N818 - it is what was meant
    """Ends a transaction that is not to be kept."""


def refuse_newer(version: str) -> None:
    """Raise StorageError where this code does not know tables of *version*: their rows may mean something else."""
    if version not in _known_versions():
        raise StorageError(
            f"The registry was written by a newer version of Groundcrew (its tables are at {version}). "
            "Start that version, or put back the backup made before it."
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return config


def _known_versions() -> set[str]:
    return {revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions()}


def newest_version() -> str:
    """Return the version of the tables of this code."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def version_of(connection: Connection) -> str | None:
    """Return the version of the tables, or None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Bring the tables to this version, in the transaction of *connection*; raises StorageError as `migrate` does."""
    if connection.dialect.name == "postgresql":  # several processes start at once, and one of them makes the tables
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # which takes as long as there are rows
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads and inspect(connection).has_table("apps"):
        raise StorageError(
            f"The registry {connection.engine.url.database} has apps in it, but does not say which version of "
            "Groundcrew wrote them (its table alembic_version is empty). Put back the last backup."
        )
    for version in heads:
        refuse_newer(version)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
