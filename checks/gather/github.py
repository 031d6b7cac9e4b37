"""
Asks the REST API of GitHub, or of a GitHub Enterprise, about one repository, under limits of size and number.

The token stands in a header and nowhere else. No redirect is followed, and each socket is opened only to an address
that may be asked (the table of `checks.addresses`). Whatever goes wrong is `Untold`, a sentence that says what to
grant or do. Permissions and answers: https://docs.github.com/en/rest (version 2022-11-28).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec
from aiohttp.connector import AddrInfoType

from checks.addresses import is_allowed
from checks.engine import Engine
from checks.gather.git import Unreadable
from checks.gather.network import resolve

LARGEST = 8 * 1024 * 1024  # bytes of one answer; 100 check runs with long summaries stay below
PAGE = 100  # the most that GitHub lists in one answer; no second page is asked for
_AT_ONCE = 8
_OK = 200
_REFUSALS = {401, 403, 404, 410, 429}
_T = TypeVar("_T")


class Untold(Exception):  # noqa: N818 - said of what was asked, and read in the sentence
    """
    GitHub did not tell; the text says why and what to do, and never holds the token or what GitHub wrote.

    *status* is that of its answer (0: there was none), *is_bare* whether it said that there is no protection to show.
    """

    def __init__(self, text: str, status: int = 0, *, is_bare: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.is_bare = is_bare


@dataclass(frozen=True, slots=True)
class GitHub:
    """The API about one repository."""

    session: aiohttp.ClientSession
    address: str
    gate: asyncio.Semaphore

    async def get(self, path: str, kind: type[_T], what: str, grant: str) -> _T:
        """
        Return the answer of *path*, below the repository's own address, as a *kind*; raises Untold.

        *what* names in the sentence what was asked for, *grant* the permission that shows it.
        """
        try:
            async with self.gate, self.session.get(f"{self.address}{path}", allow_redirects=False) as response:
                body = await _body(response, what)
                if response.status != _OK:
                    raise _refusal(response, body, what, grant)
                return msgspec.json.decode(body, type=kind)
        except msgspec.MsgspecError:
            raise Untold(f"GitHub's answer about {what} could not be understood: check again later") from None
        except aiohttp.ClientConnectorCertificateError:
            raise Untold("the certificate of GitHub's API is not accepted here: set GROUNDCREW_GIT_CA_FILE") from None
        except aiohttp.ClientConnectorError:
            raise Untold("GitHub's API cannot be reached: look at the network of this machine") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Untold(f"GitHub's API cannot be reached ({type(error).__name__}): check again later") from None


@asynccontextmanager
async def connected(engine: Engine, repository: str) -> AsyncIterator[GitHub]:
    """Yield the API about *repository*, `owner/name`, that *engine* names; raises Untold."""
    parts = urlsplit(engine.github_api)
    try:
        await resolve(parts.hostname or "", parts.port or 443, engine.allow_cidrs)
        trusted = ssl.create_default_context(cafile=engine.ca_file) if engine.ca_file else True
    except Unreadable as why:
        raise Untold(f"GitHub's API cannot be asked: {why}") from None
    except OSError:
        raise Untold("GROUNDCREW_GIT_CA_FILE names a file that holds no certificates") from None
    headers = {
        "Accept": "application/vnd.github+json",
        "Accept-Encoding": "identity",  # what is unpacked here could be far larger than what was sent
        "Authorization": f"Bearer {engine.token}",
        "User-Agent": "groundcrew",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    connector = aiohttp.TCPConnector(socket_factory=_guarded(engine.allow_cidrs), ssl=trusted, limit=_AT_ONCE)
    async with aiohttp.ClientSession(
        connector=connector, headers=headers, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as session:
        yield GitHub(session, f"{engine.github_api}/repos/{repository}", asyncio.Semaphore(_AT_ONCE))


async def each(asked: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """Return what all of *asked* bring, in their order; raises one's Untold, and leaves none running."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in asked]
    except ExceptionGroup as several:
        raise next((one for one in several.exceptions if isinstance(one, Untold)), several) from None
    return [task.result() for task in tasks]


async def _body(response: aiohttp.ClientResponse, what: str) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > LARGEST:
            raise Untold(f"GitHub's answer about {what} is larger than is read here")
    return bytes(body)


def _refusal(response: aiohttp.ClientResponse, body: bytes, what: str, grant: str) -> Untold:
    status, headers = response.status, response.headers
    if status == 401:  # noqa: PLR2004 - HTTP's own figures are clearer than names for them
        said = "GitHub does not accept the token: renew GROUNDCREW_GITHUB_TOKEN"
    elif status == 429 or headers.get("X-RateLimit-Remaining") == "0" or "Retry-After" in headers:  # noqa: PLR2004
        said = f"GitHub asks us to come back later ({status}): check again in an hour"
    elif "X-GitHub-SSO" in headers:
        said = "the organisation wants the token authorised for its single sign-on: do that in GitHub's token settings"
    elif status in _REFUSALS:
        said = f"GitHub would not show {what} to this token: give it {grant}"
    elif status in range(300, 400):
        said = "GitHub says that the repository has moved: give its new address"
    elif status in range(500, 600):
        said = f"GitHub has a fault of its own ({status}): check again later"
    else:
        said = f"GitHub answered with status {status} when asked for {what}: check again later"
    # An unprotected branch is told apart from a token that may not look by this sentence alone.
    return Untold(said, status, is_bare=status == 404 and b'"Branch not protected"' in body)  # noqa: PLR2004


def _guarded(cidrs: Sequence[str]) -> Callable[[AddrInfoType], socket.socket]:
    """Return what makes the sockets: it sees the final address, whatever a second look-up of the name led to."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = info
        if not is_allowed(ipaddress.ip_address(str(place[0]).partition("%")[0]), cidrs):
            raise OSError("the API is inside this network")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make
