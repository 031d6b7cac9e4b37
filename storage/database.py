"""
The registry's database: SQLite (`sqlite+aiosqlite:///FILE`) or PostgreSQL (`postgresql+psycopg://...`), by its URL.

    async with database.write() as transaction: ...   all of it or nothing of it
    async with database.read() as transaction: ...    one unchanging view

Rows are locked in one order, else two transactions wait for each other on PostgreSQL, and it ends one: the app, its
owners, requests and watch, the page, its log, outbox (of a page its messages, then the app's card), messages, audit.

What differs between the engines is in storage/sqlite.py and storage/postgresql.py; everything else is the same code.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, insert, make_url
from sqlalchemy.dialects import postgresql as for_postgresql
from sqlalchemy.dialects import sqlite as for_sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import postgresql, sqlite, sqlite_files
from storage.errors import Clashed, Locked, StorageError, Taken, Unavailable

__all__ = ["Clashed", "Database", "Locked", "StorageError", "Taken", "Transaction", "Unavailable"]

#: What PostgreSQL's SQLSTATEs mean to us: deadlock_detected, serialization_failure, lock_not_available.
_KINDS: dict[str | None, type[Unavailable]] = {"40P01": Clashed, "40001": Clashed, "55P03": Locked}
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction. Only storage touches *connection*; others hand the transaction on."""

    connection: AsyncConnection
    _at_the_end: dict[Callable[..., Awaitable[None]], list[Any]] = field(default_factory=dict)
    _afterwards: dict[str, Callable[[], None]] = field(default_factory=dict)

    def at_the_end(self, write: Callable[[Transaction, Sequence[Any]], Awaitable[None]], item: Any) -> None:
        """Have *write* called with *item*, and all others given so, right before the transaction is committed."""
        self._at_the_end.setdefault(write, []).append(item)

    def afterwards(self, name: str, call: Callable[[], None]) -> None:
        """Have *call* called once the transaction is committed, once a *name*; never when it is rolled back."""
        self._afterwards[name] = call


class Database:
    """The registry's database; made by `open`, ended by `close`."""

    def __init__(self, url: URL, writer: AsyncEngine, reader: AsyncEngine, lock: int | None) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._parts: dict[str, Database] = {}
        # SQLite's own waiting is neither fair nor bounded in tries; a queue in front of its single writer is both.
        self._turn = asyncio.Lock() if url.get_backend_name() == "sqlite" else None

    @classmethod
    async def open(cls, url: str, *, alone: bool = False) -> Database:
        """
        Open the database at *url*; raises StorageError with the exact cause where that cannot be.

        *alone* refuses a SQLite file that another process has opened so (PostgreSQL may have many).
        """
        parsed = parse(url)
        if parsed.get_backend_name() == "postgresql":
            database = cls._on_server(parsed, postgresql.VITAL)
            try:
                await postgresql.try_out(database._writer, parsed)  # noqa: SLF001 - its own
            except StorageError:
                await database.close()
                raise
            return database
        return await cls._open_file(parsed, alone=alone)

    @classmethod
    def _on_server(cls, url: URL, share: postgresql.Share) -> Database:
        engine = postgresql.make_engine(url, share)
        return cls(url, engine, engine.execution_options(isolation_level="REPEATABLE READ"), None)

    def apart(self, part: str) -> Database:
        """
        Return this database for *part*, one of `postgresql.SHARES`, which then takes no connection of anybody else.

        It is closed with this one. A SQLite file has one writer, so there it is this one.
        """
        if self._turn is not None:
            return self
        if part not in self._parts:
            self._parts[part] = self._on_server(self.url, postgresql.SHARES[part])
        return self._parts[part]

    @classmethod
    async def _open_file(cls, url: URL, *, alone: bool) -> Database:
        path = Path(url.database or "")
        sqlite.prepare_file(path)
        lock = sqlite.hold(path) if alone else None
        writer = sqlite.make_engine(url, writes=True)
        database = cls(url, writer, sqlite.make_engine(url, writes=False), lock)
        try:
            await asyncio.to_thread(sqlite.try_out, path)
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """
        Open a transaction that may write; it is committed at the end, and rolled back on any exception.

        Raises Unavailable where the database does not take it now.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(_said_once())
            if self._turn is not None:
                await stack.enter_async_context(self._turn)
            connection = await stack.enter_async_context(self._writer.begin())
            transaction = Transaction(connection)
            yield transaction
            for write, items in transaction._at_the_end.items():  # noqa: SLF001 - its own
                await write(transaction, items)
        for call in transaction._afterwards.values():  # noqa: SLF001 - its own
            call()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Open a transaction that only reads; raises Unavailable where the database does not answer."""
        with _said_once():
            async with self._reader.connect() as connection:
                yield Transaction(connection)

    async def shrink(self) -> None:
        """Give room that nothing uses any more back to the disk; PostgreSQL does that by itself."""
        if self._turn is None:
            return
        path = Path(self.url.database or "")
        left = True
        while left:
            async with self._turn:  # for a moment at a time: whoever writes would wait for it
                left = await asyncio.to_thread(sqlite_files.shrink, path)

    def cause(self, reason: str) -> str:
        """Return the sentence for what the database itself says: *reason*."""
        if self.url.get_backend_name() == "sqlite":
            return sqlite.cause(Path(self.url.database or ""), reason)
        return f"The registry at {postgresql.named(self.url)} cannot be used: {reason.splitlines()[0]}"

    async def close(self) -> None:
        """End all connections and let go of the file."""
        for part in self._parts.values():
            await part.close()
        await self._writer.dispose()
        await self._reader.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@contextmanager
def _said_once() -> Iterator[None]:
    """Turn what the drivers raise where the database is locked, full or away into Unavailable."""
    try:
        yield
    except DBAPIError as error:
        # A server that ends a transaction which stands still calls that an internal error.
        if not (isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated):
            raise
        kind = _KINDS.get(getattr(error.orig, "sqlstate", None), Unavailable)
        raise kind(reason(error)) from error
    except NoConnection as error:  # of the pool: all are in use, or hang
        raise Unavailable("no connection became free") from error


def reason(error: DBAPIError | Unavailable) -> str:
    """Return what the database says, in one line; its drivers may say nothing."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return (str(said).strip().splitlines() or [type(said).__name__])[0]


async def once_more(act: Callable[[], Awaitable[_Result]]) -> _Result:
    """
    Return what *act* returns, which is called again where its transaction clashed with another one.

    For what may be done twice: of several transactions those before the last may have been committed the first time.
    """
    try:
        return await act()
    except Clashed:
        return await act()


def parse(url: str, named: str = "GROUNDCREW_DATABASE_URL") -> URL:
    """Read the address of a registry, given as *named*; raises StorageError where it is none."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError(f"{named} is not a database address.") from None
    if parsed.drivername not in {"sqlite+aiosqlite", "postgresql+psycopg"}:
        raise StorageError(
            f"{named} must begin with sqlite+aiosqlite:/// or postgresql+psycopg:// (got {parsed.drivername})."
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StorageError(f"{named} must name a file: the registry has to outlive the bot.")
    return parsed


def file_of(url: str) -> Path | None:
    """Return the file that the registry at *url* is kept in; None where a server keeps it."""
    parsed = parse(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def shown(url: str) -> str:
    """Return which registry the address *url* names, for a person: a file by its path, a server by host and name."""
    parsed = parse(url)
    return str(parsed.database) if parsed.get_backend_name() == "sqlite" else postgresql.named(parsed)


async def add_once(transaction: Transaction, table: Table, values: dict[str, Any]) -> None:
    """Insert a row; raises Taken where a unique column holds its value already. The transaction stays usable."""
    try:
        async with transaction.connection.begin_nested():
            await transaction.connection.execute(insert(table).values(values))
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        raise Taken from None


def own_insert(transaction: Transaction, table: Table) -> for_sqlite.Insert | for_postgresql.Insert:
    """Return the engine's own insert into *table*, which can say what happens to rows that are there already."""
    if transaction.connection.dialect.name == "sqlite":
        return for_sqlite.insert(table)
    return for_postgresql.insert(table)


async def insert_or_update(transaction: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert whole *rows*, each in place of the one with its primary key; several in an order that all callers keep."""
    added = own_insert(transaction, table)
    keys = [column.name for column in table.primary_key]
    new = {column.name: added.excluded[column.name] for column in table.c if column.name not in keys}
    await transaction.connection.execute(added.on_conflict_do_update(index_elements=keys, set_=new), rows)


def append_only(engine: str, table: str) -> tuple[str, ...]:
    """Return the statements that make *table* append-only on the engine that SQLAlchemy names *engine*."""
    return {"sqlite": sqlite.append_only, "postgresql": postgresql.append_only}[engine](table)
