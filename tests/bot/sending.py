"""A sender in the town's time, what it needs around it, and how a test lets it work."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.clock import WallClock
from bot.health import Health
from bot.routes.route import Route
from bot.sender import Sender
from bot.slack import Slack
from commands.news import Said
from storage.model import Destination
from tests.world import APPS, Town

CHANNEL = Destination(channel=APPS)


class Lead:
    """The lead of a town that has one bot; a test may take it away."""

    is_mine = True

    async def gained(self) -> None:
        """Return at once."""


def ticks(town: Town) -> Callable[[], float]:
    """The seconds of the town's clock, wherever it is pushed."""

    def now() -> float:
        return town.clock.time.timestamp()

    return now


def sender_of(town: Town, slack: Slack, process_id: str = "p1", routes: Mapping[str, Route] | None = None) -> Sender:
    """A sender that measures its pace by the town's clock."""
    return Sender(town.world, WallClock(), slack, Lead(), Health(), process_id, routes or {}, ticks(town))


async def post(town: Town, text: str, to: Destination = CHANNEL, *, key: str = "k", urgent: bool = False) -> None:
    """Put a sentence into the outbox."""
    async with town.world.database.write() as transaction:
        await town.world.messenger.post(transaction, to, Said(text), key=key, urgent=urgent)


async def send_due(sender: Sender) -> int:
    """Let the sender deliver what may go now to its end, and return how many messages that were."""
    if sender.line.wants_look:
        await sender.line.look()
    taken = await sender._take_up()
    await asyncio.gather(*sender._tasks)
    return taken


async def settle(town: Town, sender: Sender, seconds: int = 1) -> None:
    """Let the sender work for *seconds* of the town's time, until nothing is due in any of them."""
    for _ in range(seconds):
        while await send_due(sender):
            pass
        town.clock.time += timedelta(seconds=1)
