"""
The fact cache: parts by (collector key, blob id, kind), and records of whole histories, in one sqlite3 file.

Only the parent writes.

No secret value and no source text goes in: parts are what collectors made of a blob, and they promise as much. The file
is a cache and nothing else; one that is damaged is thrown away, one that cannot be opened is done without.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

Key = tuple[str, str, str]  # collector key, blob id, kind

_SCHEMA = """
create table if not exists part (
    collector text not null, oid text not null, kind text not null, part blob not null, day integer not null,
    primary key (collector, oid, kind)
) without rowid;
create index if not exists part_day on part (day);
create table if not exists record (name text primary key, record blob not null, day integer not null) without rowid;
"""
_DAY_S = 86_400
_KEEP_DAYS = 30
_LARGEST = 512 * 1024 * 1024  # bytes of the file; above it the oldest parts go
_log = logging.getLogger(__name__)


class Shelf:
    """An open fact cache. Its methods never raise: a part that cannot be kept is made again next time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._day = int(time.time()) // _DAY_S

    def find(self, keys: Sequence[Key]) -> list[bytes | None]:
        """Return the parts under *keys*, in their order; None where there is none."""
        select = "select part from part where collector = ? and oid = ? and kind = ?"
        try:
            rows = [self._connection.execute(select, key).fetchone() for key in keys]
            stale = [(self._day, *key) for key, row in zip(keys, rows, strict=True) if row]
            with self._connection:
                update = "update part set day = ?1 where collector = ?2 and oid = ?3 and kind = ?4 and day < ?1"
                self._connection.executemany(update, stale)
        except sqlite3.Error as error:
            _log.warning("the fact cache could not be read: %s", error)
            return [None] * len(keys)
        return [row[0] if row else None for row in rows]

    def keep(self, parts: Iterable[tuple[Key, bytes]]) -> None:
        """Keep *parts* under their keys."""
        rows = [(*key, part, self._day) for key, part in parts]
        try:
            with self._connection:
                self._connection.executemany("insert or replace into part values (?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            _log.warning("the fact cache could not be written: %s", error)

    def record(self, name: str) -> bytes | None:
        """Return what is kept under *name*: what was made of a whole repository, not of one blob."""
        try:
            row = self._connection.execute("select record from record where name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            _log.warning("the fact cache could not be read: %s", error)
            return None
        return row[0] if row else None

    def keep_record(self, name: str, record: bytes) -> None:
        """Keep *record* under *name*."""
        try:
            with self._connection:
                insert = "insert or replace into record values (?, ?, ?)"
                self._connection.execute(insert, (name, record, self._day))
        except sqlite3.Error as error:
            _log.warning("the fact cache could not be written: %s", error)

    def prune(self) -> None:
        """Forget parts that nobody asked for in a month, and the oldest half where the file is too large."""
        with suppress(sqlite3.Error), self._connection:
            for table in ("part", "record"):
                self._connection.execute(f"delete from {table} where day < ?", (self._day - _KEEP_DAYS,))  # noqa: S608 - ours
            pages, size = (
                self._connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "page_size")
            )
            if pages * size > _LARGEST:
                self._connection.execute("delete from part where day <= (select avg(day) from part)")


@contextmanager
def shelf(home: Path) -> Iterator[Shelf]:
    """Open the fact cache under *home*; a damaged file is replaced, and without a file the cache lives in memory."""
    path = home / "shelf.sqlite"
    try:
        connection = _opened(path)
    except sqlite3.OperationalError as error:
        _log.warning("the fact cache cannot be opened, so nothing is kept: %s", error)
        connection = _opened(Path(":memory:"))
    except sqlite3.DatabaseError:
        _log.warning("the fact cache is damaged and is made anew: %s", path)
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            name.unlink(missing_ok=True)
        connection = _opened(path)
    with closing(connection):
        yield Shelf(connection)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, check_same_thread=False)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = off")  # what is lost with the power is made again
        connection.executescript(_SCHEMA)
        if str(path) != ":memory:":
            path.chmod(0o600)
    except BaseException:
        connection.close()
        raise
    return connection
