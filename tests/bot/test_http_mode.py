"""Slack over HTTP in place of Socket Mode: the same bot, heard through its listener behind the front door."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest_asyncio

from tests.bot.groundcrew_process import free_port
from tests.bot.running_bot import running_bot
from tests.bot.signed import FORM, SECRET, signed
from tests.commands.repository import OPEN_ROUTE, Repository
from tests.workspace_client import Person, WorkspaceClient
from tests.workspace_fixture import BOT_TOKEN


@dataclass
class Door:
    """The door of a bot that runs in HTTP mode."""

    address: str
    session: aiohttp.ClientSession

    async def type(self, person: Person, command: str, text: str, trigger: str) -> int:
        """Have *person* type a command, as Slack sends it; return the status of the answer."""
        body = urlencode(
            {"command": command, "text": text, "user_id": person.id, "team_id": "T0LOCAL", "channel_id": "C0APPS",
             "trigger_id": trigger, "response_url": ""}
        ).encode()  # fmt: skip
        return await self.post(body, {"Content-Type": FORM, **signed(body)})

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """Send a request."""
        async with self.session.post(f"{self.address}/slack/events", data=body, headers=headers) as answer:
            return answer.status

    async def get(self, path: str) -> int:
        """Ask how the bot is."""
        async with self.session.get(self.address + path) as answer:
            return answer.status


@pytest_asyncio.fixture
async def door(tmp_path: Path, workspace: WorkspaceClient) -> AsyncIterator[Door]:
    """Give the door of a bot that speaks in the workspace, and is spoken to over HTTP."""
    port = free_port()
    over_http = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "GROUNDCREW_LISTEN": f"127.0.0.1:{port}",
        "GROUNDCREW_RELIABILITY_CHANNEL": "#reliability",
    }
    async with running_bot(tmp_path / "home", workspace, **over_http), aiohttp.ClientSession() as session:
        yield Door(f"http://127.0.0.1:{port}", session)


async def test_a_conversation_over_http(door: Door, workspace: WorkspaceClient, repository: Repository) -> None:
    """An app is registered and checked; four deliveries of one command have one effect."""
    repository.commit("app.py", OPEN_ROUTE)
    ann = await workspace.person("ann")
    registers = [door.type(ann, "/register-app", f"billing {repository} --channel #apps", "1.1") for _ in range(4)]
    assert await asyncio.gather(*registers) == [200] * 4
    await ann.wait_for(lambda message: message.channel == "D0ANN" and "billing is registered" in message.words)
    verdict = await ann.wait_for(lambda message: message.is_reply and "Fix prompt" in message.buttons)
    assert "app.py:" in verdict.words
    assert len([one for one in ann.messages("bot") if "billing is registered" in one.words]) == 1
    assert await door.type(ann, "/check-app", "bilings", "2.1") == 200
    await ann.wait_for(lambda message: "no app called “bilings”" in message.words)


async def test_it_is_well_and_lets_nobody_else_in(door: Door) -> None:
    """It is ready without a socket, and what is not signed is refused."""
    async with asyncio.timeout(20):
        while await door.get("/readyz") != 200:  # noqa: ASYNC110 - the lead is taken a moment after the start
            await asyncio.sleep(0.05)
    assert await door.get("/healthz") == 200
    assert await door.get("/metrics") == 200
    assert await door.post(b"command=%2Fapps", {"Content-Type": FORM}) == 401
