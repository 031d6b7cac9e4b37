"""The index follows public archives: whole at first, then only what has changed, and never half of anything."""

import io
import json
import sqlite3
import ssl
import zipfile
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from checks.facts.packages.advisory import Answer
from checks.gather import advisories_osv
from checks.gather.advisories import NAME, answer, describe
from checks.gather.advisories_osv import ARCHIVES, is_archive, update
from checks.gather.osv_source import UnusableSource
from tests.checks.gather.test_advisories import record
from tests.code_host import CodeHost, code_host


@dataclass
class Archives:
    """A stand-in for the public archives: *records* by ecosystem and id; *cut* ends an archive after so many bytes."""

    host: CodeHost
    records: dict[str, dict[str, Any]] = field(default_factory=lambda: {"PyPI": {}, "npm": {}})
    cut: int | None = None

    def put(self, ecosystem: str, identifier: str, name: str, minute: int, **more: Any) -> None:
        """Let the archive of *ecosystem* hold a record that changed at *minute* of some hour."""
        moment = f"2026-03-01T10:{minute:02}:00.25Z"
        self.records[ecosystem][identifier] = record(identifier, name, ecosystem, **{"modified": moment, **more})

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as the bucket does, with tags and ranges."""
        _, _, ecosystem, name = request.path.split("/")
        held = self.records[ecosystem]
        if name == "modified_id.csv":
            rows = sorted(((one["modified"], identifier) for identifier, one in held.items()), reverse=True)
            return web.Response(text="".join(f"{moment},{identifier}\n" for moment, identifier in rows))
        if name != "all.zip":
            found = held.get(name.removesuffix(".json"))
            return web.json_response(found) if found is not None else web.Response(status=404)
        return await self._archive(request, ecosystem)

    async def _archive(self, request: web.BaseRequest, ecosystem: str) -> web.StreamResponse:
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            for identifier, one in self.records[ecosystem].items():
                archive.writestr(zipfile.ZipInfo(f"{identifier}.json"), json.dumps(one))
        tag = f'"{len(self.records[ecosystem])}"'
        whole, start = body.getvalue(), 0
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        if request.headers.get("If-Range") == tag:
            start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        rest = whole[start:]
        if self.cut is None:
            return web.Response(status=206 if start else 200, body=rest, headers={"ETag": tag})
        # The length is promised, and the connection ends early.
        response = web.StreamResponse(status=206 if start else 200, headers={"ETag": tag})
        response.content_length = len(rest)
        await response.prepare(request)
        await response.write(rest[: self.cut])
        assert request.transport is not None
        request.transport.close()
        return response


@pytest.fixture
async def archives(tmp_path: Path) -> AsyncIterator[Archives]:
    """Archives on loopback with two records of PyPI and one of npm."""
    async with code_host(tmp_path) as host:
        made = Archives(host)
        made.put("PyPI", "PYSEC-1", "flask", 1)
        made.put("PyPI", "PYSEC-2", "jinja2", 2)
        made.put("npm", "GHSA-1", "lodash", 1)
        host.answer = made.serve
        yield made


async def brought(archives: Archives, home: Path) -> list[str]:
    """Bring *home* up to date, and return the paths that this asked for."""
    before = len(archives.host.seen)
    certificates = ssl.create_default_context(cafile=archives.host.certificate)
    await update(archives.host.url("osv"), home, certificates=certificates)
    return sorted(request.path.removeprefix("/osv/") for request in archives.host.seen[before:])


async def held(home: Path) -> dict[str, str]:
    """Return the summaries of all that *home* holds of a few packages, by id."""
    question = msgspec.json.encode([["PyPI", "flask"], ["PyPI", "jinja2"], ["npm", "lodash"], ["npm", "axios"]])
    found = msgspec.json.decode(await answer(home, question), type=Answer)
    return {one.id: one.summary for one in found.advisories}


async def test_the_first_time_all_is_fetched_and_then_what_has_changed(archives: Archives, tmp_path: Path) -> None:
    """Later updates read the lists of changes and the records in them: new ones, other words, and withdrawn ones."""
    home = tmp_path / "home"
    assert await brought(archives, home) == ["PyPI/all.zip", "npm/all.zip"]
    assert set(await held(home)) == {"PYSEC-1", "PYSEC-2", "GHSA-1"}
    archives.put("npm", "GHSA-2", "axios", 3)
    archives.put("PyPI", "PYSEC-2", "jinja2", 4, summary="other words")
    archives.put("PyPI", "PYSEC-1", "flask", 5, withdrawn="2026-03-01T10:05:00Z")
    asked = await brought(archives, home)
    assert [one for one in asked if "all.zip" in one] == []
    assert {"PyPI/PYSEC-1.json", "PyPI/PYSEC-2.json", "npm/GHSA-2.json"} <= set(asked)
    assert await held(home) == {"PYSEC-2": "other words", "GHSA-1": "a fault", "GHSA-2": "a fault"}
    data = describe(home)
    assert data is not None
    assert data.date == datetime(2026, 3, 1, 10, 4, tzinfo=UTC)
    assert data.source == f"{archives.host.url('osv')} (3 records)"
    assert not (home / ARCHIVES).exists()
    assert (home / NAME).stat().st_mode & 0o077 == 0


async def test_an_archive_that_was_cut_off_is_gone_on_with(archives: Archives, tmp_path: Path) -> None:
    """What was fetched stays for the next attempt, which asks for the rest alone; the index is there only then."""
    home = tmp_path / "home"
    archives.cut = 50
    for _ in range(2):
        with pytest.raises(UnusableSource, match="could not be asked"):
            await brought(archives, home)
        assert describe(home) is None
    archives.cut = None
    await brought(archives, home)
    ranges = [request.headers.get("Range") for request in archives.host.seen if request.path == "/osv/PyPI/all.zip"]
    assert ranges == [None, "bytes=50-", "bytes=100-"]
    assert set(await held(home)) == {"PYSEC-1", "PYSEC-2", "GHSA-1"}


async def test_a_whole_archive_is_not_fetched_again(archives: Archives, tmp_path: Path) -> None:
    """Where one of two archives fails, the other is there for the next attempt if its tag still holds."""
    home = tmp_path / "home"
    working = archives.host.answer
    assert working is not None

    async def broken(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=503) if request.path.startswith("/osv/npm") else await working(request)

    archives.host.answer = broken
    with pytest.raises(UnusableSource, match="status 503"):
        await brought(archives, home)
    archives.host.answer = working
    await brought(archives, home)
    assert [request.headers.get("If-None-Match") for request in archives.host.seen if "PyPI" in request.path] == [
        None,
        '"2"',
    ]
    assert set(await held(home)) == {"PYSEC-1", "PYSEC-2", "GHSA-1"}


async def test_many_changes_are_fetched_as_a_whole(
    archives: Archives, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond some number of changes the archives are less work, also after a long absence."""
    home = tmp_path / "home"
    await brought(archives, home)
    monkeypatch.setattr(advisories_osv, "_MOST_CHANGED", 3)
    for number in range(3):
        archives.put("npm", f"GHSA-9{number}", "axios", 10 + number)
    assert "npm/all.zip" in await brought(archives, home)


async def test_a_record_that_is_gone_ends_no_update(archives: Archives, tmp_path: Path) -> None:
    """What the list names and the host has no more is left out; the rest comes."""
    home = tmp_path / "home"
    await brought(archives, home)
    archives.put("npm", "GHSA-2", "axios", 3)
    archives.put("npm", "GHSA-3", "axios", 4)
    working = archives.host.answer
    assert working is not None

    async def without(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=404) if request.path.endswith("GHSA-3.json") else await working(request)

    archives.host.answer = without
    await brought(archives, home)
    assert "GHSA-2" in await held(home)


@pytest.mark.parametrize("listed", ["", "<html>", "2026-03-01T10:00:00Z,../../../etc/passwd\n", "yesterday,GHSA-1\n"])
async def test_a_list_that_is_none_leaves_the_index(archives: Archives, tmp_path: Path, listed: str) -> None:
    """An error page in place of the list of changes is refused, and nothing of it is asked for."""
    home = tmp_path / "home"
    await brought(archives, home)
    before = (home / NAME).read_bytes()

    async def serve(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=listed)

    archives.host.answer = serve
    with pytest.raises(UnusableSource, match="list of changes of PyPI"):
        await brought(archives, home)
    assert (home / NAME).read_bytes() == before


async def test_another_address_is_another_archive(archives: Archives, tmp_path: Path) -> None:
    """What an index of somebody else's records lacks is not to be known from a list of changes."""
    home = tmp_path / "home"
    await brought(archives, home)
    with closing(sqlite3.connect(home / NAME)) as connection, connection:
        connection.execute("update meta set value = 'https://other.example.org' where key = 'osv'")
    assert "PyPI/all.zip" in await brought(archives, home)


async def test_old_data_is_said_to_be_old(archives: Archives, tmp_path: Path) -> None:
    """Records of March are current as long as the archive was asked lately, and stale some time after."""
    home = tmp_path / "home"
    await brought(archives, home)
    question = msgspec.json.encode([["PyPI", "flask"]])
    fresh = msgspec.json.decode(await answer(home, question, timedelta(days=7)), type=Answer)
    assert fresh.stale == ""
    with closing(sqlite3.connect(home / NAME)) as connection, connection:
        connection.execute("update meta set value = '2026-03-09T00:00:00Z' where key = 'looked'")
    old = msgspec.json.decode(await answer(home, question, timedelta(days=7)), type=Answer)
    assert old.stale.startswith("the advisory data is of 2026-03-09: newer vulnerabilities are not known")
    assert msgspec.json.decode(await answer(home, question), type=Answer).stale == ""


def test_archives_are_told_from_files() -> None:
    """An address that ends like a file of records is one."""
    assert all(map(is_archive, ("https://osv.example.org", "https://osv.example.org/v1/")))
    assert not any(
        map(is_archive, ("https://x.example/all.zip?t=1", "https://x.example/o.jsonl.gz", "/srv/osv", "o.json"))
    )
