"""What a role of PostgreSQL lacks that may not use a registry, with what mends it: whose tables they are, above all."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database, reason
from storage.errors import StorageError, Unavailable
from storage.tables import metadata

_DENIED = "42501"  # insufficient_privilege: https://www.postgresql.org/docs/current/errcodes-appendix.html
_FIRST_OWN = 16384  # the first number of what PostgreSQL did not make itself; its own role cannot give all away

_ROLE = """
SELECT current_user AS role, current_database() AS database, pg_get_userbyid(datdba) AS owner,
    has_database_privilege(current_database(), 'CREATE') OR to_regnamespace('dbos') IS NOT NULL AS makes_schemas,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS makes_tables,
    to_regclass('alembic_version') IS NOT NULL AS is_registry
FROM pg_database WHERE datname = current_database()
"""
#: Who has tables of the registry, or of the library for jobs, that the role is not.
_OTHERS = """
SELECT c.relowner::bigint AS number, pg_get_userbyid(c.relowner) AS name,
    bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')) AS is_granted
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND NOT pg_has_role(c.relowner, 'USAGE') AND (
    n.nspname = 'dbos' OR c.relname = ANY(CAST(:names AS text[]))
    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('alembic_version'))
) GROUP BY 1, 2 ORDER BY 1
"""


async def lacks(connection: AsyncConnection, *, changes: bool = False) -> str:
    """
    Return what the role of *connection* lacks to use the registry, with the mend; empty where it lacks nothing.

    *changes*: also what it lacks to change the tables. SQLite has no roles.
    """
    if connection.dialect.name != "postgresql":
        return ""
    here = (await connection.execute(text(_ROLE))).one()
    names = [*metadata.tables, "alembic_version"]
    for other in await connection.execute(text(_OTHERS), {"names": names}):
        if changes or not other.is_granted:
            return _whose(connection, here, other)
    role, database, owner = _quoted(connection, here.role, here.database, here.owner)
    if not here.is_registry and not here.makes_tables:
        return (
            f"The database {database} belongs to {owner}, and {role} may make no tables in it. As a superuser: "
            f"ALTER DATABASE {database} OWNER TO {role}"
        )
    if not here.makes_schemas:
        return (
            f"The role {role} may make no schema in the database {database}, where jobs are kept. As a superuser: "
            f"GRANT CREATE ON DATABASE {database} TO {role}"
        )
    return ""


def _whose(connection: AsyncConnection, here: Any, other: Any) -> str:
    role, owner = _quoted(connection, here.role, other.name)
    said = f"Tables in the database {here.database} belong to the role {owner}, and {role} uses it."
    if other.number < _FIRST_OWN:
        return (
            f"{said} As {owner} write a backup (`groundcrew backup`), and put it back into a database that {role} has "
            f"(createdb -O {role})."
        )
    return f"{said} As a superuser give them over, in this database: REASSIGN OWNED BY {owner} TO {role}"


def _quoted(connection: AsyncConnection, *names: str) -> tuple[str, ...]:
    return tuple(map(connection.dialect.identifier_preparer.quote, names))


@asynccontextmanager
async def explained(database: Database) -> AsyncIterator[None]:
    """Turn what the driver of *database* raises into a StorageError: the cause, and who has to give what to whom."""
    try:
        yield
    except (DBAPIError, Unavailable) as error:
        raise StorageError(await why(database, error)) from None


async def why(database: Database, error: DBAPIError | Unavailable) -> str:
    """Return the sentence for *error*, of a transaction on *database* that has ended."""
    cause, lacking = database.cause(reason(error)), ""
    if getattr(getattr(error, "orig", None), "sqlstate", None) == _DENIED:
        with contextlib.suppress(DBAPIError, Unavailable):  # then the cause alone has to do
            async with database.read() as transaction:
                lacking = await lacks(transaction.connection, changes=True)
    return f"{cause}. {lacking}" if lacking else cause
