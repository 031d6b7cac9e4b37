"""
The matching on real public advisories, against two others: a plain one written here, and pip-audit's own OSV service.

The records lie beside the checkout, not in it (`../shared/advisories`); without them these tests are skipped.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import semantic_version
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from checks.facts.packages.advisories import match
from checks.facts.packages.advisory import Advisory, Span
from checks.facts.packages.matching import affects
from checks.facts.packages.osv import trimmed
from checks.facts.packages.packages import NPM, PYPI

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "advisories"


def records(name: str) -> list[dict[str, Any]]:
    """Return the records of the file *name*, or skip the test with a sentence."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"the real advisories are not here: put {name} into {FOLDER}")
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def plainly_affected(record: dict[str, Any], name: str, version: Version) -> bool:
    """Whether *record* is about *version*, by the pseudocode of the OSV schema and nothing of ours."""
    for affected in record["affected"]:
        if canonicalize_name(affected["package"]["name"]) != name:
            continue
        if any(_version(listed) == version for listed in affected.get("versions", ())):
            return True
        for each in affected.get("ranges", ()):
            if each["type"] != "ECOSYSTEM":
                continue
            events = [(_bound(value), what) for event in each["events"] for what, value in event.items()]
            inside = False
            # At one version the older branch is mended before the newer one begins (PYSEC-2022-42972).
            for bound, what in sorted(events, key=lambda event: (event[0], event[1] == "introduced")):
                if what == "introduced" and version >= bound:
                    inside = True
                elif (what == "fixed" and version >= bound) or (what == "last_affected" and version > bound):
                    inside = False
            if inside:
                return True
    return False


@cache
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _bound(text: str) -> Version:
    return Version("0.dev0") if text == "0" else Version(text)


def pins_of(raw: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return every (name, version) that stands anywhere in *raw*: the bounds, where matching goes wrong, among them."""
    pins = set()
    for record in raw:
        for affected in record["affected"]:
            bounds = [value for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM"
                      for event in each["events"] for value in event.values()]  # fmt: skip
            for version in [*bounds, *affected.get("versions", ())[-3:]]:
                if version != "0" and _version(version) is not None:
                    pins.add((canonicalize_name(affected["package"]["name"]), version))
    return sorted(pins)


def by_name(raw: list[dict[str, Any]]) -> dict[str, tuple[Advisory, ...]]:
    """Return the trimmed advisories of *raw* by the PyPI package they are about."""
    known: dict[str, list[Advisory]] = {}
    for record in raw:
        advisory = trimmed(record)
        for package in {one.name for one in advisory.affected}:
            known.setdefault(package, []).append(advisory)
    return {name: tuple(advisories) for name, advisories in known.items()}


def test_python_matches_are_those_of_a_plain_matcher() -> None:
    """At every bound of every real record, ours and the schema's pseudocode name the same advisories."""
    raw = records("pypi-osv.jsonl.gz")
    known = by_name(raw)
    raw_by_name: dict[str, list[dict[str, Any]]] = {}
    for record in raw:
        for about in {canonicalize_name(one["package"]["name"]) for one in record["affected"]}:
            raw_by_name.setdefault(about, []).append(record)
    pins = pins_of(raw)
    hits = 0
    for name, version in pins:
        ours, undecided = match(PYPI, name, version, known[name])
        plain = {one["id"] for one in raw_by_name[name] if plainly_affected(one, name, Version(version))}
        assert {one.id for one in ours} == plain, (name, version)
        assert not undecided
        hits += len(plain)
    assert len(pins) > 4_000
    assert hits > 4_000


@contextmanager
def osv_server(raw: list[dict[str, Any]]) -> Iterator[str]:
    """Serve *raw* on loopback as an OSV server answers a query, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, version = query["package"]["name"], Version(query["version"])
            body = json.dumps({"vulns": [one for one in raw if plainly_affected(one, name, version)]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_python_matches_are_those_of_pip_audits_own_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked over HTTP for a sample of pins, pip-audit's service for OSV counts what ours counts in process."""
    from pip_audit._service.interface import ResolvedDependency  # noqa: PLC0415 - importing it starts pip
    from pip_audit._service.osv import OsvService  # noqa: PLC0415 - the same

    raw = records("pypi-osv.jsonl.gz")
    known = by_name(raw)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    sample = pins_of(raw)[::150]
    with osv_server(raw) as address:
        service = OsvService(cache_dir=tmp_path, timeout=10, osv_url=address)
        with service.session:
            for name, version in sample:
                _, theirs = service.query(ResolvedDependency(name=name, version=Version(version)))
                ours, _ = match(PYPI, name, version, known[name])
                named = {identifier for one in theirs for identifier in (one.id, *one.aliases)}
                assert len(theirs) == len(ours), (name, version)
                assert all(one.id in named for one in ours)
    assert len(sample) > 30


def coerced(version: str) -> semantic_version.Version:
    """Return *version* as npm's loose comparison reads it."""
    return semantic_version.Version.coerce(version)


def plainly_in(span: Span, version: semantic_version.Version) -> bool:
    """Whether *version* is in *span*, by comparing it with each bound."""
    if version < coerced(span.introduced):
        return False
    if span.fixed is not None:
        return bool(version < coerced(span.fixed))
    return span.last is None or bool(version <= coerced(span.last))


def test_npm_matches_are_those_of_plain_comparison() -> None:
    """At every bound of the real records of npm, and just above it, ours agrees with bound by bound comparison."""
    compared = 0
    for record in records("npm-osv.jsonl.gz"):
        advisory = trimmed(record)
        for name in {one.name for one in advisory.affected if one.ecosystem == NPM}:
            packages = [one for one in advisory.affected if (one.ecosystem, one.name) == (NPM, name)]
            spans = [span for one in packages for span in one.spans]
            bounds = {coerced(b) for span in spans for b in (span.introduced, span.fixed, span.last) if b is not None}
            for version in bounds | {one.next_patch() for one in bounds}:
                listed = any(str(version) in one.versions for one in packages)
                expected = listed or any(plainly_in(span, version) for span in spans)
                assert affects(advisory, NPM, name, str(version)) is expected, (advisory.id, version)
                compared += 1
    assert compared > 200
