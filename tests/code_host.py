"""A code host on loopback: real git over real https, and the ways in which hosts misbehave."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from tests.repositories import HERMETIC
from tests.requirements_of_machine import needs

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class CodeHost:
    """A running host: *hosts* is for the engine, *folder* holds its repositories, *seen* every request it got."""

    port: int
    folder: Path
    certificate: Path
    seen: list[web.BaseRequest] = field(default_factory=list)
    answer: Answer | None = None  # what to do instead of serving git

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve git as its own CGI program does (https://git-scm.com/docs/git-http-backend)."""
        environment = {
            **HERMETIC,
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "QUERY_STRING": request.query_string,
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        }
        body = await request.read()  # aiohttp has already undone its compression
        process = await asyncio.create_subprocess_exec(
            "git",
            "http-backend",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**environment, "CONTENT_LENGTH": str(len(body))},
        )
        printed, _ = await process.communicate(body)
        head, _, content = printed.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        status = int(headers.pop("Status", "200").split()[0])
        return web.Response(status=status, headers=headers, body=content)

    @property
    def host(self) -> str:
        """The host as addresses name it."""
        return f"localhost:{self.port}"

    def url(self, name: str) -> str:
        """Return the address of the repository *name*."""
        return f"https://{self.host}/{name}"


@asynccontextmanager
async def code_host(folder: Path) -> AsyncIterator[CodeHost]:
    """Serve the bare repositories in *folder*/served over https with a certificate made for the occasion."""
    served = folder / "served"
    served.mkdir()
    certificate, key = certificate_of_localhost(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    host = CodeHost(0, served, certificate)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        host.seen.append(request)
        return await (host.answer or host.serve)(request)

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    host.port = runner.addresses[0][1]
    try:
        yield host
    finally:
        await runner.cleanup()


def certificate_of_localhost(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost and calendar.acme.example that signs itself, and its key."""
    certificate, key = folder / "host.pem", folder / "host.key"
    command = [needs("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,DNS:calendar.acme.example",
        "-days",
        "30",
    ]
    subprocess.run(
        [*command, *names, "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"]},
    )
    return certificate, key
