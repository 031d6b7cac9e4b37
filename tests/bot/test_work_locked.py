"""An order that waits for the registry takes no place from others: it may wait for the lock of one app alone."""

import asyncio
from typing import Any

import pytest

from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.incoming import Incoming
from bot.redact import Redactor
from commands.command import Request
from storage.errors import Unavailable
from tests.bot.slack_server import slack_server
from tests.left_over import undone
from tests.world import CY, Town


async def ack(*_: Any) -> None:
    """Acknowledge."""


async def test_what_waits_for_the_registry_lets_others_in(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody holds one app's row, the orders of forty people for it leave a place for another app's page."""
    done = asyncio.Event()

    async def run(_: Any, incoming: Incoming) -> None:
        if incoming.request.text == "locked":
            raise Unavailable("canceling statement due to lock timeout")
        done.set()

    monkeypatch.setattr("bot.orders.Orders._run", run)
    async with slack_server() as (_, slack):
        process = Dispatch(town.world, Answers(town.world, slack), Redactor(), "T1", "Acme", "p1")
        for number in range(40):
            request = Request(f"U{number}", "locked")
            await process.take(Incoming(f"slash:{number}", "slash", "page-owner", request, "T1"), ack)
        await process.take(Incoming("slash:free", "slash", "page-owner", Request(CY, "free"), "T1"), ack)
        async with asyncio.timeout(10):
            await done.wait()
        await process.stop()
    async with town.world.database.read() as transaction:
        assert len(await undone(transaction)) >= 40
