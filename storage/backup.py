"""
Backups of a registry: one file that holds all of it at one moment, made while the bot runs, and put back from.

A file counts as a backup once it was read whole; until then it has another name.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage import audit_chain, permissions, postgresql_programs, sqlite, sqlite_files
from storage.audit_chain import Verdict
from storage.database import Database, Transaction, parse
from storage.errors import StorageError
from storage.migrate import refuse_newer

_SQLITE = b"SQLite format 3\x00"
#: Since the backup was made, what waited then may have been sent: the sender has to look before it sends it again.
_DOUBT = "UPDATE outbox SET tried_at = made_at WHERE sent_at IS NULL AND failed_at IS NULL AND tried_at IS NULL"
_DOUBTS_SINCE = "0004"  # the version from which rows say so


@dataclass(frozen=True, slots=True)
class Backup:
    """
    A backup that was looked at: its file, the size of it in bytes, and the version of its tables.

    *audit* says whether the audit log in it is whole. A file in which it is not is kept: it may be all there is.
    """

    path: Path
    size: int
    version: str
    audit: Verdict


@dataclass(frozen=True, slots=True)
class Restored:
    """A registry that was put back: the version of its tables, and where the one before it is now, if there was one."""

    version: str
    aside: Path | None


async def back_up(url: str, target: Path, *, force: bool = False) -> Backup:
    """
    Write the registry at *url* to the file *target*, while it is in use.

    Raises StorageError with the exact cause where that cannot be, also where *target* exists, unless with *force*.
    """
    parsed = parse(url)
    unchecked = target.with_name(f".{target.name}.{os.getpid()}.unchecked")
    try:
        version = await asyncio.to_thread(_write, parsed, target, unchecked, force=force)
        # pg_dump's file cannot be asked; the log only grows, so that what is there now holds all that the file does.
        audit = await _audit_of(unchecked) if parsed.get_backend_name() == "sqlite" else await _audit_at(url)
        return await asyncio.to_thread(_name, unchecked, target, version, audit)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(unchecked.unlink, missing_ok=True)


def _write(url: URL, target: Path, unchecked: Path, *, force: bool) -> str:
    """Write the registry to *unchecked*, and return the version of its tables."""
    if target.exists() and not force:
        raise StorageError(f"{target} exists already. Name another file, or add --force to replace it.")
    sqlite_files.make_private(unchecked)
    if url.get_backend_name() == "sqlite":
        registry = Path(url.database or "")
        if not registry.exists():
            raise StorageError(f"There is no registry {registry} yet: nothing to back up.")
        sqlite_files.copy(registry, unchecked)
    else:
        postgresql_programs.dump(url, unchecked)
    return _look_at(unchecked, target)


def _name(unchecked: Path, target: Path, version: str, audit: Verdict) -> Backup:
    sqlite_files.force(unchecked)
    unchecked.replace(target)
    sqlite_files.force(target.parent)
    return Backup(target, target.stat().st_size, version, audit)


async def _audit_of(copy: Path) -> Verdict:
    """Verify the audit log in the SQLite file *copy* as it lies there, on whatever kind of disk."""
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{quote(str(copy))}?mode=ro&uri=true")
    try:
        async with engine.connect() as connection:
            return await audit_chain.verify(Transaction(connection))
    except DBAPIError as error:
        raise StorageError(f"The audit log of the backup cannot be read: {error.orig}") from None
    finally:
        await engine.dispose()


async def _audit_at(url: str) -> Verdict:
    database = await Database.open(url)
    try:
        async with permissions.explained(database), database.read() as transaction:
            return await audit_chain.verify(transaction)
    finally:
        await database.close()


def restore(url: str, source: Path) -> Restored:
    """
    Put the registry back from the backup *source*; a SQLite registry that stands there is moved aside, never removed.

    Raises StorageError where the file is damaged, newer than this version or of the other engine, where a bot runs on
    the registry, and where the database of PostgreSQL is not empty. Nothing is changed then.
    """
    parsed = parse(url)
    backend = parsed.get_backend_name()
    made_of = _engine_of(source)
    if made_of != backend:
        raise StorageError(
            f"{source} is a backup of {_NAMES[made_of]}, and GROUNDCREW_DATABASE_URL names {_NAMES[backend]}. "
            f"Put it back where it came from, and move it with `groundcrew migrate`."
        )
    if backend == "sqlite":
        return _restore_file(Path(parsed.database or ""), source)
    version = _look_at(source)
    if not postgresql_programs.is_empty(parsed):
        raise StorageError(
            f"The database {parsed.database} is not empty. Make a new one (createdb), name it in "
            "GROUNDCREW_DATABASE_URL, and restore into that; what is there stays as it is."
        )
    postgresql_programs.load(source, parsed, postgresql_programs.role(parsed))
    if version >= _DOUBTS_SINCE:
        postgresql_programs.change(parsed, _DOUBT)
    return Restored(version, None)


def _restore_file(registry: Path, source: Path) -> Restored:
    sqlite.prepare_folder(registry)
    with contextlib.ExitStack() as stack:
        lock = sqlite.hold(registry)
        stack.callback(os.close, lock)
        try:
            incoming = sqlite_files.take_in(source, registry)
            stack.callback(incoming.unlink, missing_ok=True)
            sqlite.give_to_owner_of(registry.parent, incoming)
            version = _look_at(incoming, source)
            if version >= _DOUBTS_SINCE:
                sqlite_files.change(incoming, _DOUBT)
            at = datetime.now(UTC)
            aside = registry.with_name(f"{registry.name}.before-restore-{at:%Y%m%dT%H%M%SZ}")
            stood = sqlite_files.put_into_place(incoming, registry, aside)
        except OSError as error:
            raise StorageError(f"The registry {registry} cannot be written: {error.strerror}.") from None
    return Restored(version, aside if stood else None)


_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _engine_of(source: Path) -> str:
    try:
        with source.open("rb") as file:
            start = file.read(len(_SQLITE))
    except OSError as error:
        raise StorageError(f"{source} cannot be read: {error.strerror}.") from None
    if start == _SQLITE:
        return "sqlite"
    if start.startswith(postgresql_programs.MAGIC):
        return "postgresql"
    raise StorageError(f"{source} is no backup of a registry.")


def _look_at(file: Path, named: Path | None = None) -> str:
    """Read the backup *file* whole, and return the version of its tables; it is called *named* in what is said."""
    read = sqlite_files.look_at if _engine_of(file) == "sqlite" else postgresql_programs.look_at
    try:
        version = read(file)
    except StorageError as error:
        raise StorageError(str(error).replace(str(file), str(named or file))) from None
    refuse_newer(version)
    return version
