"""
Moves a registry to another database: every row of every table, in one transaction, compared with its source at the end.

Rows are read and written as the database keeps them, so that JSON arrives as the very text it was. What DBOS keeps is
not moved: its jobs are made again from the rows that promise them.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, Row, Table, func, insert, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import permissions
from storage.columns import Json, OneOf
from storage.database import Database, Transaction, parse
from storage.errors import StorageError, Unavailable
from storage.migrate import newest_version, refuse_newer, upgrade, version_of
from storage.tables import metadata

_BATCH = 500
_SEEN_S = 15.0  # a process that lives gives a sign of life every two seconds
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Moved:
    """
    A table that was moved.

    *checksum* is the sum of the hashes of its rows, which is the same in whatever order they are read.
    """

    table: str
    rows: int
    checksum: str


Tell = Callable[[Moved], None]


async def move(source: str, target: str, tell: Tell = lambda _: None) -> tuple[Moved, ...]:
    """
    Copy the registry at the URL *source* into the empty database at *target*, and return what was moved.

    *tell* hears of each table. All or nothing; the source is only read.

    Raises StorageError where a bot runs on the source, where it is not of this version, where the target is not empty,
    and where what arrived is not what was read.
    """
    there, here = parse(source), parse(target)
    if there == here:
        raise StorageError("Both addresses name the same database.")
    if _is_missing(there):
        raise StorageError(f"There is no registry {there.database}.")
    async with _opened(there) as old, _held(old) as reading:
        is_new = _is_missing(here)
        done = False
        try:
            async with _opened(here) as new:
                moved = await _move(reading, new, tell)
            done = True
        finally:
            if is_new and not done:
                _remove(Path(here.database or ""))
    return moved


def _is_missing(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


async def _move(reading: AsyncConnection, new: Database, tell: Tell) -> tuple[Moved, ...]:
    try:
        async with new.write() as transaction:
            writing = transaction.connection
            await writing.run_sync(_refuse_full, new.url)
            await writing.run_sync(upgrade)
            _refuse_older(await reading.run_sync(version_of), await writing.run_sync(version_of))
            moved = tuple([await _copy(as_kept(table), reading, writing, tell) for table in metadata.sorted_tables])
            await _compare(moved, writing)
            if new.url.get_backend_name() == "postgresql":
                for table in metadata.sorted_tables:
                    await _go_on_counting(table, writing)
            return moved
    except (DBAPIError, Unavailable) as error:
        raise StorageError(f"The registry could not be moved. {await permissions.why(new, error)}") from None


def _refuse_older(version: str | None, wanted: str | None) -> None:
    if version != wanted:
        raise StorageError("The registry is of an older version: start the bot on it once, stop it, and move then.")


@asynccontextmanager
async def _opened(url: URL) -> AsyncIterator[Database]:
    database = await Database.open(url.render_as_string(hide_password=False), alone=True)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def _held(database: Database) -> AsyncIterator[AsyncConnection]:
    """Give a view of *database* that nobody changes meanwhile; raises StorageError where a bot runs on it."""
    is_file = database.url.get_backend_name() == "sqlite"  # which we have to ourselves, see `alone`
    async with database.read() if is_file else database.write() as transaction:
        async with permissions.explained(database):
            version = await transaction.connection.run_sync(version_of)
        if version is None:
            raise StorageError(f"The database {database.url.database} holds no registry.")
        refuse_newer(version)
        _refuse_older(version, newest_version())
        if not is_file:
            await _lock(transaction)
        yield transaction.connection


async def _lock(transaction: Transaction) -> None:
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    await transaction.connection.execute(text("SET LOCAL lock_timeout = '10s'"))
    # It stays open, and idle, while the other database takes what was read.
    await transaction.connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    try:
        await transaction.connection.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
    except DBAPIError:
        raise StorageError("Somebody writes to the registry and does not let go. Stop every bot on it first.") from None
    processes = metadata.tables["processes"]
    living = select(func.count()).where(
        processes.c.stopped_at.is_(None),
        func.extract("epoch", func.now() - processes.c.seen_at) < _SEEN_S,
    )
    number = (await transaction.connection.execute(living)).scalar_one()
    if number:
        raise StorageError(f"The bot runs on the registry ({number} of its processes). Stop it first, all of it.")


def _refuse_full(connection: Any, url: URL) -> None:
    there = set(inspect(connection).get_table_names())
    if there & {*metadata.tables, "alembic_version"}:
        raise StorageError(
            f"The database {url.database} holds a registry already, which is never overwritten. Name an empty one."
        )


def as_kept(table: Table) -> Table:
    """Return *table* with its columns as the database keeps them: JSON and words of enumerations are text."""
    columns = [
        Column(column.name, column.type.impl if isinstance(column.type, Json | OneOf) else column.type)
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


async def _copy(table: Table, reading: AsyncConnection, writing: AsyncConnection, tell: Tell) -> Moved:
    rows, total = 0, 0
    async with reading.stream(select(table)) as result:
        async for part in result.partitions(_BATCH):
            await writing.execute(insert(table), [dict(row._mapping) for row in part])  # noqa: SLF001 - its public name
            rows += len(part)
            total = (total + sum(map(_hash, part))) % _MODULUS
    moved = Moved(table.name, rows, f"{total:064x}")
    tell(moved)
    return moved


async def _compare(moved: tuple[Moved, ...], writing: AsyncConnection) -> None:
    """Read everything again from where it went; raises StorageError where it differs from what was read."""
    for one in moved:
        rows, total = 0, 0
        async with writing.stream(select(as_kept(metadata.tables[one.table]))) as result:
            async for part in result.partitions(_BATCH):
                rows += len(part)
                total = (total + sum(map(_hash, part))) % _MODULUS
        if (rows, f"{total:064x}") != (one.rows, one.checksum):
            raise StorageError(
                f"The table {one.table} did not arrive as it was sent ({one.rows} rows sent, {rows} arrived). "
                "Nothing was kept; the source is as it was."
            )


def _hash(row: Row[Any]) -> int:
    """Return a hash of the row that is the same from whichever engine it was read."""
    values = "\x1f".join(_canonical(value) for value in row)
    return int.from_bytes(hashlib.sha256(values.encode("utf-8", "surrogatepass")).digest(), "big")


def _canonical(value: Any) -> str:
    """Write *value* with its kind, so that no two values of different meaning are alike."""
    if isinstance(value, datetime):
        return f"t:{value.astimezone(UTC).isoformat(timespec='microseconds')}"
    if isinstance(value, memoryview | bytearray):
        value = bytes(value)
    return f"{type(value).__name__}:{value!r}"


async def _go_on_counting(table: Table, writing: AsyncConnection) -> None:
    """Have numbers that PostgreSQL gives out go on after the last one that arrived."""
    counted = table.autoincrement_column
    if counted is None or counted.foreign_keys:
        return
    last = func.max(counted)
    sequence = func.pg_get_serial_sequence(table.name, counted.name)
    await writing.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))).select_from(table))


def _remove(path: Path) -> None:
    """Remove the file that was begun at *path*, and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", ".lock"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
