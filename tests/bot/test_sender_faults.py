"""Whatever Slack answers and wherever the sender dies: every message stands once, in its order, at its pace."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import cast

import pytest

from bot.redact import Redactor
from bot.sender import Sender
from bot.slack import Slack
from storage import outbox_queue
from storage.database import Database, Transaction
from storage.model import Destination
from tests.bot.faulty_slack import BAD, FaultySlack
from tests.bot.sending import CHANNEL, post, send_due, sender_of, ticks
from tests.left_over import unsent
from tests.world import ANN, APPS, BO, Town, direct

THREAD = Destination(channel=APPS, thread="7.000001")
PLACES = (CHANNEL, THREAD, direct(ANN), direct(BO))


class Killed(BaseException):
    """What ends a process between two of its steps; nothing catches it."""


@dataclass
class Process:
    """A sender that dies after some *steps*: the beginnings and ends of transactions and of calls of Slack's."""

    town: Town
    slack: FaultySlack
    name: str
    steps: float = math.inf
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        town = replace(self.town, world=replace(self.town.world, database=cast("Database", self)))
        self.sender = sender_of(town, Slack(self.slack.client(self.step), Redactor()), self.name)

    def step(self) -> None:
        """Take a step; a process that has died takes no more."""
        self.steps -= 1
        if self.steps < 0:
            raise Killed

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Open a transaction that only reads."""
        self.step()
        async with self.town.world.database.read() as transaction:
            yield transaction

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction that writes, and is whole or nothing however the process dies."""
        self.step()
        async with self.town.world.database.write() as transaction:
            yield transaction
        self.step()

    async def die(self) -> None:
        """Work until the steps are taken."""
        with contextlib.suppress(Killed):
            while await send_due(self.sender):
                pass
        await asyncio.gather(*self.sender._tasks, return_exceptions=True)
        self.slack.forget_pauses()


async def work(town: Town, sender: Sender, seconds: int) -> None:
    """Let the sender work for *seconds* of the town's time."""
    for _ in range(seconds):
        while await send_due(sender):
            pass
        town.clock.time += timedelta(seconds=1)


async def waits(town: Town) -> bool:
    """Whether anything in the outbox is not sent."""
    async with town.world.database.read() as transaction:
        counted = await unsent(transaction)
    return bool(counted)


async def calm(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """Let the weather be good until everything is sent."""
    slack.faults = {}
    for _ in range(600):
        if not await waits(town):
            return
        await work(town, sender, 1)
    pytest.fail("something still waits after ten minutes of good weather")


@pytest.mark.parametrize("seed", range(6))
async def test_each_message_stands_once_and_in_order(seed: int, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through faults of every kind, kills between any two steps, and histories that show messages late."""
    monkeypatch.setattr(outbox_queue, "STUBBORN", 1000)  # so that the order is kept however often one is killed
    random = Random(seed)  # noqa: S311 - a story that can be told again
    slack = FaultySlack(ticks(town), random, BAD, late=random.choice([0.0, 3.0]))
    process = Process(town, slack, "p0")
    written: dict[str, list[str]] = {}
    for number in range(40):
        to = random.choice(PLACES)
        for part in range(random.randint(0, 2)):
            text = f"{number}.{part}"
            await post(town, text, to, key=text)
            written.setdefault(to.place, []).append(text)
        if random.random() < 0.4:
            process.steps = random.randint(0, 30)
            await process.die()
            process = Process(town, slack, f"p{number}")
            await process.sender.begin()
        await work(town, process.sender, random.randint(1, 4))
    await calm(town, slack, process.sender)
    for to in PLACES:
        channel = to.channel or f"D{str(to.person)[1:]}"
        stand = [one["text"] for one in slack.stands[channel] if one.get("thread_ts") == to.thread]
        assert stand == written.get(to.place, []), to.place
    assert slack.too_soon == []
