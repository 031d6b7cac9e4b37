"""Reads what a request to the listener holds, without letting its sender fill our memory or our time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, web

from bot import metrics

MOST = 1024 * 1024  # bytes; Slack's largest payloads are a quarter of that
PATIENCE_S = 10.0
_MOST_OF_ALL = 32 * 1024 * 1024  # bytes of all bodies that are being read, of which nobody knows yet who sent them
_UNCOUNTED = 8 * 1024  # the first bytes of each, so that those who fill the room keep nobody's command out


@dataclass(slots=True)
class Room:
    """For how many more bytes of bodies there is room in the memory of this process."""

    left: int = _MOST_OF_ALL


#: Where the room stands in the application.
ROOM = web.AppKey("room", Room)


async def read_body(request: web.Request) -> bytes:
    """
    Return the body as it was sent.

    Raises an HTTP error: 413 where it is too long, 408 where it does not come, 415 where it is packed, 400 where it is
    not whole, 503 where all that are being read are too much.
    """
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise web.HTTPUnsupportedMediaType(text="Send it unpacked.")
    if (request.content_length or 0) > MOST:
        raise _too_long(request.content_length or 0)
    content = request.content
    if content.is_eof():  # nearly always: it came with the headers
        return content.read_nowait()
    read = bytearray()
    counted, room = 0, request.app[ROOM]
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not content.at_eof():
                read += await content.readany()
                if len(read) > MOST:
                    raise _too_long(len(read))
                more = max(0, len(read) - _UNCOUNTED) - counted
                if more > room.left:
                    metrics.webhook.labels("no_room").inc()
                    raise _too_much()
                counted += more
                room.left -= more
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The rest of it did not come.") from None
    except (ClientError, web.RequestPayloadError, OSError):
        raise web.HTTPBadRequest(text="It was not sent whole.") from None
    else:
        return bytes(read)
    finally:
        room.left += counted
        read.clear()  # else the traceback of what is refused keeps it until garbage is collected


def read_json(text: str | bytes) -> Any:
    """Return the value that *text* is in JSON; raises HTTP error 400 for anything else, whatever is wrong with it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # also what is no UTF-8, and numbers of thousands of digits
        raise web.HTTPBadRequest(text="It is not JSON.") from None


def _too_long(size: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(max_size=MOST, actual_size=size)


def _too_much() -> web.HTTPServiceUnavailable:
    error = web.HTTPServiceUnavailable(text="Too much is being sent just now. Send it again.")
    error.force_close()
    return error
