"""
What package indexes have answered, kept with its date in one sqlite3 file under the home.

Only the parent opens it. A file that is damaged is made anew: what was in it can be asked again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from checks.facts.packages.index_answer import Asked, Known

NAME = "packages.sqlite"
_SETTLED = timedelta(days=7)
#: What does not exist may be registered any hour, and what is young may be taken down.
_UNSETTLED = timedelta(hours=12)
_YOUNG = timedelta(days=60)
_MOST = 200_000  # names; the oldest answers go first
_SCHEMA = """
create table if not exists answer (
    host text not null, ecosystem text not null, name text not null, versions text not null, at text not null,
    known blob not null, primary key (host, ecosystem, name)
) without rowid
"""


def find(home: Path, host: str, asked: Sequence[Asked], now: datetime) -> dict[tuple[str, str], Known]:
    """Return what *host* has answered to those of *asked* that need not be asked again, by (ecosystem, name)."""
    found: dict[tuple[str, str], Known] = {}
    with contextlib.suppress(sqlite3.Error, msgspec.MsgspecError, ValueError), closing(_opened(home)) as connection:
        select = "select versions, at, known from answer where host = ? and ecosystem = ? and name = ?"
        for one in asked:
            row = connection.execute(select, (host, one.ecosystem, one.name)).fetchone()
            # An answer tells of withdrawn versions only among those that were asked about.
            if row is None or not set(one.versions) <= set(row[0].split()):
                continue
            known = msgspec.json.decode(row[2], type=Known)
            if now - datetime.fromisoformat(row[1]) < _lasts(known, now):
                found[one.ecosystem, one.name] = known
    return found


def keep(home: Path, host: str, answers: Iterable[tuple[Asked, Known]], now: datetime) -> None:
    """Keep what *host* answered; that nothing can be written loses no more than the next asking."""
    rows = [
        (host, one.ecosystem, one.name, " ".join(one.versions), now.isoformat(), msgspec.json.encode(known))
        for one, known in answers
    ]
    with contextlib.suppress(sqlite3.Error, OSError):
        try:
            _write(home, rows)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or full: it is whole
                raise
            (home / NAME).unlink(missing_ok=True)
            _write(home, rows)


def _write(home: Path, rows: Sequence[tuple[object, ...]]) -> None:
    with closing(_opened(home)) as connection, connection:
        connection.executemany("insert or replace into answer values (?, ?, ?, ?, ?, ?)", rows)
        connection.execute(
            "delete from answer where at < (select at from answer order by at desc limit 1 offset ?)", (_MOST,)
        )


def _opened(home: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(home / NAME, timeout=2)
    try:
        (home / NAME).chmod(0o600)
        connection.execute(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _lasts(known: Known, now: datetime) -> timedelta:
    young = known.first is not None and now - known.first < _YOUNG
    return _SETTLED if known.exists and not young else _UNSETTLED
