"""Requests as Slack and GitHub sign them, and a bot that listens for them in this process."""

import asyncio
import hashlib
import hmac
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.front import make_front
from bot.front_door import FrontDoor
from bot.health import Health
from bot.listener import listening, routes
from bot.metrics_scrape import Scrape
from bot.pushes import Pushes
from bot.redact import Redactor
from bot.slack import Slack
from bot.status import Status
from tests.bot.slack_server import SlackServer, slack_server
from tests.world import APPS, CY, Town

SECRET, OLD_SECRET, PUSH_SECRET = "signing-secret-of-now", "signing-secret-of-before", "secret-of-the-webhook"
TEAM = "T1"
ME = {"team_id": TEAM, "user_id": "UBOT", "bot_id": "B1"}
USER = {"id": CY, "team_id": TEAM}
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class NowClock:
    """The time of this machine, which signatures are made at."""

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC)

    def nudge(self) -> None:
        """Wake nobody."""


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack signs *body*."""
    stamp = str(int(time.time() if at is None else at))
    made = hmac.new(secret.encode(), b"v0:%b:%b" % (stamp.encode(), body), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={made}"}


def typed(
    server: SlackServer, order: str, text: str = "", *, by: str = CY, trigger: str = "1", team: str = TEAM
) -> bytes:
    """The body of a slash command."""
    return urlencode(
        {"command": f"/{order}", "text": text, "user_id": by, "team_id": team, "channel_id": APPS,
         "trigger_id": trigger, "response_url": f"{server.address}/api/answer"}
    ).encode()  # fmt: skip


def interaction(payload: Any) -> bytes:
    """The body of a press or a form."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def press(**changes: Any) -> bytes:
    """A press as Slack sends it, but for *changes*."""
    payload = {"type": "block_actions", "user": USER, "team": {"id": "T1"}, "trigger_id": "1",
               "actions": [{"action_id": "accept-app", "block_id": "b", "value": "x"}]}  # fmt: skip
    return interaction({**payload, **changes})


def event(**changes: Any) -> bytes:
    """An event as Slack sends it, but for *changes*."""
    happened = {"type": "app_home_opened", "tab": "home", "user": CY}
    return json.dumps(
        {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": happened, **changes}
    ).encode()


@dataclass
class Listening:
    """A bot that listens, the Slack behind it, and the town it lives in."""

    town: Town
    slack: SlackServer
    dispatch: Dispatch
    health: Health
    session: aiohttp.ClientSession
    port: int
    hears: list[bool] = field(default_factory=lambda: [True])

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def post(
        self, body: bytes, headers: Mapping[str, str], kind: str = FORM, path: str = "/slack/events"
    ) -> tuple[int, str]:
        """Send *body* as it is; return the status and the text of the answer."""
        async with self.session.post(
            self.address + path,
            data=io.BytesIO(body),
            headers={"Content-Type": kind, **headers},
            skip_auto_headers=["User-Agent"],
        ) as answer:
            assert "Server" not in answer.headers
            return answer.status, await answer.text()

    async def raw(self, sent: bytes) -> bytes:
        """Send bytes as they are, and return what comes back until the connection is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(20):
            found = await reader.read()
        writer.close()
        await writer.wait_closed()
        return found

    async def send(self, body: bytes, kind: str = FORM) -> tuple[int, str]:
        """Send *body*, signed now."""
        return await self.post(body, signed(body), kind)

    async def push(self, payload: Any, delivery: str = "d-1", event: str = "push", **headers: str) -> tuple[int, str]:
        """Send a delivery of GitHub's, signed."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        made = hmac.new(PUSH_SECRET.encode(), body, hashlib.sha256).hexdigest()
        about = {"X-GitHub-Event": event, "X-GitHub-Delivery": delivery, "X-Hub-Signature-256": f"sha256={made}"}
        return await self.post(body, {**about, **headers}, JSON, "/github/webhook")

    async def settle(self) -> None:
        """Wait until everything that came in is worked off."""
        while self.dispatch.work._tasks:
            await asyncio.gather(*self.dispatch.work._tasks, return_exceptions=True)

    def answers(self) -> list[str]:
        """The texts that were answered by response_url."""
        return [call["text"] for call in self.slack.sent("answer")]


@asynccontextmanager
async def listening_bot(town: Town) -> AsyncIterator[Listening]:
    """Have a bot of *town* listen on this machine."""
    health = Health()
    async with slack_server() as (server, client), aiohttp.ClientSession() as session:
        slack = Slack(client.client, Redactor(), f"{server.address}/api/")
        dispatch = Dispatch(town.world, Answers(town.world, slack), Redactor(), TEAM, "Acme", health=health)
        door = FrontDoor([SECRET, OLD_SECRET], NowClock(), make_front(slack.client, ME, dispatch, slack))
        status_world = replace(town.world)
        hears = [True]
        status = Status(health, town.world.database, Scrape(status_world, health), lambda: hears[0])
        async with listening("127.0.0.1", 0, routes(status, door, Pushes(PUSH_SECRET, dispatch))) as port:
            yield Listening(town, server, dispatch, health, session, port, hears)
            await dispatch.stop()
