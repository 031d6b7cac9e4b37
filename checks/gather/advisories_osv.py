"""
Keeps the index of advisories like the OSV project's public archives: whole at first, then what has changed since.

https://google.github.io/osv.dev/data/: each ecosystem has all.zip, modified_id.csv (moment and id of each record, the
newest first) and each record by itself. An update that fails leaves the index as it was, and what was fetched of an
archive stays for the next attempt.
"""

from __future__ import annotations

import asyncio
import csv
import re
import shutil
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from checks.engine import prepare_home
from checks.facts.packages.advisory import ECOSYSTEMS
from checks.gather.advisories import LOOKED, NAME, date_of, marks_of
from checks.gather.advisories_update import (
    SCRATCH,
    Built,
    build_from,
    change,
    give_to_owner_of,
    put_in_place,
    refuse_loss,
)
from checks.gather.download import download
from checks.gather.osv_source import LARGEST_RECORD, MiB, NotThere, UnusableSource
from checks.gather.scratch import scratch

DEFAULT = "https://osv-vulnerabilities.storage.googleapis.com"
ARCHIVES = "advisories-archives"  # the folder of the home in which archives lie until they are in the index
_BASE = "osv"  # the mark that says which archives the index is like
_MOST_CHANGED = 2_000  # records that are fetched one by one; beyond that the archive is less work for both sides
_LARGEST_LIST = 256 * MiB  # bytes; npm's, malicious packages included, is below 20 MiB
_AT_ONCE = 8
_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,99}$")


def is_archive(address: str) -> bool:
    """Return whether *address* is that of archives, rather than of a single file."""
    return address.startswith("https://") and not address.partition("?")[0].endswith((".json", ".jsonl", ".gz", ".zip"))


async def update(base: str, home: Path, *, certificates: ssl.SSLContext | None = None) -> Built:
    """
    Bring the index of *home* up to what the archives at *base* hold now.

    Raises UnusableSource with a sentence where they cannot be fetched or are damaged, and SettingError where the home
    cannot be written; the index is then as it was.
    """
    prepare_home(home)
    base = base.rstrip("/")
    before = await asyncio.to_thread(marks_of, home)
    newest = before.newest if before.meta.get(_BASE) == base else {}
    marks = {_BASE: base, LOOKED: datetime.now(UTC).isoformat()}
    with scratch(home, SCRATCH) as folder:
        changed = [
            (ecosystem, one)
            for ecosystem in ECOSYSTEMS
            for one in await _changed(base, ecosystem, newest.get(ecosystem), folder, certificates)
        ]
        new = folder / NAME
        if len(newest) == len(ECOSYSTEMS) and len(changed) <= _MOST_CHANGED:
            files = await _records(base, changed, folder, certificates)
            await asyncio.to_thread(shutil.copyfile, home / NAME, new)
            new.chmod(0o600)
            built = await asyncio.to_thread(change, new, base, files, marks)
        else:
            built = await _whole(base, home, new, marks, certificates)
        await asyncio.to_thread(refuse_loss, built.tally, home)
        put_in_place(new, home)
    await asyncio.to_thread(shutil.rmtree, home / ARCHIVES, ignore_errors=True)
    return built


async def _changed(
    base: str, ecosystem: str, newest: datetime | None, folder: Path, certificates: ssl.SSLContext | None
) -> list[str]:
    """Return the ids that the list of *ecosystem* says have changed since *newest*; None: nothing is here yet."""
    if newest is None:
        return []
    listed = folder / f"{ecosystem}.csv"
    await download(f"{base}/{ecosystem}/modified_id.csv", listed, certificates=certificates, largest=_LARGEST_LIST)
    return await asyncio.to_thread(_read, listed, ecosystem, newest)


def _read(listed: Path, ecosystem: str, newest: datetime) -> list[str]:
    ids: list[str] = []
    with listed.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.reader(file):
            moment = date_of(row[0]) if len(row) == 2 else None  # noqa: PLR2004 - a pair
            if moment is None or _ID.match(row[1]) is None:
                raise UnusableSource(f"The list of changes of {ecosystem} is no such list; the index stays as it was.")
            # What changed within the newest moment may not have been there yet: it is read again.
            if moment < newest or len(ids) > _MOST_CHANGED:
                return ids
            ids.append(row[1])
    if not ids:
        raise UnusableSource(f"The list of changes of {ecosystem} is empty; the index stays as it was.")
    return ids


async def _records(
    base: str, changed: Sequence[tuple[str, str]], folder: Path, certificates: ssl.SSLContext | None
) -> list[Path]:
    """Fetch the *changed* records, (ecosystem, id), each into a file of its own, and return these."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def fetch(ecosystem: str, identifier: str, to: Path) -> Path | None:
        address = f"{base}/{ecosystem}/{quote(identifier, safe='')}.json"
        async with turn:
            try:
                await download(address, to, certificates=certificates, largest=LARGEST_RECORD)
            except NotThere:  # taken away since the list was written; the next list says so
                return None
        return to

    # A record of both ecosystems is in both lists.
    wanted = {identifier: ecosystem for ecosystem, identifier in changed}
    try:
        async with asyncio.TaskGroup() as tasks:
            fetched = [
                tasks.create_task(fetch(ecosystem, identifier, folder / f"{number}.json"))
                for number, (identifier, ecosystem) in enumerate(wanted.items())
            ]
    except* UnusableSource as failed:
        raise UnusableSource(str(failed.exceptions[0])) from None
    return [path for task in fetched if (path := task.result()) is not None]


async def _whole(
    base: str, home: Path, new: Path, marks: Mapping[str, str], certificates: ssl.SSLContext | None
) -> Built:
    """Build the index *new* from the whole archives, going on with what an earlier attempt had fetched of them."""
    archives = home / ARCHIVES
    archives.mkdir(mode=0o700, exist_ok=True)
    sources: list[tuple[str, list[Path]]] = []
    for ecosystem in ECOSYSTEMS:
        file = archives / f"{ecosystem}.zip"
        try:
            await download(f"{base}/{ecosystem}/all.zip", file, certificates=certificates, resume=True)
        finally:  # what is there of it is what the next attempt goes on with
            give_to_owner_of(home, archives, *archives.iterdir())
        sources.append((base, [file]))
    try:
        built = await asyncio.to_thread(build_from, sources, new, marks)
    except UnusableSource:
        shutil.rmtree(archives, ignore_errors=True)  # what is damaged is no use to go on with
        raise
    return built
