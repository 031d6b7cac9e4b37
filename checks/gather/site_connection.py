"""
Asks one site over http or https, under limits of size, time and number, by connections that are guarded.

Each socket is made only to a machine that was checked, whatever a name leads to by then. No redirect is followed, no
proxy or cookie of this machine is used, nothing but GET is sent. A body is read as it unpacks and let go at its limit.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from yarl import URL

from checks.addresses import Machine
from checks.facts.site.replies import TOLD, Reply
from checks.gather.site_address import SiteAddress

MiB = 1024 * 1024
LARGEST = MiB  # bytes of a body, unpacked
SECONDS = 10.0  # one answer, from the first byte asked to the last
_AT_ONCE = 6  # connections to one site, as browsers open
_CHUNK = 64 * 1024
_LONGEST_HEADER = 2000  # characters that are told of one
_HEADERS = {
    "User-Agent": "Groundcrew (readiness check of a registered app)",
    "Accept": "text/html,application/json;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
_MOST_HOSTS = 10_000
_next_turn: dict[str, float] = {}  # by host, over all checks of this process: a site is never asked faster


@dataclass(frozen=True, slots=True)
class Connection:
    """A conversation with the site *address*; *pace_s* is the time between two requests."""

    address: SiteAddress
    session: aiohttp.ClientSession
    pace_s: float

    async def get(self, path: str, largest: int = LARGEST) -> Reply:
        """Return what is answered to a GET of *path*, at most *largest* bytes of it; it raises nothing."""
        await _turn(self.address.host, self.pace_s)
        got = Reply(path)
        try:
            url = URL(self.address.base + path, encoded=True)
            async with asyncio.timeout(SECONDS), self.session.get(url, allow_redirects=False) as response:
                got = Reply(path, response.status, _told(response.headers))
                body, cut = await _body(response, largest)
                return Reply(path, got.status, got.headers, body, cut)
        except TimeoutError:
            return _broken(got, f"Answer slower than {SECONDS:.0f} s: stopped")
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            return _broken(got, _words(error))


@asynccontextmanager
async def connected(
    address: SiteAddress, machines: Sequence[Machine], certificates: ssl.SSLContext, pace_s: float
) -> AsyncIterator[Connection]:
    """Open a conversation with *address* at *machines*, which were checked, and with no other."""
    connector = aiohttp.TCPConnector(
        resolver=_Pinned(machines),
        use_dns_cache=False,
        socket_factory=guarded(machines),
        ssl=certificates,
        limit=_AT_ONCE,
    )
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(
        connector=connector,
        headers=_HEADERS,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        read_bufsize=_CHUNK,
    ) as session:
        yield Connection(address, session, pace_s)


def guarded(machines: Sequence[Machine]) -> Callable[[AddrInfoType], socket.socket]:
    """Return what makes sockets; it sees the final address of each and raises OSError for any but *machines*."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = info
        if ipaddress.ip_address(str(place[0]).partition("%")[0]) not in machines:
            raise OSError("that machine was not checked")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make


class _Pinned(AbstractResolver):
    """Knows nothing but the machines that were checked."""

    def __init__(self, machines: Sequence[Machine]) -> None:
        self._machines = machines

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host,
                host=str(one),
                port=port,
                family=family_of(one),
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for one in self._machines
        ]

    async def close(self) -> None:
        """Nothing stays open."""


def family_of(machine: Machine) -> socket.AddressFamily:
    """Return the address family of *machine*."""
    return socket.AF_INET6 if machine.version == 6 else socket.AF_INET  # noqa: PLR2004 - the version's own number


async def _turn(host: str, pace_s: float) -> None:
    """Wait until *host* may be asked again; each caller takes the next turn at once, so none needs a lock."""
    if len(_next_turn) > _MOST_HOSTS:
        _next_turn.clear()
    now = time.monotonic()
    turn = max(now, _next_turn.get(host, 0.0))
    _next_turn[host] = turn + pace_s
    await asyncio.sleep(turn - now)


async def _body(response: aiohttp.ClientResponse, largest: int) -> tuple[bytes, str]:
    """Return at most *largest* bytes of the unpacked body, and why it is not whole."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > largest:
            response.close()
            return bytes(body[:largest]), f"Answer larger than {_size(largest)}: stopped"
    return bytes(body), ""


def _size(size: int) -> str:
    return f"{size // MiB} MiB" if size >= MiB else f"{size // 1024} KiB"


def _told(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name.lower(): str(value)[:_LONGEST_HEADER] for name, value in headers.items() if name.lower() in TOLD}


def _broken(got: Reply, why: str) -> Reply:
    """Return an answer that broke off: with its status where that came, else with none."""
    return Reply(got.path, got.status, got.headers, cut=why) if got.status else Reply(got.path, trouble=why)


def _words(error: Exception) -> str:
    """Return what went wrong in words; the library's own may hold the address."""
    match error:
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "it speaks no TLS that is in use today"
        case aiohttp.ClientConnectorError():
            return f"it could not be reached ({error.os_error.strerror or 'no connection'})"
        case aiohttp.ServerDisconnectedError() | ConnectionError():
            return "it closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "its answer broke off"
        case aiohttp.ClientResponseError():
            return "it does not answer in HTTP/1"
    return f"it could not be asked ({type(error).__name__})"
