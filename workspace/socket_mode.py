"""Socket Mode: hands envelopes to whichever bot is connected and waits for it to acknowledge them.

See https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import json
import secrets
from collections.abc import Callable

from aiohttp import WSMsgType, web

from workspace import limits
from workspace.people import APP_ID
from workspace.wire import Json


class NotConnectedError(Exception):
    """No bot is connected."""


class NotAcknowledgedError(Exception):
    """The bot had the envelope and did not acknowledge it in time."""


class Connections:
    """The Socket Mode connections of the bot, used in turn.

    *clock* gives Unix seconds; *patience* is how many seconds an envelope may wait for its acknowledgement;
    *changed* is called with the number of connections whenever it changes.
    """

    def __init__(self, clock: Callable[[], float], patience: float, changed: Callable[[int], None]) -> None:
        self._clock = clock
        self._patience = patience
        self._changed = changed
        self._tickets: dict[str, float] = {}
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._retries: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def issue_ticket(self) -> str:
        """Make a ticket that opens one connection within half a minute."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = self._clock()
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection, until it closes."""
        issued = self._tickets.pop(request.query.get("ticket", ""), None)
        if issued is None or self._clock() - issued > limits.TICKET_SECONDS:
            return web.Response(status=403, text="This ticket was used or has expired; call apps.connections.open.")
        socket = web.WebSocketResponse(heartbeat=15.0)
        await socket.prepare(request)
        if len(self._open) >= limits.CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._open.append(socket)
        self._changed(self.count)
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._open.remove(socket)
            self._changed(self.count)
        return socket

    async def deliver(self, kind: str, payload: Json, *, takes_answer: bool, attempt: int = 0) -> Json:
        """Send one envelope and give the payload of its acknowledgement, which is often empty.

        Raises NotConnectedError, NotAcknowledgedError.
        """
        if not self._open:
            raise NotConnectedError
        socket = self._open[0]
        self._open.append(self._open.pop(0))
        envelope_id = secrets.token_hex(16)
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = takes_answer
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            async with asyncio.timeout(self._patience):
                await socket.send_json(envelope)
                return await answer
        except (TimeoutError, ConnectionError):
            raise NotAcknowledgedError from None
        finally:
            del self._waiting[envelope_id]

    def announce(self, event: Json) -> None:
        """Deliver an Events API payload in the background, three times more if nobody acknowledges it."""
        task = asyncio.create_task(self._announce(event))
        self._retries.add(task)
        task.add_done_callback(self._retries.discard)

    async def close(self) -> None:
        """Close every connection and forget the events that still wait for another delivery."""
        for task in list(self._retries):
            task.cancel()
        for socket in list(self._open):
            await socket.close()

    async def _announce(self, event: Json) -> None:
        for attempt, pause in enumerate((0.0, *limits.EVENT_RETRIES)):
            await asyncio.sleep(pause)
            try:
                await self.deliver("events_api", event, takes_answer=False, attempt=attempt)
            except (NotConnectedError, NotAcknowledgedError):
                continue
            return

    def _take(self, data: str) -> None:
        """Read one acknowledgement; anything else a bot says is ignored, as Slack does."""
        try:
            message = json.loads(data)
        except ValueError:
            return
        answer = self._waiting.get(str(message.get("envelope_id"))) if isinstance(message, dict) else None
        if answer is not None and not answer.done():
            payload = message.get("payload")
            answer.set_result(payload if isinstance(payload, dict) else {})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "local-workspace", "build_number": 1, "approximate_connection_time": 3600},
        }
