"""Advisory data over https: from the host that an operator names, under limits, and never on to another host inside."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from checks.gather.download import download
from checks.gather.osv_source import UnusableSource
from tests.code_host import CodeHost, code_host


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[CodeHost]:
    """A host on loopback that speaks https; a test says what it answers."""
    async with code_host(tmp_path) as running:
        yield running


@pytest.fixture
def trusting(host: CodeHost) -> ssl.SSLContext:
    """A context that trusts the host's certificate, as no other does."""
    return ssl.create_default_context(cafile=host.certificate)


async def test_what_the_host_sends_is_written_as_it_is(
    host: CodeHost, trusting: ssl.SSLContext, tmp_path: Path
) -> None:
    """A packed answer stays packed on the way, also where the host calls it an encoding."""
    seen: list[str] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request.headers.get("Accept-Encoding", ""))
        return web.Response(body=b"\x1f\x8b packed", headers={"Content-Encoding": "gzip"})

    host.answer = handler
    await download(host.url("osv.jsonl.gz?token=1"), tmp_path / "x", certificates=trusting)
    assert (tmp_path / "x").read_bytes() == b"\x1f\x8b packed"
    assert seen == ["identity"]


async def test_redirects_of_the_same_host_are_followed_a_few_times(
    host: CodeHost, trusting: ssl.SSLContext, tmp_path: Path
) -> None:
    """A host may send on within itself; one that never ends is refused."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/data":
            return web.Response(text="here")
        raise web.HTTPFound("/data" if request.path == "/start" else "/round")

    host.answer = handler
    await download(host.url("start"), tmp_path / "x", certificates=trusting)
    assert (tmp_path / "x").read_text() == "here"
    with pytest.raises(UnusableSource, match="redirects more than 5 times"):
        await download(host.url("round"), tmp_path / "x", certificates=trusting)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://127.0.0.1:{port}/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "http://localhost/",
        "file:///etc/passwd",
    ],
)
async def test_a_redirect_leads_nowhere_inside(
    host: CodeHost, trusting: ssl.SSLContext, tmp_path: Path, elsewhere: str
) -> None:
    """The operator named one host; where that sends on to must be public, and https."""

    async def handler(_request: web.BaseRequest) -> web.StreamResponse:
        raise web.HTTPFound(elsewhere.format(port=host.port))

    host.answer = handler
    trusting.check_hostname = False  # no certificate may be what stops it
    with pytest.raises(UnusableSource):
        await download(host.url("x"), tmp_path / "x", certificates=trusting)
    assert len(host.seen) == 1
    assert not (tmp_path / "x").exists()


async def test_too_much_is_cut_off(host: CodeHost, trusting: ssl.SSLContext, tmp_path: Path) -> None:
    """A host that sends without end is left at the limit."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)
            await asyncio.sleep(0)  # a write to a lost connection gives nobody else a turn, and never ends

    host.answer = handler
    with pytest.raises(UnusableSource, match="more than 2 MiB"):
        await download(host.url("x"), tmp_path / "x", certificates=trusting, largest=2 * 1024 * 1024)


async def test_errors_name_the_host_and_nothing_else(host: CodeHost, trusting: ssl.SSLContext, tmp_path: Path) -> None:
    """A status, an untrusted certificate or a dead host is a sentence without the address's token."""

    async def handler(_request: web.BaseRequest) -> web.StreamResponse:
        raise web.HTTPNotFound

    host.answer = handler
    address = host.url("x?token=hunter2")
    with pytest.raises(UnusableSource, match=r"^localhost answered with status 404\.$"):
        await download(address, tmp_path / "x", certificates=trusting)
    with pytest.raises(UnusableSource, match="certificate that is not trusted"):
        await download(address, tmp_path / "x")
    with pytest.raises(UnusableSource, match=r"^localhost could not be asked") as caught:
        await download("https://localhost:1/x?token=hunter2", tmp_path / "x")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://example.org/x", "Only https"),
        ("ftp://example.org/x", "Only https"),
        ("https:///x", "Only https"),
        ("https://[::1/x", "Only https"),
        ("https://user:hunter2@example.org/x", "Do not put a user"),
    ],
)
async def test_other_addresses_are_refused_unasked(tmp_path: Path, address: str, why: str) -> None:
    """Only https is fetched, and credentials in an address are refused without being repeated."""
    with pytest.raises(UnusableSource, match=why) as caught:
        await download(address, tmp_path / "x")
    assert "hunter2" not in str(caught.value)
