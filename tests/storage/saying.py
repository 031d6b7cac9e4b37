"""Puts rows into the outbox and takes them out, as the tests of it do."""

from datetime import datetime, timedelta
from typing import Any

from storage import outbox, outbox_queue
from storage.database import Database
from storage.model import Destination, Message, Standing
from tests.storage.sample import NOW

ANN = Destination(person="U1")
SECOND = timedelta(seconds=1)


async def say(
    database: Database, text: str, to: Destination = ANN, *, key: str = "k", at: datetime = NOW, **more: Any
) -> None:
    """Add one row."""
    async with database.write() as transaction:
        await outbox.add(transaction, to, "Said", {"text": text}, key=key, now=at, **more)


async def claim(database: Database, at: datetime = NOW, by: str = "") -> tuple[Message, ...]:
    """Claim what is due."""
    async with database.write() as transaction:
        return await outbox_queue.claim(transaction, at, by=by)


async def hand_over(database: Database, message: Message, at: datetime = NOW) -> bool:
    """Say that a row is handed over to Slack now; False where it is another sender's."""
    async with database.write() as transaction:
        return await outbox.handed_over(transaction, message, at, new=True)


async def fail(
    database: Database, message: Message, until: datetime = NOW + 30 * SECOND, *, in_doubt: bool = False
) -> None:
    """Have a row sent again later."""
    async with database.write() as transaction:
        await outbox.retry(transaction, message, until, "internal_error", in_doubt=in_doubt)


async def sent(database: Database, message: Message, channel: str = "D1", ts: str = "1.0") -> None:
    """Mark a row as sent."""
    async with database.write() as transaction:
        await outbox.mark_sent(transaction, message, Standing(channel, ts), NOW)


def texts(messages: tuple[Message, ...]) -> list[str]:
    """Give what the rows say."""
    return [message.news["text"] for message in messages]
