"""
The one place that knows SQLite: where its file may stand, how a connection is set up, and its triggers.

Measured: a deferred transaction that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT whatever the
timeout, so every write transaction is BEGIN IMMEDIATE and reads have an engine of their own.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import MissingGreenlet, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import StorageError

#: How long a writer waits for another process. Nothing interrupts SQLite's own wait, so it is many short ones: a stop,
#: which cancels it, waits for one of them.
_WAIT_S = 30.0
_ONE_WAIT_MS = 1000
_LONGEST_LOG = 32 << 20  # bytes of the write-ahead log
_AT_START_S = 2.0  # at the start nobody should be writing for longer
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"})


def make_engine(url: URL, *, writes: bool) -> AsyncEngine:
    """
    Return an engine over the file that *url* names.

    The one that *writes* has a single connection, as SQLite has a single writer; waiting for it is the caller's.
    """
    size = {"pool_size": 1, "max_overflow": 0} if writes else {"pool_size": 5}
    engine = create_async_engine(url, hide_parameters=True, **size)
    engine.dialect.do_terminate = _end  # type: ignore[method-assign,assignment]  # of this engine; no option does it

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_ONE_WAIT_MS}")
        cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")  # of a new file; what tidying frees goes back to the disk
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA journal_size_limit={_LONGEST_LOG}")  # else it stays as long as it ever was
        cursor.execute("PRAGMA synchronous=FULL")  # pages must survive a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_so(connection: Connection) -> None:
        if writes:
            _begin_to_write(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_to_write(connection: Connection) -> None:
    """Begin a write; raises OperationalError where another process has been writing for half a minute."""
    ends = time.monotonic() + _WAIT_S
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or time.monotonic() >= ends:
                raise
        else:
            return


def _end(connection: Any) -> None:
    """
    Close a *connection* over which a statement was cancelled.

    The library would have a task close it, and end the connection's thread where it is cancelled once more: then that
    task waits for the thread for ever.
    """
    try:
        connection.close()
    except MissingGreenlet:  # it is the garbage collector that asks
        connection.terminate()


def prepare_folder(path: Path) -> None:
    """Make the folder of the registry *path*; raises StorageError where no SQLite file can be in it."""
    kind = _filesystem(path)
    if kind in _REMOTE:
        raise StorageError(
            f"The registry {path} is on a network drive ({kind}), where SQLite loses data. "
            "Put GROUNDCREW_HOME on a local disk, or use PostgreSQL (GROUNDCREW_DATABASE_URL)."
        )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def prepare_file(path: Path) -> None:
    """Make the file at *path* for its owner alone; raises StorageError with the exact cause where it cannot be used."""
    prepare_folder(path)
    try:
        with contextlib.suppress(FileExistsError):
            made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
            give_to_owner_of(path.parent, made)
            os.close(made)
        os.close(os.open(path, os.O_RDWR))
        probe = path.with_name(f".{path.name}.{os.getpid()}")
        probe.touch(0o600)  # SQLite writes -wal and -shm beside its file
        probe.unlink()
    except OSError as error:
        raise _unwritable(path, error) from None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StorageError(f"The registry {path} can be read by other users of this machine. Run: chmod 600 {path}")


def give_to_owner_of(folder: Path, *files: int | Path) -> None:
    """Give *files* to the user whose *folder* it is: root may make them for a bot that is somebody else."""
    if os.geteuid() == 0:
        owner = folder.stat()
        for file in files:
            os.chown(file, owner.st_uid, owner.st_gid)


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The registry {path} cannot be written: {error.strerror}. "
        "Make it and its folder writable for the user that runs the bot."
    )


def hold(path: Path) -> int:
    """
    Take the registry at *path* for this process alone, and return the descriptor that holds it.

    The lock is a file of its own, because closing any descriptor of SQLite's file would drop SQLite's locks; it ends
    with the process. Raises StorageError where another process holds it.
    """
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner = os.read(lock, 32).decode("ascii", "replace").strip()
        os.close(lock)
        raise StorageError(
            f"Another bot (process {owner or 'unknown'}) uses the registry {path}. Stop it first; "
            "several bots need PostgreSQL (GROUNDCREW_DATABASE_URL)."
        ) from None
    give_to_owner_of(path.parent, lock)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def try_out(path: Path) -> None:
    """Begin a write in the file at *path* and take it back; raises StorageError saying what is wrong with it."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_AT_START_S, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise StorageError(cause(path, str(error))) from None
    if damage != "ok":
        raise StorageError(cause(path, f"malformed: {damage}"))


def cause(path: Path, reason: str) -> str:
    """Return the sentence for what SQLite says, *reason*, of the registry at *path*."""
    if "locked" in reason or "busy" in reason:
        return f"Another process is writing to the registry {path} and does not let go. End it and start again."
    if "not a database" in reason:
        return f"The file {path} is not a registry. Move it away, or set GROUNDCREW_HOME to another folder."
    if "malformed" in reason:
        return f"The registry {path} is damaged ({reason.splitlines()[0]}). Put back the last backup."
    if "full" in reason or "disk I/O" in reason:
        return f"The registry {path} cannot be written ({reason.splitlines()[0]}). Make room on its disk; start again."
    return f"The registry {path} cannot be used: {reason.splitlines()[0]}."


def _filesystem(path: Path) -> str:
    """Return the kind of file system that holds *path*, or an empty string where the machine does not say."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    where = str(path.absolute().parent.resolve())
    best, kind = "", ""
    for mount in mounts:
        folder, name = mount.split(" ")[1:3]
        folder = folder.replace("\\040", " ")
        inside = folder in {"/", where} or where.startswith(f"{folder}/")
        if inside and len(folder) >= len(best):
            best, kind = folder, name
    return kind


def append_only(table: str) -> tuple[str, ...]:
    """Return the statements after which rows of *table* can be added but neither changed nor removed."""
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    )
