"""Package indexes are asked over https and under limits, answers are kept, and no answer is never taken for one."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from checks.engine import Engine
from checks.facts.packages.index_answer import Asked, IndexAnswer, Known
from checks.facts.packages.packages import NPM, PYPI
from checks.gather import index_asking, index_cache, package_index
from checks.gather.answers import Subject
from checks.gather.target import Target
from checks.model import Context
from checks.runner import check_repository
from tests.checking import result_of
from tests.code_host import CodeHost, code_host
from tests.token_names import GITHUB, STRIPE

ODD = {
    "meta": {"api-version": "1.1"},
    "name": "odd-thing",
    "versions": ["1.0", "1.1"],
    "files": [
        {"filename": "odd_thing-1.0.tar.gz", "upload-time": "2024-03-01T10:00:00.5Z", "yanked": "broken\nwheel"},
        {"filename": "odd_thing-1.1-py3-none-any.whl", "upload-time": "2024-05-01T10:00:00Z", "yanked": False},
    ],
}
THING = {
    "name": "@odd/thing",
    "dist-tags": {"latest": "2.0.0"},
    "versions": {"1.0.0": {"deprecated": "use 2"}, "2.0.0": {}},
    "time": {
        "created": "2023-01-01T00:00:00.000Z",
        "1.0.0": "2023-01-01T00:00:00.000Z",
        "2.0.0": "2025-02-03T00:00:00Z",
    },
}
PIP = {"versions": ["1"], "files": []}


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[CodeHost]:
    """A host on loopback that speaks https; a test says what it holds."""
    async with code_host(tmp_path) as running:
        yield running


@pytest.fixture
def subject(tmp_path: Path, host: CodeHost) -> Subject:
    """What is asked by a check whose engine knows this host alone."""
    home = tmp_path / "home"
    home.mkdir()
    engine = Engine(home, ca_file=host.certificate, pypi_index=host.url("simple/"), npm_registry=host.url("npm"))
    return Subject(engine, None, None)


def holds(host: CodeHost, documents: Mapping[str, Any]) -> None:
    """Have *host* answer the paths of *documents* with them, and 404 to all others."""

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        if request.path not in documents:
            return web.Response(status=404)
        found = documents[request.path]
        return found if isinstance(found, web.Response) else web.Response(body=json.dumps(found).encode())

    host.answer = serve


async def asked(subject: Subject, *names: Asked) -> IndexAnswer:
    """Return what the parent answers about *names*."""
    return msgspec.json.decode(await package_index.answer(subject, msgspec.json.encode(names)), type=IndexAnswer)


async def test_what_the_index_says_of_a_python_package(host: CodeHost, subject: Subject) -> None:
    """Ages come from the files' own times, and a version in use whose files were all taken back is told."""
    holds(host, {"/simple/odd-thing/": ODD, "/simple/pip/": PIP})
    answer = await asked(subject, Asked(PYPI, "odd-thing", ("1.0", "1.1")), Asked(PYPI, "invented-thing"))
    assert answer.known == (
        Known(
            PYPI,
            "odd-thing",
            exists=True,
            first=datetime(2024, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC),
            last=datetime(2024, 5, 1, 10, tzinfo=UTC),
            releases=2,
            withdrawn=(("1.0", "broken\nwheel"),),
        ),
        Known(PYPI, "invented-thing", exists=False),
    )
    assert answer.unanswered == ()
    assert {request.headers["Accept"] for request in host.seen} == {"application/vnd.pypi.simple.v1+json"}


async def test_what_the_registry_says_of_an_npm_package(host: CodeHost, subject: Subject) -> None:
    """Names keep their scope, a deprecated version in use is told, and of a well-known one its last word is read."""
    last = {"name": "lodash", "version": "4.17.21", "deprecated": "no more"}
    holds(host, {"/npm/@odd/thing": THING, "/npm/lodash/latest": last})
    answer = await asked(subject, Asked(NPM, "@odd/thing", ("1.0.0",)), Asked(NPM, "lodash", ("4.17.21",)))
    assert answer.known == (
        Known(
            NPM,
            "@odd/thing",
            exists=True,
            first=datetime(2023, 1, 1, tzinfo=UTC),
            last=datetime(2025, 2, 3, tzinfo=UTC),
            releases=2,
            withdrawn=(("1.0.0", "use 2"),),
        ),
        Known(NPM, "lodash", exists=True, deprecated="no more"),
    )
    assert {request.raw_path for request in host.seen} == {"/npm/@odd%2Fthing", "/npm/lodash/latest"}


async def test_an_answer_is_kept_with_its_date(host: CodeHost, subject: Subject) -> None:
    """What is known is not asked again, until it is old; what is about another version in use is."""
    holds(host, {"/simple/odd-thing/": ODD})
    first = await asked(subject, Asked(PYPI, "odd-thing", ("1.1",)))
    again = await asked(subject, Asked(PYPI, "odd-thing", ("1.1",)))
    assert (again.known, len(host.seen)) == (first.known, 1)
    await asked(subject, Asked(PYPI, "odd-thing", ("1.0",)))
    assert len(host.seen) == 2
    later = datetime.now(UTC) + timedelta(days=8)
    assert index_cache.find(subject.engine.home, host.host, [Asked(PYPI, "odd-thing")], later) == {}
    assert (subject.engine.home / index_cache.NAME).stat().st_mode & 0o077 == 0


async def test_what_does_not_exist_is_asked_again_soon(host: CodeHost, subject: Subject) -> None:
    """A name that nobody has today may be registered tomorrow."""
    holds(host, {"/simple/pip/": PIP})
    await asked(subject, Asked(PYPI, "invented"))
    find = index_cache.find
    assert find(subject.engine.home, host.host, [Asked(PYPI, "invented")], datetime.now(UTC))
    assert not find(subject.engine.home, host.host, [Asked(PYPI, "invented")], datetime.now(UTC) + timedelta(days=1))


async def test_a_damaged_cache_is_made_anew(host: CodeHost, subject: Subject) -> None:
    """What cannot be read is asked again, and then kept."""
    holds(host, {"/simple/odd-thing/": ODD})
    (subject.engine.home / index_cache.NAME).write_bytes(b"no database" * 1_000)
    for _ in range(2):
        assert (await asked(subject, Asked(PYPI, "odd-thing"))).known
    assert len(host.seen) == 1


async def test_an_index_that_knows_nothing_says_nothing(host: CodeHost, subject: Subject) -> None:
    """A mirror that answers 404 to what exists everywhere is not believed when it answers so to the rest."""
    holds(host, {"/simple/odd-thing/": ODD})
    answer = await asked(subject, Asked(PYPI, "flask-login"), Asked(PYPI, "odd-thing"))
    assert [one.name for one in answer.known] == ["odd-thing"]
    (unanswered,) = answer.unanswered
    assert unanswered.reason == "localhost does not know pip either, so it is no whole index"


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (web.Response(status=503), "answered with status 503"),
        (web.Response(status=302, headers={"Location": "https://169.254.169.254/"}), "answered with status 302"),
        (web.Response(body=b"<html>please log in</html>"), "answered what no package index does"),
        (web.Response(body=b"[" * 100_000), "answered what no package index does"),
        (web.Response(body=b'{"files": 1}'), "answered what no package index does"),
    ],
)
async def test_no_answer_is_said(host: CodeHost, subject: Subject, response: web.Response, why: str) -> None:
    """Errors, redirects and pages that are no index's leave the name open, with the reason."""
    holds(host, {"/simple/odd-thing/": response})
    answer = await asked(subject, Asked(PYPI, "odd-thing"))
    assert answer.known == ()
    assert [one.reason for one in answer.unanswered] == [f"localhost {why}"]


async def test_an_endless_answer_is_cut_off(host: CodeHost, subject: Subject) -> None:
    """A document beyond the limit is left, unpacked as it comes; a package with so long a history exists."""

    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        while True:
            await response.write(b" " * 1_000_000)
            await asyncio.sleep(0)  # a write to a lost connection gives nobody else a turn, and never ends

    host.answer = endless
    answer = await asked(subject, Asked(PYPI, "odd-thing"))
    assert answer.known == (Known(PYPI, "odd-thing", exists=True),)


async def test_a_silent_index_is_left_after_a_few(
    host: CodeHost, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that nobody answers in time are said; after a few in a row the rest is not tried."""

    async def silent(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(index_asking, "_REQUEST_S", 0.2)
    host.answer = silent
    answer = await asked(subject, *(Asked(PYPI, f"odd-{number}") for number in range(40)))
    reasons = [one.reason for one in answer.unanswered]
    assert len(reasons) == 40
    assert "localhost did not answer in time" in reasons
    assert reasons[-1] == "localhost cannot be reached from here"
    assert len(host.seen) < 20


async def test_nobody_there_is_said(subject: Subject) -> None:
    """A machine without a network leaves every name open."""
    deaf = replace(subject, engine=replace(subject.engine, pypi_index="https://localhost:1/simple"))
    answer = await asked(deaf, Asked(PYPI, "odd-thing"))
    assert [one.reason for one in answer.unanswered] == ["localhost cannot be reached from here (a proxy is not used)"]


async def test_where_it_is_switched_off_nobody_is_asked(host: CodeHost, subject: Subject) -> None:
    """Without an index every name is open, and the reason says so."""
    quiet = replace(subject, engine=replace(subject.engine, pypi_index=None))
    answer = await asked(quiet, Asked(PYPI, "odd-thing"))
    assert [one.reason for one in answer.unanswered] == ["the package index is not asked here"]
    assert not host.seen


async def test_a_name_that_is_a_token_is_told_to_nobody(host: CodeHost, subject: Subject) -> None:
    """Somebody's key in a requirements file must not travel to an index."""
    answer = await asked(subject, Asked(PYPI, GITHUB.lower().replace("_", "-")), Asked(NPM, STRIPE))
    assert {one.reason for one in answer.unanswered} == {"it looks like a token, and is told to nobody"}
    assert not host.seen


async def test_too_many_names_are_said(host: CodeHost, subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check asks for so many names at most; the next one goes on from there."""
    monkeypatch.setattr(package_index, "_MOST_ASKED", 1)
    holds(host, {"/simple/a-thing/": ODD, "/simple/b-thing/": ODD})
    names = (Asked(PYPI, "a-thing"), Asked(PYPI, "b-thing"))
    assert [one.name for one in (await asked(subject, *names)).unanswered] == ["b-thing"]
    assert not (await asked(subject, *names)).unanswered


async def test_a_whole_check_asks_and_tells(host: CodeHost, subject: Subject, tmp_path: Path) -> None:
    """The worker names what the app asks for, the parent asks the index, and both checks say what came of it."""
    holds(host, {"/simple/odd-thing/": ODD, "/simple/pip/": PIP})
    app = tmp_path / "app"
    app.mkdir()
    (app / "requirements.txt").write_text("odd-thing==1.0\ninvented-thing==2.0\n")
    report = await check_repository(Target("app", folder=app), Context(), subject.engine, lambda _: None)
    unknown, given_up = (result_of(report, check) for check in ("unknown-package", "unmaintained-package"))
    assert [finding.message for finding in unknown.findings] == [
        "there is no package invented-thing at the index of PyPI"
    ]
    assert [finding.message for finding in given_up.findings] == [
        "odd-thing 1.0 was taken back by its author: broken wheel"
    ]
    assert [(one.name, one.version, one.direct) for one in report.packages] == [
        ("odd-thing", "1.0", True),
        ("invented-thing", "2.0", True),
    ]
