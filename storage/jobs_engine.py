"""
The connections over which the library for jobs keeps its own tables, in the same database as the registry.

The library would make its own, but then without WAL, with other waits, and on a SQLite before 3.42 not at all.
"""

from __future__ import annotations

import re
import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text

from storage.postgresql import PATIENCE, act_for_owner

_WAIT_MS = 3000  # no stop interrupts it; what the library did not get it asks for again, by its own `db_retry`
_HAS_UNIXEPOCH = (3, 42)  # with milliseconds; Python's version says nothing about it


def make_jobs_engine(url: URL) -> Engine:
    """Return an engine for the database at *url*, the registry's own address."""
    if url.get_backend_name() == "postgresql":
        size = {"pool_size": 5, "max_overflow": 10}
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=dict(PATIENCE), **size)
        act_for_owner(engine)
        return engine
    engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True, pool_size=5, max_overflow=10)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver then begins what writes by BEGIN IMMEDIATE. A transaction of the library's reads first, in
        # autocommit, so that it never turns from a reader into a writer, which SQLite refuses at once.
        connection.isolation_level = "IMMEDIATE"
        connection.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # a job lost with the power is made anew from its row
        connection.execute("PRAGMA foreign_keys=ON")
        if sqlite3.sqlite_version_info < _HAS_UNIXEPOCH:
            connection.create_function("unixepoch", -1, _unixepoch)

    return engine


def acting_url(engine: Engine) -> URL:
    """Return the address of *engine* for connections that others make: they act for the same role as its own."""
    if engine.dialect.name != "postgresql":
        return engine.url
    with engine.connect() as connection:
        role, session = connection.execute(text("SELECT current_user, session_user")).one()
    if role == session:
        return engine.url
    given = engine.url.query.get("options", ())
    escaped = re.sub(r"([\\\s])", r"\\\1", role)  # https://www.postgresql.org/docs/current/libpq-connect.html
    options = " ".join([*((given,) if isinstance(given, str) else given), f"-c role={escaped}"])
    return engine.url.update_query_dict({"options": options})


def _unixepoch(*modifiers: str) -> float:
    """Return the seconds since 1970, with their fractions where asked for by "subsec", as SQLite 3.42 does."""
    return time.time() if "subsec" in modifiers else int(time.time())
