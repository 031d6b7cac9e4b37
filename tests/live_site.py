"""Live apps on loopback: real servers, and a net of which this machine is a part, as no product setting can make it."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from checks.addresses import Machine
from checks.facts.site import debug_pages, known_files
from checks.facts.site.replies import Certificate, Front, Reply
from checks.gather.live import Network, refusal
from tests.requirements_of_machine import needs

LOOPBACK = ipaddress.ip_address("127.0.0.1")
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def refused(address: Machine, cidrs: Sequence[str]) -> str:
    """Refuse what the product refuses, but for the one address that tests serve on."""
    return "" if address == LOOPBACK else refusal(address, cidrs)


async def to_loopback(_host: str, _port: int) -> tuple[Machine, ...]:
    """Have every name lead to this machine."""
    return (LOOPBACK,)


def leading_to(*addresses: str) -> Callable[[str, int], Awaitable[tuple[Machine, ...]]]:
    """Return what has every name lead to *addresses*."""

    async def look_up(_host: str, _port: int) -> tuple[Machine, ...]:
        return tuple(map(ipaddress.ip_address, addresses))

    return look_up


#: The net in which tests serve; nothing waits between two requests.
NET = Network(to_loopback, refused, pace_s=0)


@asynccontextmanager
async def raw_site(talk: Talk) -> AsyncIterator[int]:
    """Serve whatever *talk* says to whoever connects; gives the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def ended_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost that has ended, and its key, made in *folder*."""
    certificate, key, request = folder / "ended.pem", folder / "ended.key", folder / "ended.csr"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl, environment = needs("openssl"), {"PATH": os.environ["PATH"]}
    made = [openssl, "req", "-new", *curve, *names, "-keyout", str(key), "-out", str(request)]
    signed = [openssl, "x509", "-req", "-in", str(request), "-signkey", str(key), "-days", "-1"]
    for command in (made, [*signed, "-copy_extensions", "copy", "-out", str(certificate)]):
        subprocess.run(command, check=True, capture_output=True, env=environment)
    return certificate, key


_PAGE = "<!doctype html><title>Notes</title><p>Please sign in.</p>"
_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@asynccontextmanager
async def sound_app(certificate: Path, key: Path) -> AsyncIterator[int]:
    """Serve an app without a fault over https, with *certificate* and its *key*; gives the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/":
            return web.Response(text=_PAGE, content_type="text/html", headers=_HEADERS)
        return web.Response(status=404, text="Not Found", headers=_HEADERS)

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def sound_site() -> dict[str, object]:
    """Return what the parent would bring of such an app, by topic."""
    base = "https://notes.example"
    page = Reply("/", 200, {name.lower(): value for name, value in _HEADERS.items()}, _PAGE.encode())
    plain = Reply("/", 301, {"location": f"{base}/"})
    missing = Reply("/gc-1", 404, {}, b"Not Found")
    front = Front(base, base=base, page=page, missing=missing, certificate=Certificate(days_left=60), plain=plain)
    return {
        "site": front,
        "site_scripts": (),
        "site_files": tuple(Reply(path, 404) for path in known_files.paths_of(front)),
        "site_pages": tuple(Reply(path, 404) for path in debug_pages.paths_of(front)),
    }
