"""
The one small HTTP listener: how the bot is, and what comes in from outside. It speaks plain HTTP, behind a proxy.

Every route stands in one table. A client that is slow, silent or one too many costs no more than its connection.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.front_door import FrontDoor
from bot.intake import NotKept
from bot.manifest import PATH
from bot.pushes import Pushes
from bot.request_body import MOST, ROOM, Room
from bot.status import Status

_log = logging.getLogger(__name__)

_CONNECTIONS = 4000
_IDLE_S = 30.0  # between requests, and for the headers of one to come
_LINGER_S = 1.0  # for the rest of a body that was refused
_HEADER = 8 * 1024  # bytes of a line
_HEADERS = 64
_RECEIVED = 32 * 1024  # bytes of a connection that the system holds for us
_WAITING = 2048  # connections that the system holds until we take them

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Taken(Exception):  # noqa: N818 - it is what the start is refused for
    """The address to listen at cannot be had; the text says why."""


def routes(status: Status, door: FrontDoor | None, pushes: Pushes | None) -> list[web.RouteDef]:
    """Return every route: those of the *door* and of *pushes* where these are set up."""
    table: list[tuple[str, str, Handle | None]] = [
        ("GET", "/healthz", status.healthz),
        ("GET", "/readyz", status.readyz),
        ("GET", "/metrics", status.metrics),
        ("POST", PATH, door.handle if door else None),
        ("POST", "/github/webhook", pushes.handle if pushes else None),
    ]
    return [web.route(method, path, handle) for method, path, handle in table if handle is not None]


@asynccontextmanager
async def listening(host: str, port: int, table: list[web.RouteDef]) -> AsyncIterator[int]:
    """Listen at *host* and *port* (0: any) until the context is left; yields the port. Raises Taken."""
    application = web.Application(middlewares=[_guard], client_max_size=MOST)
    application[ROOM] = Room()
    application.add_routes(table)
    application.on_response_prepare.append(_say_no_version)
    how: dict[str, Any] = {
        "access_log": None,
        "auto_decompress": False,  # signatures are over what was sent
        "keepalive_timeout": _IDLE_S,
        "lingering_time": _LINGER_S,
        "logger": _quiet(),
        "max_line_size": _HEADER,
        "max_field_size": _HEADER,
        "max_headers": _HEADERS,
    }
    runner = web.AppRunner(application, shutdown_timeout=5.0, **how)
    await runner.setup()
    try:
        server = await asyncio.get_running_loop().create_server(_Room(runner, how), host, port, backlog=_WAITING)
    except OSError as error:
        await runner.cleanup()
        raise Taken(error.strerror or type(error).__name__) from None
    for one in server.sockets:  # else a turn of the loop reads 256 KiB of each connection before anything looks at it
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await runner.cleanup()


class _Room:
    """Gives each connection its protocol, set up as *how*, up to a number of them; one more is closed at once."""

    def __init__(self, runner: web.AppRunner, how: Mapping[str, Any]) -> None:
        assert runner.server is not None
        self._server = runner.server
        self._how = how

    def __call__(self) -> asyncio.Protocol:
        if len(self._server.connections) >= _CONNECTIONS:
            return _Closed()
        return _Connection(self._server, loop=asyncio.get_running_loop(), **self._how)


class _Connection(web.RequestHandler):
    """A connection whose answer to what is no HTTP neither quotes it nor says what answers."""

    __slots__ = ()

    def handle_error(self, *args: Any, **kwargs: Any) -> web.StreamResponse:
        """Answer what could not be parsed, which no route and no middleware sees."""
        status = super().handle_error(*args, **kwargs).status
        answer = _Nameless(status=status, text="It is no HTTP that I understand.")
        answer.force_close()
        return answer


class _Nameless(web.Response):
    """An answer without the server's name and version, where `on_response_prepare` is not asked."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


class _Closed(asyncio.Protocol):
    """The protocol of a connection for which there is no room."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Close it."""
        transport.close()


@web.middleware
async def _guard(request: web.Request, handler: Handle) -> web.StreamResponse:
    """Answer where a handler fails; what it failed over is logged without the request."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except NotKept:
        return web.Response(status=503, text="It could not be kept. Send it again.")
    except Exception:  # noqa: BLE001 - the server's own words for it would quote the request
        _log.exception("a request to %s could not be answered", request.match_info.route.resource)
        return web.Response(status=500, text="That is my fault.")


async def _say_no_version(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)


def _quiet() -> logging.Logger:
    """Return the server's own logger, which would quote what it cannot parse."""
    logger = logging.getLogger("aiohttp.server")
    logger.setLevel(logging.CRITICAL)
    return logger
