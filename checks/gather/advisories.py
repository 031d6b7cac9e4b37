"""
The local index of advisories, one sqlite3 file under the home, as the checks ask it.

It is only read here; `checks.gather.advisories_update` builds it. Apart, so that a check loads nothing that fetches.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from checks.fact import Missing
from checks.facts.packages.advisory import ECOSYSTEMS, Advisory, Answer
from checks.model import AdvisoryData

NAME = "advisories.sqlite"
HOW = "groundcrew advisories update"
LOOKED = "looked"  # the mark that says when the source was last asked for all that it had

_AHEAD = timedelta(days=1)  # as far as honest clocks differ
_MOST_ASKED = 200_000  # packages of one repository
_LARGEST_ANSWER = 48 * 1024 * 1024  # bytes; a message to the worker holds 64 MiB


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the index holds: the *data* that reports name, and the number of records *by_ecosystem*."""

    data: AdvisoryData
    by_ecosystem: dict[str, int]


async def answer(home: Path, question: bytes, max_age: timedelta | None = None) -> bytes:
    """
    Return the Answer, as JSON, to *question*, a JSON list of (ecosystem, name); raises Missing with the reason.

    Data whose newest change is older than *max_age* is said to be stale.
    """
    return await asyncio.to_thread(_answer, home, question, max_age)


def describe(home: Path) -> AdvisoryData | None:
    """Return which data the index of *home* holds, or None where there is none that can be read."""
    held = holdings(home)
    return held.data if held is not None else None


def holdings(home: Path) -> Holdings | None:
    """Return what the index of *home* holds, or None where there is none that can be read."""
    try:
        with _opened(home) as connection:
            rows = connection.execute("select ecosystem, count(distinct id) from affects group by ecosystem")
            return Holdings(_data(connection), dict(rows))
    except (Missing, sqlite3.Error, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Marks:
    """What an update needs to know of the index: its *meta*, and the *newest* change of each ecosystem in it."""

    meta: dict[str, str]
    newest: dict[str, datetime]


def changed_since(home: Path, since: datetime, most: int) -> tuple[Advisory, ...] | None:
    """Return what has changed in the index of *home* after *since*; None where that is more than *most*."""
    try:
        with _opened(home) as connection:
            select = "select record from advisory where modified > ? limit ?"
            rows = connection.execute(select, (since.isoformat(), most + 1)).fetchall()
    except (Missing, sqlite3.Error, ValueError):
        return ()
    return None if len(rows) > most else tuple(msgspec.json.decode(row[0], type=Advisory) for row in rows)


def marks_of(home: Path) -> Marks:
    """Return the marks of the index of *home*; empty ones where there is none that can be read."""
    try:
        with _opened(home) as connection:
            meta = dict(connection.execute("select key, value from meta"))
            rows = connection.execute(
                "select ecosystem, max(modified) from affects join advisory using (id) group by ecosystem"
            )
            newest = {ecosystem: date for ecosystem, text in rows if (date := date_of(text)) is not None}
            return Marks(meta, newest)
    except (Missing, sqlite3.Error, ValueError):
        return Marks({}, {})


def date_of(text: str) -> datetime | None:
    """Return the moment that *text* names, in UTC to the second, or None where it names none."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def staleness(date: datetime | None, looked: datetime | None, max_age: timedelta | None, now: datetime) -> str:
    """
    Return, as a sentence without its full stop, that the data is older than *max_age*; empty where it is not.

    *date* is that of its newest change, *looked* when the source was last known to have nothing newer.
    """
    until = max(filter(None, (date, looked)), default=None)
    if max_age is None or (until is not None and -_AHEAD <= now - until <= max_age):
        return ""
    if until is not None and until > now:
        return (
            f"the advisory data is of {until:%Y-%m-%d} and this machine's clock stands at {now:%Y-%m-%d}: one is wrong"
        )
    since = f"of {until:%Y-%m-%d}" if until is not None else "of nobody knows when"
    return f"the advisory data is {since}: newer vulnerabilities are not known"


def _answer(home: Path, question: bytes, max_age: timedelta | None = None) -> bytes:
    try:
        asked = msgspec.json.decode(question, type=tuple[tuple[str, str], ...])
    except msgspec.DecodeError:
        raise Missing("the question about advisories could not be understood") from None
    if not asked:  # no package, no advisory: no index is needed to know that
        return msgspec.json.encode(Answer("", None, ECOSYSTEMS, ()))
    if len(asked) > _MOST_ASKED:
        raise Missing(f"the repository names more than {_MOST_ASKED:,} packages")
    try:
        with _opened(home) as connection:
            data, looked = _data(connection), _looked(connection)
            ecosystems = tuple(row[0] for row in connection.execute("select distinct ecosystem from affects"))
            records = tuple(_records(connection, asked))
    except (sqlite3.Error, ValueError):
        raise Missing("the advisory data cannot be read") from None
    stale = staleness(data.date, looked, max_age, datetime.now(UTC))
    return msgspec.json.encode(Answer(data.source, data.date, ecosystems, records, stale))


def _records(connection: sqlite3.Connection, asked: Iterable[tuple[str, str]]) -> Iterator[Advisory]:
    seen: set[str] = set()
    size = 0
    select = "select id, record from affects join advisory using (id) where ecosystem = ? and name = ?"
    for pair in asked:
        for identifier, record in connection.execute(select, pair):
            if identifier in seen:
                continue
            seen.add(identifier)
            size += len(record)
            if size > _LARGEST_ANSWER:
                raise Missing("its packages have more advisories than fit into one answer")
            yield msgspec.json.decode(record, type=Advisory)


def _data(connection: sqlite3.Connection) -> AdvisoryData:
    meta = dict(connection.execute("select key, value from meta"))
    return AdvisoryData(meta.get("source", ""), date_of(meta.get("date", "")))


def _looked(connection: sqlite3.Connection) -> datetime | None:
    row = connection.execute("select value from meta where key = ?", (LOOKED,)).fetchone()
    return date_of(row[0]) if row is not None else None


@contextlib.contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    """Yield the index of *home*, to be read only; raises Missing where there is none."""
    path = home / NAME
    if not path.is_file():
        raise Missing("there is no advisory data yet")
    # `immutable`: nobody writes to this file, an update replaces it.
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        yield connection
