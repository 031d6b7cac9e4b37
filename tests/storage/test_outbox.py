"""What the bot has to say: claimed in order, replaced when stale, edited where it stands, retried and given up."""

from datetime import timedelta

import pytest

from storage import outbox, outbox_queue
from storage.database import Database
from storage.model import Destination, Standing
from tests.storage.sample import NOW
from tests.storage.saying import ANN, SECOND, claim, fail, hand_over, say, sent, texts


async def test_a_row_is_given_to_one_sender_and_sent_once(database: Database) -> None:
    """What is held is not given out again, what is sent never."""
    await say(database, "hello")
    (message,) = await claim(database)
    assert await claim(database) == ()
    await sent(database, message)
    assert await claim(database, NOW + timedelta(days=1)) == ()


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
    """After an attempt of unknown end the older one goes first, since the newer one has to edit it; urgently, too."""
    await say(database, "50 %")
    (message,) = await claim(database)
    assert await hand_over(database, message)
    later = NOW + timedelta(minutes=2)
    await say(database, "100 %", at=later, urgent=True)
    (older,) = await claim(database, later)
    assert (older.news, older.urgent, older.tried_at) == ({"text": "50 %"}, True, NOW)


async def test_a_row_that_certainly_did_not_arrive_is_replaced(database: Database) -> None:
    """A refusal of Slack's tells so: the newest state is said in its turn, and the page's entry stays with it."""
    await say(database, "50 %", told=("p1", 0))
    await say(database, "other", key="k2")
    (message,) = await claim(database)
    assert await hand_over(database, message)
    await fail(database, message, NOW, in_doubt=False)
    await say(database, "100 %")
    (again,) = await claim(database)
    assert (again.news, again.told, again.token) == ({"text": "100 %"}, ("p1", 0), message.token)


async def test_two_entries_of_a_page_are_two_rows(database: Database) -> None:
    """A row that delivers an entry of a page's log is not replaced by one that delivers another."""
    await say(database, "first", told=("p1", 0))
    await say(database, "second", told=("p1", 1))
    (first,) = await claim(database)
    await sent(database, first)
    (second,) = await claim(database)
    assert (first.told, second.told) == (("p1", 0), ("p1", 1))


async def test_what_another_sender_holds_cannot_be_handed_over(database: Database) -> None:
    """Neither after the hold ran out nor once another one has it; nor can it be let go."""
    await say(database, "hello")
    (mine,) = await claim(database, by="a")
    assert not await hand_over(database, mine, NOW + timedelta(minutes=2))
    (theirs,) = await claim(database, NOW + timedelta(minutes=2), by="b")
    assert not await hand_over(database, mine, NOW + timedelta(minutes=2))
    await fail(database, mine, NOW)
    assert await claim(database, NOW + timedelta(minutes=2)) == ()
    assert await hand_over(database, theirs, NOW + timedelta(minutes=2))


async def test_what_goes_to_the_reliability_channel_is_new_there(database: Database) -> None:
    """It keeps its conversation's turn, goes by the other channel's pace, and may come back."""
    await say(database, "one")
    (message,) = await claim(database)
    await sent(database, message)
    await say(database, "two")
    (message,) = await claim(database)
    assert message.stands is not None
    async with database.write() as transaction:
        await outbox.divert(transaction, message, "CREL", "it is archived", NOW)
        (turn,) = await outbox_queue.waiting(transaction, NOW)
    assert (turn.lane, turn.edits) == ("CREL", None)
    (message,) = await claim(database)
    assert (message.diverted, message.stands) == ("it is archived", None)
    async with database.write() as transaction:
        await outbox.undivert(transaction, message, NOW, "is_archived")
    (message,) = await claim(database)
    assert (message.diverted, message.stands) == ("", Standing("D1", "1.0"))


async def test_the_same_key_elsewhere_is_another_message(database: Database) -> None:
    """A page in two places is two messages."""
    await say(database, "down", ANN)
    await say(database, "down", Destination(channel="C1"))
    await say(database, "down", Destination(channel="C1", thread="5.0"))
    messages = await claim(database)
    assert [message.to.place for message in messages] == ["person:U1", "channel:C1:", "channel:C1:5.0"]


async def test_a_failed_row_comes_again_when_it_is_due(database: Database) -> None:
    """Not earlier than asked for."""
    await say(database, "hello")
    (message,) = await claim(database)
    await fail(database, message)
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
