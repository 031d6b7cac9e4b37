"""
Whole SQLite registries as files: a copy of one that is in use, a look at a copy, and putting one into place.

A copy is made by VACUUM INTO, which is one read of one moment whatever is written meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from storage.errors import StorageError
from storage.sqlite import cause, give_to_owner_of

_WAIT_S = 30.0
_SHRINK_S = 2.0
_SHRINK_PAGES = 1000
_INCREMENTAL = 2  # https://sqlite.org/pragma.html#pragma_auto_vacuum
#: What SQLite keeps beside its file while it is open, and after a crash.
_BESIDE = ("-wal", "-shm")


def copy(registry: Path, target: Path) -> None:
    """Write the registry as it is at one moment to *target*, an empty file; raises StorageError, OSError."""
    try:
        with contextlib.closing(_open(registry, "rw")) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        if "full" in str(error):
            raise StorageError(f"There is no room for the backup in {target.parent}.") from None
        raise StorageError(cause(registry, str(error))) from None
    force(target)


def look_at(path: Path) -> str:
    """
    Read the whole registry at *path*, and return the version of its tables.

    Raises StorageError saying what is wrong where it is damaged, or where it is no registry.
    """
    try:
        with contextlib.closing(_open(path, "ro")) as connection:
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise StorageError(f"{path} is damaged ({said.splitlines()[0]}). Use another backup.")
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
            if loose is not None:
                raise StorageError(f"{path} is damaged (a row of {loose[0]} points to nothing). Use another backup.")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        if "no such table" in str(error):
            raise StorageError(f"{path} is a SQLite file, but no registry of Groundcrew.") from None
        raise StorageError(f"{path} is damaged, or no registry ({error}). Use another backup.") from None
    if row is None:
        raise StorageError(f"{path} does not say which version of Groundcrew wrote it. Use another backup.")
    return str(row[0])


def change(path: Path, statement: str) -> None:
    """Run *statement* in the registry at *path*, which nobody else has open."""
    with contextlib.closing(_open(path, "rw")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # so that all of it is in the one file
        connection.execute(statement)


def take_in(source: Path, beside: Path) -> Path:
    """Copy the file *source* into the folder of *beside*, for its owner alone and safely on disk; return the copy."""
    copied = beside.with_name(f".{beside.name}.{os.getpid()}.incoming")
    with source.open("rb") as there, _private(copied) as here:
        shutil.copyfileobj(there, here, 1 << 20)
        here.flush()
        os.fsync(here.fileno())
    return copied


def put_into_place(new: Path, registry: Path, aside: Path) -> bool:
    """
    Put *new* in the place of the registry, which is *aside* from then on; False where none stood there.

    Whenever it is cut off, one of both stands: a start that found none would make an empty one.
    """
    stood = registry.exists()
    if stood:
        # What is only in the -wal belongs into the file that is kept; a damaged one is kept as it is, both files of it.
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_open(registry, "rw")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _keep_as(registry, aside)
    for ending in _BESIDE:  # also without the file that they belonged to: with a new one they would ruin it
        with contextlib.suppress(FileNotFoundError):
            registry.with_name(registry.name + ending).rename(aside.with_name(aside.name + ending))
    new.replace(registry)
    force(registry.parent)
    return stood


def _keep_as(registry: Path, aside: Path) -> None:
    """Have the file be called *aside* as well."""
    try:
        os.link(registry, aside)
    except OSError:  # a file system without second names
        copied = take_in(registry, aside)
        give_to_owner_of(registry.parent, copied)
        copied.rename(aside)
    force(registry.parent)


def shrink(registry: Path) -> bool:
    """
    Give some pages that nothing uses back to the disk, and empty the write-ahead log; True where there are more.

    Where a reader holds on to the log it is left as it is: SQLite itself moves on in it, and the next day comes.
    """
    try:
        with contextlib.closing(_open(registry, "rw", _SHRINK_S)) as connection:
            connection.execute(f"PRAGMA incremental_vacuum({_SHRINK_PAGES})").fetchall()
            (left,) = connection.execute("PRAGMA freelist_count").fetchone()
            (kind,) = connection.execute("PRAGMA auto_vacuum").fetchone()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise StorageError(cause(registry, str(error))) from None
    return bool(left) and kind == _INCREMENTAL


def make_private(path: Path) -> None:
    """Make the empty file *path* for its owner alone; raises FileExistsError where there is one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def force(path: Path) -> None:
    """Have the file, or the names in the folder, at *path* survive a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _open(path: Path, mode: str, wait_s: float = _WAIT_S) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=wait_s, isolation_level=None)


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")
