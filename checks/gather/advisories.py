"""
The local index of advisories: one sqlite3 file under the home, built from OSV records, asked by the checks.

An update is whole or nothing: the new index is built beside the old one and takes its place by a rename, so a source
that fails leaves what was there. Only what matching needs is kept of a record (`checks.facts.osv`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from checks.engine import prepare_home
from checks.fact import Missing
from checks.facts.advisories import Answer
from checks.facts.osv import ECOSYSTEMS, Advisory, Malformed, trimmed
from checks.gather.download import download
from checks.gather.osv_source import UnusableSource, files_of, records_of
from checks.model import AdvisoryData

NAME = "advisories.sqlite"
HOW = "groundcrew advisories update --from FILE|FOLDER|URL"

_MOST_ASKED = 200_000  # packages of one repository
_LARGEST_ANSWER = 48 * 1024 * 1024  # bytes; a message to the worker holds 64 MiB
_SCHEMA = """
create table meta (key text primary key, value text not null) without rowid;
create table advisory (id text primary key, modified text not null, record blob not null);
create table affects (ecosystem text, name text, id text, primary key (ecosystem, name, id)) without rowid;
"""


@dataclass(slots=True)
class Tally:
    """What became of the records of an update: *kept* by ecosystem, and how many were left out, by reason."""

    kept: Counter[str] = field(default_factory=Counter)
    records: int = 0
    malformed: int = 0
    withdrawn: int = 0
    elsewhere: int = 0  # about ecosystems that are not matched here
    usable: int = 0  # what sources held, one record in two of them counted twice


@dataclass(frozen=True, slots=True)
class Built:
    """What an update brought: the *data* that reports will name, and the *tally* of its records."""

    data: AdvisoryData
    tally: Tally


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the index holds: the *data* that reports name, and the number of records *by_ecosystem*."""

    data: AdvisoryData
    by_ecosystem: dict[str, int]


async def answer(home: Path, question: bytes) -> bytes:
    """Return the Answer, as JSON, to *question*, a JSON list of (ecosystem, name); raises Missing with the reason."""
    return await asyncio.to_thread(_answer, home, question)


async def build(sources: Sequence[str], home: Path) -> Built:
    """
    Build the index of *home* anew from *sources*: files, folders and https addresses.

    Raises UnusableSource with a sentence where one of them cannot be used or holds no usable record (an error page
    saved as a file, say), SettingError where the home cannot be written; the index is then as it was.
    """
    prepare_home(home)
    with tempfile.TemporaryDirectory(prefix="advisories-", dir=home) as folder:
        files: list[tuple[str, list[Path]]] = []
        for number, source in enumerate(sources):
            if "://" in source:
                fetched = Path(folder) / f"{number}.download"
                await download(source, fetched)
                files.append((_named(source), [fetched]))
            else:
                files.append((_named(source), files_of(Path(source))))
        new = Path(folder) / NAME
        built = await asyncio.to_thread(_build, files, new)
        new.replace(home / NAME)
    return built


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


def _named(source: str) -> str:
    """Return *source* as reports name it: an address without what may be secret in it, a path by its last two parts."""
    if "://" in source:
        scheme, _, rest = source.partition("://")
        return f"{scheme}://{rest.partition('?')[0].partition('#')[0].rpartition('@')[2]}"
    return "/".join(Path(source).resolve().parts[-2:])


def _build(sources: Sequence[tuple[str, Sequence[Path]]], new: Path) -> Built:
    """Build the index *new* from *sources*, each its name and its files."""
    tally = Tally()
    os.close(os.open(new, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(new)) as connection:
        connection.executescript("pragma journal_mode = off; pragma synchronous = off;" + _SCHEMA)
        for source, files in sources:
            before = tally.usable
            for file in files:
                for record in records_of(file):
                    _keep(connection, record, tally)
            if tally.usable == before:
                raise UnusableSource(
                    f"{source} holds no usable advisory of {' or '.join(ECOSYSTEMS)}; the index stays as it was."
                )
        connection.execute("delete from advisory where length(record) = 0")
        tally.records = connection.execute("select count(*) from advisory").fetchone()[0]
        tally.kept.update(
            dict(connection.execute("select ecosystem, count(distinct id) from affects group by ecosystem"))
        )
        newest = connection.execute("select max(modified) from advisory").fetchone()[0]
        named = f"{', '.join(source for source, _ in sources)} ({tally.records:,} records)"
        connection.executemany("insert into meta values (?, ?)", [("source", named), ("date", newest)])
        connection.commit()
    return Built(AdvisoryData(named, _date(newest)), tally)


def _keep(connection: sqlite3.Connection, record: Any, tally: Tally) -> None:
    """Put *record* into the index, unless a newer one of its id is there; one withdrawn takes its id out."""
    try:
        advisory = trimmed(record)
    except Malformed:
        tally.malformed += 1
        return
    modified = _plausible(record.get("modified"))
    known = connection.execute("select modified from advisory where id = ?", (advisory.id,)).fetchone()
    tally.usable += bool(advisory.affected)
    if known is not None and known[0] > modified:
        return
    if record.get("withdrawn"):
        tally.withdrawn += 1
    elif not advisory.affected:
        tally.elsewhere += 1
    if known is not None:
        connection.execute("delete from affects where id = ?", (advisory.id,))
        connection.execute("delete from advisory where id = ?", (advisory.id,))
    # What is withdrawn leaves an empty row until the end: an older word on it may come from the next source.
    holds = advisory.affected and not record.get("withdrawn")
    body = msgspec.json.encode(advisory) if holds else b""
    connection.execute("insert into advisory values (?, ?, ?)", (advisory.id, modified, body))
    if holds:
        rows = {(one.ecosystem, one.name, advisory.id) for one in advisory.affected}
        connection.executemany("insert into affects values (?, ?, ?)", rows)


def _plausible(modified: Any) -> str:
    """Return *modified* as text that orders by time, or an empty one where it is no moment of the past."""
    date = _date(modified if isinstance(modified, str) else "")
    return "" if date is None or date > datetime.now(UTC) + timedelta(days=1) else date.isoformat()


def _date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _answer(home: Path, question: bytes) -> bytes:
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
            data = _data(connection)
            ecosystems = tuple(row[0] for row in connection.execute("select distinct ecosystem from affects"))
            records = tuple(_records(connection, asked))
    except (sqlite3.Error, ValueError):
        raise Missing(f"the advisory data cannot be read: run `{HOW}` again") from None
    return msgspec.json.encode(Answer(data.source, data.date, ecosystems, records))


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
    return AdvisoryData(meta.get("source", ""), _date(meta.get("date", "")))


@contextlib.contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    """Yield the index of *home*, to be read only; raises Missing where there is none."""
    path = home / NAME
    if not path.is_file():
        raise Missing(f"no advisory data yet: run `{HOW}`")
    # `immutable`: nobody writes to this file, an update replaces it.
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        yield connection
