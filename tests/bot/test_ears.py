"""Socket Mode: two connections that are watched, opened anew when they fall silent, and read no faster than we work."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import ears
from bot.ears import Ears
from bot.health import Health
from bot.intake import NotKept


@dataclass
class Slack:
    """A Slack that opens connections while it is *there*, and on which a test sends envelopes."""

    there: bool = True
    opened: list[web.WebSocketResponse] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    address: str = ""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def open(self, _request: web.Request) -> web.Response:
        """Answer apps.connections.open."""
        if not self.there:
            return web.json_response({"ok": False, "error": "internal_error"}, status=503)
        return web.json_response({"ok": True, "url": f"{self.address}/link"})

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        self.opened.append(socket)
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self.acknowledged.append(message.json()["envelope_id"])
        return socket

    async def send(self, text: str = "") -> str:
        """Send a command on the last connection; return its envelope's id."""
        name = f"e{next(self._numbers)}"
        payload = {"command": "/apps", "text": text, "user_id": "U1", "team_id": "T1", "trigger_id": name}
        await self.opened[-1].send_json({"type": "slash_commands", "envelope_id": name, "payload": payload})
        return name


@asynccontextmanager
async def hearing(
    health: Health, take: Callable[[dict[str, Any]], Any], *, there: bool = True
) -> AsyncIterator[tuple[Slack, Ears]]:
    """Have ears listen to a Slack; *take* takes what they hear."""
    slack = Slack(there)
    application = web.Application()
    application.router.add_post("/api/apps.connections.open", slack.open)
    application.router.add_get("/link", slack.serve)
    async with TestServer(application) as server, aiohttp.ClientSession() as session:
        slack.address = str(server.make_url("")).rstrip("/")
        client = AsyncWebClient("xoxb-1", f"{slack.address}/api/", session=session, timeout=2, retry_handlers=[])

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1")

        app = AsyncApp(client=client, authorize=authorize, process_before_response=True)

        @app.command("/apps")
        async def command(ack: Any, body: dict[str, Any]) -> None:
            await take(body)
            await ack()

        heard = Ears(app, "xapp-1", health)
        listening = asyncio.create_task(heard.listen())
        try:
            yield slack, heard
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening


async def until(holds: Callable[[], bool]) -> None:
    """Wait until *holds*."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - another connection's state is no event here
            await asyncio.sleep(0.01)


async def nothing(_body: dict[str, Any]) -> None:
    """Take it."""


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have connections looked at every moment."""
    monkeypatch.setattr(ears, "_LOOK_S", 0.02)


async def test_slack_is_heard_on_two_connections() -> None:
    """Both are opened, what comes on either is acknowledged, and at the end both are closed."""
    health = Health()
    async with hearing(health, nothing) as (slack, heard):
        assert not heard.hears
        await heard.opened()
        assert (len(slack.opened), heard.hears, health.faults) == (2, True, {})
        sent = await slack.send()
        await until(lambda: slack.acknowledged == [sent])
    await until(lambda: all(one.closed for one in slack.opened))


async def test_what_could_not_be_kept_is_not_acknowledged(caplog: pytest.LogCaptureFixture) -> None:
    """Slack then tells the person that it failed, or sends the event again."""

    async def refuse(body: dict[str, Any]) -> None:
        if body["text"] == "first":
            raise NotKept

    async with hearing(Health(), refuse) as (slack, heard):
        await heard.opened()
        await slack.send("first")
        second = await slack.send("second")
        await until(lambda: slack.acknowledged == [second])


async def test_a_connection_that_is_silent_is_replaced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Open, and without a sign of life: it is given up, another is opened, and what comes there is heard."""
    monkeypatch.setattr(ears, "_PING_S", 600.0)  # so that nobody notices but our own watch
    monkeypatch.setattr(ears, "_SILENT_S", 0.3)
    health = Health()
    async with hearing(health, nothing) as (slack, heard):
        await heard.opened()
        first = list(slack.opened)
        await until(lambda: len(slack.opened) >= 4)
        assert all(one.closed for one in first)
        assert "was silent" in caplog.text
        await until(lambda: heard.hears)
        sent = await slack.send()
        await until(lambda: sent in slack.acknowledged)


async def test_a_connection_that_answers_pings_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little is said, a connection that lives is not replaced."""
    monkeypatch.setattr(ears, "_PING_S", 0.1)
    monkeypatch.setattr(ears, "_SILENT_S", 2.0)
    ticks = itertools.count()
    async with hearing(Health(), nothing) as (slack, heard):
        await heard.opened()
        await until(lambda: next(ticks) > 300)
        assert len(slack.opened) == 2


async def test_slack_may_be_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """While no connection can be opened that is a fault, and it is over as soon as one is."""
    monkeypatch.setattr(ears, "_PING_S", 0.05)
    health = Health()
    async with hearing(health, nothing, there=False) as (slack, heard):
        await until(lambda: "ears" in health.faults)
        assert not heard.hears
        slack.there = True
        await heard.opened()
        assert health.faults == {}
        slack.there = False
        for one in slack.opened:
            await one.close()
        await until(lambda: "ears" in health.faults)
        slack.there = True
        await until(lambda: heard.hears)


async def test_no_more_is_taken_in_at_once_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK makes a task of each envelope; here the others wait, and all are acknowledged in the end."""
    monkeypatch.setattr(ears, "_AT_ONCE", 3)
    go_on, now, most = asyncio.Event(), 0, 0

    async def slow(_body: dict[str, Any]) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await go_on.wait()
        now -= 1

    async with hearing(Health(), slow) as (slack, heard):
        await heard.opened()
        sent = [await slack.send() for _ in range(20)]
        await until(lambda: now == 3)
        go_on.set()
        await until(lambda: sorted(slack.acknowledged) == sorted(sent))
        assert most == 3
