"""
Builds the local index of advisories anew from OSV records: whole or not at all.

The new index is built beside the old one and takes its place by a rename, so a source that fails leaves what was there.
So does one that is damaged, or holds far less than the index did: a vulnerability that is in no index counts as none.
Only what matching needs is kept of a record (`checks.facts.packages.advisory`).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from checks.engine import prepare_home
from checks.facts.packages.advisory import ECOSYSTEMS
from checks.facts.packages.osv import Malformed, trimmed
from checks.gather.advisories import NAME, date_of, holdings
from checks.gather.download import download
from checks.gather.osv_source import Placed, Unread, UnusableSource, files_of, records_of
from checks.gather.scratch import scratch
from checks.model import AdvisoryData

SCRATCH = "updating-advisories-"  # how the folders begin in which an index is built
_MALFORMED_OF = 100  # one record of so many may be malformed: a writer's slip; more is a damaged source
_FAST = "pragma journal_mode = off; pragma synchronous = off;"  # nobody reads it before it is whole
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
    read: int = 0
    malformed: int = 0
    not_json: int = 0  # of those that are malformed
    first_malformed: str = ""  # where it stands
    withdrawn: int = 0
    elsewhere: int = 0  # about ecosystems that are not matched here
    usable: int = 0  # what sources held, one record in two of them counted twice


@dataclass(frozen=True, slots=True)
class Built:
    """What an update brought: the *data* that reports will name, and the *tally* of its records."""

    data: AdvisoryData
    tally: Tally


async def build(sources: Sequence[str], home: Path) -> Built:
    """
    Build the index of *home* anew from *sources*: files, folders and https addresses.

    Raises UnusableSource with a sentence where one of them cannot be used, is damaged, or holds no usable record (an
    error page saved as a file, say), and where the index would lose more than half of an ecosystem; SettingError where
    the home cannot be written. The index is then as it was.
    """
    prepare_home(home)
    with scratch(home, SCRATCH) as folder:
        files: list[tuple[str, list[Path]]] = []
        for number, source in enumerate(sources):
            if "://" in source:
                fetched = folder / f"{number}.download"
                await download(source, fetched)
                files.append((_named(source), [fetched]))
            else:
                files.append((_named(source), files_of(Path(source))))
        new = folder / NAME
        built = await asyncio.to_thread(build_from, files, new)
        await asyncio.to_thread(refuse_loss, built.tally, home)
        put_in_place(new, home)
    return built


def put_in_place(new: Path, home: Path) -> None:
    """Have *new* be the index of *home* from now on."""
    give_to_owner_of(home, new)
    new.replace(home / NAME)


def give_to_owner_of(home: Path, *files: Path) -> None:
    """Give *files* to the user whose *home* it is: root may update the index of a bot that is somebody else."""
    if os.geteuid() == 0:
        owner = home.stat()
        for file in files:
            os.chown(file, owner.st_uid, owner.st_gid)


def _named(source: str) -> str:
    """Return *source* as reports name it: an address without what may be secret in it, a path by its last two parts."""
    if "://" in source:
        scheme, _, rest = source.partition("://")
        return f"{scheme}://{rest.partition('?')[0].partition('#')[0].rpartition('@')[2]}"
    path = Path(source).resolve()
    return "/".join(path.parts[-2:]) if len(path.parts) > 3 else str(path)  # noqa: PLR2004 - the root and two names


def build_from(
    sources: Sequence[tuple[str, Sequence[Path]]], new: Path, marks: Mapping[str, str] | None = None
) -> Built:
    """
    Build the index *new* from *sources*, each its name and its files; *marks* are kept in it by name.

    Raises UnusableSource with a sentence where a source is damaged or holds nothing.
    """
    tally = Tally()
    os.close(os.open(new, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(new)) as connection:
        connection.executescript(_FAST + _SCHEMA)
        for source, files in sources:
            before = tally.usable
            for file in files:
                for record in records_of(file):
                    _keep(connection, record, tally)
            if tally.usable == before:
                raise UnusableSource(
                    f"{source} holds no usable advisory of {' or '.join(ECOSYSTEMS)}; the index stays as it was."
                )
        _refuse_damage(tally)
        return _finished(connection, ", ".join(source for source, _ in sources), tally, marks or {})


def change(index: Path, source: str, files: Sequence[Path], marks: Mapping[str, str]) -> Built:
    """
    Put the records in *files* into *index*, a copy of the one in use, in place of those of the same ids.

    Raises UnusableSource with a sentence where one of them is damaged.
    """
    tally = Tally()
    with closing(sqlite3.connect(index)) as connection:
        connection.executescript(_FAST)
        for file in files:
            for record in records_of(file):
                _keep(connection, record, tally)
        if tally.not_json:  # one malformed record of a few is a writer's slip; the one it replaces stays
            _refuse_damage(tally)
        return _finished(connection, source, tally, marks)


def _finished(connection: sqlite3.Connection, source: str, tally: Tally, marks: Mapping[str, str]) -> Built:
    """Drop what was withdrawn, count, and write down what the index is."""
    connection.execute("delete from advisory where length(record) = 0")
    tally.records = connection.execute("select count(*) from advisory").fetchone()[0]
    tally.kept.update(dict(connection.execute("select ecosystem, count(distinct id) from affects group by ecosystem")))
    newest = connection.execute("select max(modified) from advisory").fetchone()[0] or ""
    named = f"{source} ({tally.records:,} records)"
    meta = {"source": named, "date": newest, **marks}
    connection.executemany("insert or replace into meta values (?, ?)", meta.items())
    connection.commit()
    return Built(AdvisoryData(named, date_of(newest)), tally)


def _refuse_damage(tally: Tally) -> None:
    """Raise UnusableSource where the records of *tally* are more than here and there malformed, or cut off."""
    if tally.not_json or tally.malformed * _MALFORMED_OF > tally.read:
        raise UnusableSource(
            f"{tally.malformed:,} of {tally.read:,} records cannot be read, the first at {tally.first_malformed}: "
            "the source is damaged or cut off, fetch it again; the index stays as it was."
        )


def refuse_loss(tally: Tally, home: Path) -> None:
    """Raise UnusableSource where the index of *home* holds more than twice as many records of an ecosystem."""
    held = holdings(home)
    for ecosystem, before in sorted(held.by_ecosystem.items()) if held else ():
        if tally.kept[ecosystem] * 2 < before:
            raise UnusableSource(
                f"{tally.kept[ecosystem]:,} advisories of {ecosystem} would take the place of {before:,}; the index "
                f"stays as it was. If that is meant, remove {home / NAME} first."
            )


def _keep(connection: sqlite3.Connection, placed: Placed, tally: Tally) -> None:
    """Put a record into the index, unless a newer one of its id is there; one withdrawn takes its id out."""
    place, record = placed
    tally.read += 1
    try:
        advisory = trimmed(record)
    except Malformed:
        tally.malformed += 1
        tally.not_json += record is Unread.NOT_JSON
        tally.first_malformed = tally.first_malformed or place
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
    date = date_of(modified if isinstance(modified, str) else "")
    return "" if date is None or date > datetime.now(UTC) + timedelta(days=1) else date.isoformat()
