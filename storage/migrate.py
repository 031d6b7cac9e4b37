"""Brings the database to the tables of this version, in the process that starts; the migrations are in the wheel."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage import migrations
from storage.database import Database, StorageError


async def migrate(database: Database) -> None:
    """
    Bring *database* to this version's tables, all or nothing.

    Raises StorageError where a newer version wrote it: its rows may mean what this code does not know.
    """
    async with database.write() as transaction:
        await transaction.connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    for revision in MigrationContext.configure(connection).get_current_heads():
        if revision not in known:
            raise StorageError(
                f"The registry was written by a newer version of Groundcrew (its tables are at {revision}). "
                "Start that version, or put back the backup made before it."
            )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
