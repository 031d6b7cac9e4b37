"""
Runs the migrations on the connection that storage/migrate.py hands over, or on a database named on the command line.

A new one, after a change to storage/tables.py, against a registry that stands at the newest migration:
`alembic -x url=sqlite+aiosqlite:///FILE revision --autogenerate -m "Say what changed"`
"""

from __future__ import annotations

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from storage.columns import Json, OneOf, UTCDateTime
from storage.database import Database
from storage.tables import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,  # SQLite alters a table by making it anew
        include_name=is_ours,
        render_item=as_plain,
    )
    with context.begin_transaction():
        context.run_migrations()


def is_ours(name: str | None, kind: str, parents: object) -> bool:  # noqa: ARG001 - alembic's signature
    """Whether autogenerate may look at it: other libraries keep tables of their own in the same database."""
    return kind != "table" or name in metadata.tables


def as_plain(kind: str, item: object, autogen: object) -> str | Literal[False]:  # noqa: ARG001 - alembic's signature
    """Return how a column type of ours is written: as what the database keeps, since a migration must never change."""
    if kind != "type" or not isinstance(item, UTCDateTime | OneOf | Json):
        return False
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else f"sa.{item.impl!r}"


async def run_on(url: str) -> None:
    database = await Database.open(url)
    async with database.write() as transaction:
        await transaction.connection.run_sync(run)
    await database.close()


connection = context.config.attributes.get("connection")
if connection is None:
    asyncio.run(run_on(context.get_x_argument(as_dictionary=True)["url"]))
else:
    run(connection)
