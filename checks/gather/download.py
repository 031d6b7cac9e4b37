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
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.connector import AddrInfoType

from checks.addresses import is_public
from checks.gather.osv_source import MiB, NotThere, UnusableSource

LARGEST = 4 * 1024 * MiB  # bytes on the wire; the archive of all npm records is below 500 MiB
SECONDS = 1_800.0
_SILENCE_S = 30.0
_MOST_REDIRECTS = 5
_CHUNK = MiB
_OK, _PARTIAL, _NOT_MODIFIED, _NOT_FOUND = 200, 206, 304, 404
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a download: *tag* is the host's word for the file's state; not *is_new*: it was here before."""

    tag: str = ""
    is_new: bool = True


async def download(
    address: str,
    to: Path,
    *,
    certificates: ssl.SSLContext | None = None,
    largest: int = LARGEST,
    resume: bool = False,
) -> Fetched:
    """
    Write what *address* answers to the file *to*; *certificates* replaces the system's trusted ones.

    With *resume* what an earlier attempt left in *to* is gone on with, where the host still has that state of the file
    (its tag stands beside, in *to*.tag), and a whole file of that state is not fetched again. Raises UnusableSource
    with a sentence that names the host and nothing more of the address, which may hold a token.
    """
    named = _host_of(address)
    current = address
    try:
        async with asyncio.timeout(SECONDS):
            for _ in range(_MOST_REDIRECTS + 1):
                fetch = _Fetch(current, to, _host_of(current) == named, certificates, largest, resume)
                following = await fetch.run()
                if isinstance(following, Fetched):
                    return following
                current = following
    except TimeoutError:
        raise UnusableSource(f"{named} did not send its data in time.") from None
    except aiohttp.ClientConnectorCertificateError:
        raise UnusableSource(f"{named} has a certificate that is not trusted here.") from None
    except aiohttp.ClientConnectorError as error:
        is_unknown = isinstance(error, aiohttp.ClientConnectorDNSError)
        why = "its name cannot be looked up" if is_unknown else "no connection comes about"
        raise UnusableSource(
            f"{named} could not be asked: {why}. A proxy is not used: where this machine has no other way out, fetch "
            "the file elsewhere and give it with --from."
        ) from None
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


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One request for *address*, into *to*; *anywhere*: also inside this network."""

    address: str
    to: Path
    anywhere: bool
    certificates: ssl.SSLContext | None
    largest: int
    resume: bool

    async def run(self) -> Fetched | str:
        """Write the answer, or return the address that it redirects to."""
        connector = aiohttp.TCPConnector(socket_factory=_guarded(anywhere=self.anywhere), ssl=self.certificates or True)
        limits = aiohttp.ClientTimeout(total=None, sock_connect=_SILENCE_S, sock_read=_SILENCE_S)
        async with (
            # What is packed stays packed on the way: it is unpacked under the limits of `osv_source`.
            aiohttp.ClientSession(connector=connector, timeout=limits, auto_decompress=False) as session,
            session.get(self.address, allow_redirects=False, headers=self._headers()) as response,
        ):
            if response.status in _REDIRECTS and "Location" in response.headers:
                return urljoin(self.address, response.headers["Location"])
            if response.status == _NOT_MODIFIED:
                return Fetched(self._tag(), is_new=False)
            if response.status not in {_OK, _PARTIAL}:
                self._forget()
                kind = NotThere if response.status == _NOT_FOUND else UnusableSource
                raise kind(f"{_host_of(self.address)} answered with status {response.status}.")
            return await self._write(response)

    async def _write(self, response: aiohttp.ClientResponse) -> Fetched:
        tag = response.headers.get("ETag", "")
        goes_on = response.status == _PARTIAL
        if self.resume:
            self._whole.unlink(missing_ok=True)
            self._tag_file.write_text("" if tag.startswith("W/") else tag, encoding="utf-8")
        received = self.to.stat().st_size if goes_on else 0
        with self.to.open("ab" if goes_on else "wb") as file:
            async for chunk in response.content.iter_chunked(_CHUNK):
                received += len(chunk)
                if received > self.largest:
                    raise UnusableSource(f"{_host_of(self.address)} sends more than {self.largest // MiB:,} MiB.")
                await asyncio.to_thread(file.write, chunk)
        if self.resume:
            self._whole.touch()
        return Fetched(tag)

    def _headers(self) -> dict[str, str]:
        """Return what asks for the rest of what is there, or whether a whole file has changed."""
        headers = {"Accept-Encoding": "identity"}
        tag = self._tag()
        if tag and self._whole.exists():
            headers["If-None-Match"] = tag
        elif tag and self.to.stat().st_size:
            headers |= {"Range": f"bytes={self.to.stat().st_size}-", "If-Range": tag}
        return headers

    def _tag(self) -> str:
        if not self.resume or not self.to.exists() or not self._tag_file.exists():
            return ""
        return self._tag_file.read_text(encoding="utf-8").strip()

    def _forget(self) -> None:
        for path in (self._tag_file, self._whole) if self.resume else ():
            path.unlink(missing_ok=True)

    @property
    def _tag_file(self) -> Path:
        return self.to.with_name(f"{self.to.name}.tag")

    @property
    def _whole(self) -> Path:
        """The file that stands beside *to* once all of it is there."""
        return self.to.with_name(f"{self.to.name}.whole")


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
