"""Brings the database to the tables of this version, in the process that starts; the migrations are in the wheel."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from storage import migrations
from storage.database import Database, StorageError


async def migrate(database: Database) -> None:
    """
    Bring *database* to this version's tables, all or nothing.

    Raises StorageError where a newer version wrote it: its rows may mean what this code does not know. Raises it too
    where nobody can tell which version wrote it, and where the database does not take the tables.
    """
    try:
        async with database.write() as transaction:
            await transaction.connection.run_sync(_upgrade)
    except DBAPIError as error:
        raise StorageError(database.cause(str(error.orig))) from None


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads and inspect(connection).has_table("apps"):
        raise StorageError(
            f"The registry {connection.engine.url.database} has apps in it, but does not say which version of "
            "Groundcrew wrote them (its table alembic_version is empty). Put back the last backup."
        )
    for revision in heads:
        if revision not in known:
            raise StorageError(
                f"The registry was written by a newer version of Groundcrew (its tables are at {revision}). "
                "Start that version, or put back the backup made before it."
            )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
