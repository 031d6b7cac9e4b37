"""
Backups of a registry: one file that holds all of it at one moment, made while the bot runs, and put back from.

A file counts as a backup once it was read whole and its audit log follows from its beginning to its end; until then it
has another name.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import postgresql_programs, sqlite, sqlite_files
from storage.database import parse
from storage.errors import StorageError
from storage.migrate import refuse_newer

_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was looked at: its file, the size of it in bytes, and the version of its tables."""

    path: Path
    size: int
    version: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A registry that was put back: the version of its tables, and where the one before it is now, if there was one."""

    version: str
    aside: Path | None


def back_up(url: str, target: Path, *, force: bool = False) -> Backup:
    """
    Write the registry at *url* to the file *target*, while it is in use.

    Raises StorageError with the exact cause where that cannot be, also where *target* exists, unless with *force*.
    """
    parsed = parse(url)
    if target.exists() and not force:
        raise StorageError(f"{target} exists already. Name another file, or add --force to replace it.")
    unchecked = target.with_name(f".{target.name}.{os.getpid()}.unchecked")
    try:
        sqlite_files.make_private(unchecked)
        if parsed.get_backend_name() == "sqlite":
            registry = Path(parsed.database or "")
            if not registry.exists():
                raise StorageError(f"There is no registry {registry} yet: nothing to back up.")
            sqlite_files.copy(registry, unchecked)
        else:
            postgresql_programs.dump(parsed, unchecked)
        version = _look_at(unchecked)
        sqlite_files.force(unchecked)
        unchecked.replace(target)
        sqlite_files.force(target.parent)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        with contextlib.suppress(OSError):
            unchecked.unlink(missing_ok=True)
    return Backup(target, target.stat().st_size, version)


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
    postgresql_programs.load(source, parsed)
    return Restored(version, None)


def _restore_file(registry: Path, source: Path) -> Restored:
    sqlite.prepare_folder(registry)
    with contextlib.ExitStack() as stack:
        lock = sqlite.hold(registry)
        stack.callback(os.close, lock)
        try:
            incoming = sqlite_files.take_in(source, registry)
            stack.callback(incoming.unlink, missing_ok=True)
            version = _look_at(incoming, source)
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
