"""
Socket Mode: the connections by which Slack is heard, two at a time, so that one hears while the other is renewed.

The SDK reconnects when Slack asks for it or a connection breaks. What it misses is a session that is open and silent
(python-slack-sdk issues 417, 1529 and 1701): such a one is given up here and a new one is opened in its place. An
acknowledgement waits for the registry, so envelopes are taken in by a bounded number of tasks, of which the SDK would
make as many as there are envelopes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import metrics
from bot.front import hear
from bot.health import Health

_log = logging.getLogger(__name__)

#: Slack allows ten. It renews each every few hours.
CONNECTIONS = 2
_AT_ONCE = 200  # envelopes of a connection that are taken in together
_WAITING = 1000  # envelopes that were read and wait for that; then the connection is not read on
_PING_S = 5.0
_SILENT_S = 45.0
_LOOK_S = 3.0
_CONNECT_S = 60.0
_FIRST_S = 10.0


class _Ear(SocketModeClient):
    """One connection, whose envelopes *app* takes in. *heard_at* is when Slack gave its last sign of life."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_AT_ONCE)
        super().__init__(app_token, logger=_quiet(), web_client=app.client, ping_interval=_PING_S)
        self._pong: float | None = None
        self.heard_at = monotonic()
        self.message_queue = asyncio.Queue(_WAITING)
        self.on_message_listeners.append(self._heard)
        self.socket_mode_request_listeners.append(self._take)  # type: ignore[arg-type]  # it is called with itself

    async def _heard(self, _message: Any) -> None:
        self.heard_at = monotonic()

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        answer = await hear(self._app, request.payload)
        await send_async_response(client, request, answer, 0.0)

    async def process_message(self) -> None:
        """Begin to take in the next envelope, once there is room for it."""
        await self._room.acquire()
        try:
            envelope = await self.message_queue.get()
            said = json.loads(envelope) if envelope.startswith("{") else {}
        except BaseException:
            self._room.release()
            raise
        task = asyncio.create_task(self.run_message_listeners(said, envelope))
        self._tasks.add(task)
        task.add_done_callback(self._taken)

    def _taken(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()

    def is_silent(self) -> bool:
        """Whether nothing was heard for long: no message, and no answer to our pings."""
        if self.last_ping_pong_time != self._pong:
            self._pong, self.heard_at = self.last_ping_pong_time, monotonic()
        return monotonic() - self.heard_at > _SILENT_S


@dataclass(slots=True)
class Ears:
    """Hears Slack for *app* until it is stopped; that nothing is heard is a fault of the part "ears"."""

    app: AsyncApp
    app_token: str
    health: Health
    connections: int = CONNECTIONS
    _open: set[int] = field(default_factory=set)
    _all_open: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def hears(self) -> bool:
        """Whether Slack is heard on a connection now."""
        return bool(self._open)

    async def opened(self) -> None:
        """Wait until every connection is open; ten seconds at most, for Slack may be away."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_S):
                await self._all_open.wait()

    async def listen(self) -> None:
        """Keep the connections open until cancelled."""
        self._note()
        async with asyncio.TaskGroup() as tasks:
            for number in range(self.connections):
                tasks.create_task(self._keep_open(number))

    async def _keep_open(self, number: int) -> None:
        while True:
            ear = _Ear(self.app, self.app_token)
            try:
                await self._watch(ear, number)
            except Exception as error:  # noqa: BLE001 - whatever ends a connection, another one is opened
                _log.warning("a connection to Slack failed: %s", type(error).__name__)
            finally:
                self._note(closed=number)
                await _close(ear)
            await asyncio.sleep(_LOOK_S)

    async def _watch(self, ear: _Ear, number: int) -> None:
        """Connect, and come back when nothing has been heard for too long."""
        async with asyncio.timeout(_CONNECT_S):
            await ear.connect()  # type: ignore[no-untyped-call]
        ear.heard_at = monotonic()
        while not ear.is_silent():
            if await ear.is_connected():
                self._note(opened=number)
            else:
                self._note(closed=number)  # the SDK opens it again by itself, or it falls silent
            await asyncio.sleep(_LOOK_S)
        _log.warning("a connection to Slack was silent for %d s; another is opened", _SILENT_S)

    def _note(self, opened: int | None = None, closed: int | None = None) -> None:
        self._open.discard(-1 if closed is None else closed)
        self._open |= set() if opened is None else {opened}
        metrics.ears_connected.set(len(self._open))
        if len(self._open) == self.connections:
            self._all_open.set()
        if self._open:
            self.health.good("ears")
        else:
            self.health.bad("ears", "Slack is not heard: no connection to it is open.")


async def _close(ear: _Ear) -> None:
    try:
        async with asyncio.timeout(_LOOK_S):
            await ear.close()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 - it is given up anyway
        _log.warning("a connection to Slack did not close: %s", type(error).__name__)


def _quiet() -> logging.Logger:
    """Return the SDK's logger, which would write a traceback every few seconds while Slack is away."""
    logger = logging.getLogger("slack_sdk.socket_mode")
    logger.setLevel(logging.CRITICAL)
    return logger
