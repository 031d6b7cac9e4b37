"""What the bot has to say: claimed in order, replaced when stale, edited where it stands, retried and given up."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage import apps, outbox, outbox_queue
from storage.database import Database
from storage.model import Destination, Message, Standing
from tests.storage.sample import NOW, an_app

ANN = Destination(person="U1")
SECOND = timedelta(seconds=1)


async def say(
    database: Database, text: str, to: Destination = ANN, *, key: str = "k", urgent: bool = False, at: datetime = NOW
) -> None:
    """Add one row."""
    async with database.write() as transaction:
        await outbox.add(transaction, to, "Said", {"text": text}, key=key, now=at, urgent=urgent)


async def claim(database: Database, at: datetime = NOW) -> tuple[Message, ...]:
    """Claim what is due."""
    async with database.write() as transaction:
        return await outbox_queue.claim(transaction, at)


async def sent(database: Database, message: Message, channel: str = "D1", ts: str = "1.0") -> None:
    """Mark a row as sent."""
    async with database.write() as transaction:
        await outbox.mark_sent(transaction, message, Standing(channel, ts), NOW)


def texts(messages: tuple[Message, ...]) -> list[str]:
    """Give what the rows say."""
    return [message.news["text"] for message in messages]


async def test_a_row_is_given_to_one_sender_and_sent_once(database: Database) -> None:
    """What is held is not given out again, what is sent never."""
    await say(database, "hello")
    (message,) = await claim(database)
    assert await claim(database) == ()
    await sent(database, message)
    assert await claim(database, NOW + timedelta(days=1)) == ()


async def test_two_senders_at_once_get_different_rows(database: Database) -> None:
    """Claims at the same time never overlap."""
    for number in range(10):
        await say(database, str(number), key=f"k{number}")
    first, second = await asyncio.gather(claim(database), claim(database))
    assert sorted(texts(first) + texts(second)) == [str(number) for number in range(10)]


async def test_a_row_of_a_dead_sender_is_given_out_again_in_doubt(database: Database) -> None:
    """After the hold it comes again, with the same token and one attempt that nobody knows the end of."""
    await say(database, "hello")
    (first,) = await claim(database)
    (again,) = await claim(database, NOW + timedelta(minutes=2))
    assert (first.attempts, again.attempts) == (0, 1)
    assert again.token == first.token


async def test_a_newer_row_replaces_an_older_one_that_was_not_sent(database: Database) -> None:
    """Only the newest state is said; the urgency of what it replaces stays."""
    await say(database, "50 %", urgent=True)
    await say(database, "100 %")
    (message,) = await claim(database)
    assert message.news == {"text": "100 %"}
    assert message.urgent


async def test_a_row_that_is_being_sent_is_not_replaced_but_followed(database: Database) -> None:
    """The newer one waits for the older one, and then edits it."""
    await say(database, "50 %")
    (first,) = await claim(database)
    await say(database, "100 %")
    assert await claim(database) == ()
    await sent(database, first, "D1", "7.0")
    (second,) = await claim(database)
    assert second.news == {"text": "100 %"}
    assert second.stands == Standing("D1", "7.0")


async def test_a_row_that_may_have_been_sent_is_not_replaced(database: Database) -> None:
    """After an attempt of unknown end the older one goes first, since the newer one has to edit it."""
    await say(database, "50 %")
    await claim(database)
    later = NOW + timedelta(minutes=2)
    await say(database, "100 %", at=later)
    assert texts(await claim(database, later)) == ["50 %"]


async def test_the_same_key_elsewhere_is_another_message(database: Database) -> None:
    """A page in two places is two messages."""
    await say(database, "down", ANN)
    await say(database, "down", Destination(channel="C1"))
    await say(database, "down", Destination(channel="C1", thread="5.0"))
    messages = await claim(database)
    assert [message.to.place for message in messages] == ["person:U1", "channel:C1:", "channel:C1:5.0"]


async def test_urgent_rows_overtake(database: Database) -> None:
    """A page goes before reports that wait longer."""
    await say(database, "report", key="a")
    await say(database, "page", key="b", urgent=True)
    assert texts(await claim(database)) == ["page", "report"]


async def test_a_failed_row_comes_again_when_it_is_due(database: Database) -> None:
    """Not earlier than asked for."""
    await say(database, "hello")
    (message,) = await claim(database)
    async with database.write() as transaction:
        await outbox.retry(transaction, message, NOW + 30 * SECOND, "ratelimited")
    assert await claim(database, NOW + 29 * SECOND) == ()
    (again,) = await claim(database, NOW + 30 * SECOND)
    assert again.attempts == 1


async def test_a_postponed_row_was_not_tried(database: Database) -> None:
    """It is not in doubt, and a newer one may replace it."""
    await say(database, "old")
    (message,) = await claim(database)
    async with database.write() as transaction:
        await outbox.postpone(transaction, message, NOW + SECOND)
    await say(database, "new")
    (again,) = await claim(database, NOW + SECOND)
    assert (again.attempts, again.news) == (0, {"text": "new"})


async def test_a_row_given_up_never_comes_again(database: Database) -> None:
    """What cannot be delivered is kept with its reason, and no longer waits."""
    await say(database, "hello")
    (message,) = await claim(database)
    async with database.write() as transaction:
        await outbox.give_up(transaction, message, NOW, "user_not_found")
    assert await claim(database, NOW + timedelta(days=1)) == ()
    async with database.read() as transaction:
        assert await outbox_queue.waiting(transaction, NOW + timedelta(days=1)) == ()


async def test_an_app_thread_waits_for_its_card_and_then_knows_its_place(database: Database) -> None:
    """The card is the root; whatever belongs in the thread comes after it, under it."""
    app = an_app(channel="C1")
    async with database.write() as transaction:
        await apps.add(transaction, app)
    await say(database, "verdict", Destination(app_id=app.id), key="check:1")
    await say(database, "card", Destination(channel="C1", app_id=app.id, is_root=True), key="card")
    (card,) = await claim(database)
    assert card.news == {"text": "card"}
    await sent(database, card, "C1", "9.0")
    (verdict,) = await claim(database)
    assert (verdict.to.channel, verdict.to.thread) == ("C1", "9.0")
    async with database.read() as transaction:
        kept = await apps.get(transaction, app.id)
    assert kept is not None
    assert (kept.thread_channel, kept.thread) == ("C1", "9.0")


async def test_a_message_that_no_longer_stands_is_sent_anew(database: Database) -> None:
    """After `forget` the next row with the key is a new message."""
    await say(database, "card")
    (message,) = await claim(database)
    await sent(database, message)
    async with database.write() as transaction:
        assert await outbox.standing(transaction, "k", ANN) == Standing("D1", "1.0")
        await outbox.forget(transaction, "k", ANN)
    await say(database, "card again")
    (again,) = await claim(database)
    assert again.stands is None


@pytest.mark.parametrize("text", ["ends with \x00 NUL", "ünï ✓ 🚀", "<!channel> & co"])
async def test_any_text_survives(database: Database, text: str) -> None:
    """What is kept is what is said, on both engines."""
    await say(database, text)
    assert texts(await claim(database)) == [text]
