"""
Fetches advisory data from an https address that an operator named, under limits of size and time.

The host that the operator named may be anywhere, as mirrors inside a company are. Where it redirects to is the host's
word: another host must be a public one (the table of `checks.addresses`), and always https.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.connector import AddrInfoType

from checks.addresses import is_public
from checks.gather.osv_source import MiB, UnusableSource

LARGEST = 4 * 1024 * MiB  # bytes on the wire; the archive of all npm records is below 500 MiB
SECONDS = 1_800.0
_SILENCE_S = 30.0
_MOST_REDIRECTS = 5
_CHUNK = MiB
_OK = 200
_REDIRECTS = {301, 302, 303, 307, 308}


async def download(
    address: str, to: Path, *, certificates: ssl.SSLContext | None = None, largest: int = LARGEST
) -> None:
    """
    Write what *address* answers to the file *to*; *certificates* replaces the system's trusted ones.

    Raises UnusableSource with a sentence that names the host and nothing more of the address, which may hold a token.
    """
    named = _host_of(address)
    current = address
    try:
        async with asyncio.timeout(SECONDS):
            for _ in range(_MOST_REDIRECTS + 1):
                anywhere = _host_of(current) == named
                following = await _fetch(current, to, anywhere=anywhere, certificates=certificates, largest=largest)
                if following is None:
                    return
                current = following
    except TimeoutError:
        raise UnusableSource(f"{named} did not send its data in time.") from None
    except aiohttp.ClientConnectorCertificateError:
        raise UnusableSource(f"{named} has a certificate that is not trusted here.") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise UnusableSource(f"{named} could not be asked ({type(error).__name__}).") from None
    raise UnusableSource(f"{named} redirects more than {_MOST_REDIRECTS} times.")


def _host_of(address: str) -> str:
    """Return the host of *address*; raises UnusableSource where that is no https address without a user in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme != "https":
        raise UnusableSource("Only https:// addresses are fetched; anything else give as a file or a folder.")
    if parts.username is not None:
        raise UnusableSource("Do not put a user or password into the address; fetch the file yourself and give that.")
    return host


async def _fetch(
    address: str, to: Path, *, anywhere: bool, certificates: ssl.SSLContext | None, largest: int
) -> str | None:
    """Write the answer of *address* to *to* and return None, or return the address that it redirects to."""
    connector = aiohttp.TCPConnector(socket_factory=_guarded(anywhere=anywhere), ssl=certificates or True)
    limits = aiohttp.ClientTimeout(total=None, sock_connect=_SILENCE_S, sock_read=_SILENCE_S)
    async with (
        # What is packed stays packed on the way: it is unpacked under the limits of `osv_source`.
        aiohttp.ClientSession(connector=connector, timeout=limits, auto_decompress=False) as session,
        session.get(address, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as response,
    ):
        if response.status in _REDIRECTS and "Location" in response.headers:
            return urljoin(address, response.headers["Location"])
        if response.status != _OK:
            raise UnusableSource(f"{_host_of(address)} answered with status {response.status}.")
        received = 0
        with to.open("wb") as file:
            async for chunk in response.content.iter_chunked(_CHUNK):
                received += len(chunk)
                if received > largest:
                    raise UnusableSource(f"{_host_of(address)} sends more than {largest // MiB:,} MiB.")
                await asyncio.to_thread(file.write, chunk)
    return None


def _guarded(*, anywhere: bool) -> Callable[[AddrInfoType], socket.socket]:
    """Return what makes the sockets of one request; it sees the final address, whatever the name led to."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = info
        if not anywhere and not is_public(ipaddress.ip_address(str(place[0]).partition("%")[0])):
            raise OSError("a redirect leads inside this network")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make
