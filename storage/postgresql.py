"""What only PostgreSQL needs: its engine, whom it acts for, its reasons for not opening, and its triggers."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import URL, Engine, event, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import StorageError

#: What every transaction is held to, unless the address or the role says otherwise. A wait for a lock ends before
#: somebody who waits would be taken for dead; and the server ends what a process left open that stands still, so that
#: nobody waits for its locks longer.
_LIMITS = {"lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"}
_LIMIT = "SELECT set_config(%s, %s, false) WHERE current_setting(%s) = '0'"


@dataclass(frozen=True, slots=True)
class Share:
    """How many connections somebody has at most, how many of them are *kept* open, and its own *limits*."""

    kept: int
    most: int
    limits: Mapping[str, str] = field(default_factory=dict)


#: The lease, the signs of life, the intake and the clock have connections that none of these parts can take, however
#: many of it wait for a lock. An order that did not get its lock is run again, so it gives its connection back soon.
VITAL = Share(5, 12)
SHARES = {"orders": Share(12, 12, {"lock_timeout": "1s"}), "jobs": Share(5, 5), "sender": Share(5, 5)}
_REFUSE = "$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
_BEFORE = "BEFORE UPDATE OR DELETE OR TRUNCATE"


#: A server that does not answer is given up after seconds: libpq's own waits are for ever, and a bot that waits
#: neither leads nor gives signs of life. In seconds, but for tcp_user_timeout, which is in milliseconds.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


#: Tables belong to whoever makes them. So whoever may act for the role to which the registry belongs does: an admin who
#: moves one in, puts one back or starts the bot first leaves tables that the bot may use. It belongs to whom its tables
#: belong to, and before there are any to whom the database does. Since PostgreSQL 16 not every member may act for a
#: role: https://www.postgresql.org/docs/16/functions-info.html#FUNCTIONS-INFO-ACCESS
ACT_FOR_OWNER = """
SELECT set_config('role', rolname, false) FROM pg_roles
WHERE oid = coalesce(
    (SELECT relowner FROM pg_class WHERE oid = to_regclass('alembic_version')),
    (SELECT datdba FROM pg_database WHERE datname = current_database())
) AND rolname <> current_user AND pg_has_role(
    oid, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END
)
"""


def act_for_owner(engine: Engine) -> None:
    """Have each new connection of *engine* act for the role to which the registry belongs, where it may."""

    @event.listens_for(engine, "connect")
    def act(connection: Any, _record: Any) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(ACT_FOR_OWNER)
        connection.commit()  # else it would end with the transaction


def _hold_to(engine: Engine, limits: Mapping[str, str]) -> None:
    """
    Hold each new connection of *engine* to *limits*, unless it comes with its own.

    Not by the startup message, which PgBouncer refuses with options in it.
    """

    @event.listens_for(engine, "connect")
    def hold(connection: Any, _record: Any) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            for name, value in limits.items():
                cursor.execute(_LIMIT, (name, value, name))
        connection.commit()  # else it would end with the transaction


def make_engine(url: URL, share: Share = VITAL) -> AsyncEngine:
    """Return an engine for *url*; a connection that the server dropped meanwhile is replaced before it is used."""
    size = {"pool_size": share.kept, "max_overflow": share.most - share.kept}
    engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=dict(PATIENCE), **size)
    act_for_owner(engine.sync_engine)
    _hold_to(engine.sync_engine, {**_LIMITS, **share.limits})
    return engine


async def try_out(engine: AsyncEngine, url: URL) -> None:
    """Connect once; raises StorageError saying why that does not work, without the password."""
    try:
        async with engine.connect():
            pass
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        if url.password:
            reason = reason.replace(str(url.password), "***")
        raise StorageError(f"The registry at {named(url)} cannot be reached: {reason}") from None


def named(url: URL) -> str:
    """Return host and database of *url* for a person: a socket has its folder in place of the host."""
    host = url.host or url.query.get("host") or "this machine's own socket"
    return f"{host if isinstance(host, str) else ', '.join(host)}/{url.database or url.username or ''}"


async def one_at_a_time(connection: AsyncConnection, name: str) -> None:
    """
    Wait until no other transaction that asked for *name* is open, and have those after wait for this one.

    SQLite's writers wait for each other anyway. The last thing that a transaction waits for cannot deadlock.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def wait_at_most(connection: AsyncConnection, seconds: float) -> None:
    """Have this transaction wait for each lock of another one no longer than *seconds*; then Unavailable is raised."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.set_config("lock_timeout", f"{max(1, round(seconds * 1000))}ms", True)))


def append_only(table: str) -> tuple[str, ...]:
    """Return the statements after which rows of *table* can be added but neither changed nor removed."""
    function = f"{table}_append_only()"
    return (
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS {_REFUSE.format(table=table)}",
        f"CREATE TRIGGER {table}_append_only {_BEFORE} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
    )
