"""Posts JSON to one address over https, and says what the answer means for the sender."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from bot.trouble import Later, Unfit, Unreachable

SECONDS = 10.0  # for one post, to the last word of the answer's head
_LONGEST_PAUSE = 3600.0
#: Beside 5xx: too slow, locked, too early, and too many.
_PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.LOCKED,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


async def post(
    session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str], seconds: float = SECONDS
) -> None:
    """
    Post *body*; no redirect is followed, and of the answer only its head is read.

    Raises Later, Unreachable (410) or Unfit; none names the address, which may hold a token.
    """
    sent = {"Content-Type": "application/json", "User-Agent": "Groundcrew", **headers}
    try:
        async with (
            asyncio.timeout(seconds),
            session.post(url, data=body, headers=sent, allow_redirects=False) as response,
        ):
            status, after = response.status, response.headers.get("Retry-After", "")
    except TimeoutError:
        raise Later("no answer in time") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Later(_words(error)) from None
    if HTTPStatus(HTTPStatus.OK) <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status == HTTPStatus.GONE:
        raise Unreachable("HTTP 410", "it says that it is gone for good (HTTP 410)")
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Later(f"HTTP {status}", pause(after, datetime.now(UTC)))
    if status < HTTPStatus.BAD_REQUEST:
        raise Unfit(f"HTTP {status}", f"it redirects (HTTP {status}), which is not followed: set the final address")
    raise Unfit(f"HTTP {status}", f"it refuses what I send (HTTP {status})")


def pause(retry_after: str, now: datetime) -> float:
    """Return the seconds that a Retry-After header asks for (a number or a date), 0 where it says nothing of use."""
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return min(float(retry_after), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(0.0, (until - now).total_seconds()), _LONGEST_PAUSE)


def _words(error: Exception) -> str:
    """Return what went wrong in words; the library's own hold the address."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not trusted here"
        case aiohttp.ClientConnectorDNSError():
            return "its name cannot be looked up"
        case aiohttp.ClientConnectorError():
            return "no connection comes about"
        case aiohttp.ClientOSError() | aiohttp.ServerDisconnectedError():
            return "the connection was cut off"
    return f"it could not be asked ({type(error).__name__})"
