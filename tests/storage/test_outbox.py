"""What the bot has to say: claimed in order, replaced when stale, edited where it stands, retried and given up."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import apps, outbox, outbox_queue, pauses
from storage.database import Database
from storage.model import Destination, Message, Standing
from storage.outbox_queue import STUBBORN
from tests.storage.sample import NOW, an_app

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
        await say(database, str(number), Destination(person=f"U{number}"))
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


@pytest.mark.parametrize("hours", [2, -2])
async def test_a_clock_that_is_moved_keeps_nothing_waiting(database: Database, hours: int) -> None:
    """A hold of a minute, and a row that waits for seconds, do not become hours when the clock is set."""
    after = NOW + timedelta(hours=hours)
    await say(database, "held")
    await say(database, "waits", Destination(channel="C1"))
    held, waits = await claim(database)
    await fail(database, waits)
    assert sorted(texts(await claim(database, after))) == ["held", "waits"]
    assert held.tried_at is None


async def test_who_leads_takes_back_what_others_hold(database: Database) -> None:
    """Its own rows, which it is sending, stay its own."""
    await say(database, "theirs")
    await claim(database, by="dead")
    await say(database, "mine", Destination(channel="C1"))
    await claim(database, by="me")
    async with database.write() as transaction:
        await outbox_queue.let_go(transaction, but="me")
    assert texts(await claim(database, by="me")) == ["theirs"]


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


async def test_pauses_outlive_their_sender(database: Database) -> None:
    """The rest of each is kept, the longer where Slack asks again, and never more than Slack asked for."""
    async with database.write() as transaction:
        await pauses.keep(transaction, ("C1", "chat.update"), NOW, 30 * SECOND)
        await pauses.keep(transaction, ("C1",), NOW, 60 * SECOND)
    async with database.read() as transaction:
        assert await pauses.left(transaction, NOW + 10 * SECOND) == {"C1": 50.0, "chat.update": 20.0}
        assert await pauses.left(transaction, NOW - timedelta(hours=2)) == {"C1": 60.0, "chat.update": 30.0}
        assert await pauses.left(transaction, NOW + timedelta(minutes=2)) == {}


async def test_the_same_key_elsewhere_is_another_message(database: Database) -> None:
    """A page in two places is two messages."""
    await say(database, "down", ANN)
    await say(database, "down", Destination(channel="C1"))
    await say(database, "down", Destination(channel="C1", thread="5.0"))
    messages = await claim(database)
    assert [message.to.place for message in messages] == ["person:U1", "channel:C1:", "channel:C1:5.0"]


async def test_urgent_rows_overtake(database: Database) -> None:
    """A page goes before reports that wait longer, in its conversation and elsewhere."""
    await say(database, "report", key="a")
    await say(database, "report elsewhere", Destination(channel="C1"))
    await say(database, "page", key="b", urgent=True)
    page, elsewhere = await claim(database)
    assert texts((page, elsewhere)) == ["page", "report elsewhere"]
    await sent(database, page)
    assert texts(await claim(database)) == ["report"]


async def test_a_conversation_goes_in_the_order_in_which_it_was_written(database: Database) -> None:
    """One row of it is out at a time; one that failed holds up those behind it until it is due again."""
    for number in range(3):
        await say(database, str(number), key=f"k{number}")
    (first,) = await claim(database)
    assert texts((first,)) == ["0"]
    await fail(database, first)
    assert await claim(database) == ()
    (again,) = await claim(database, NOW + 30 * SECOND)
    await sent(database, again)
    assert texts(await claim(database)) == ["1"]


async def test_the_steps_of_a_page_go_in_their_order(database: Database) -> None:
    """The backup's message waits for the owner's, a minute at most; mail waits for neither, and edits for nothing."""
    await say(database, "owner", told=("p1", 0))
    await say(database, "backup", Destination(person="U2"), told=("p1", 1))
    await say(database, "mail", Destination(route="email", address="a"), told=("p1", 2))
    owner, mail = await claim(database)
    assert texts((owner, mail)) == ["owner", "mail"]
    assert await claim(database) == ()
    await sent(database, owner)
    (backup,) = await claim(database)
    assert texts((backup,)) == ["backup"]
    await fail(database, backup, NOW + timedelta(minutes=3))
    await say(database, "channel", Destination(channel="C1"), told=("p1", 3))
    await say(database, "owner edited", told=("p1", 0))
    assert texts(await claim(database)) == ["owner edited"]
    assert "channel" in texts(await claim(database, NOW + timedelta(seconds=61)))


async def test_a_row_that_always_fails_lets_the_others_pass(database: Database) -> None:
    """It is still tried, and no longer holds up its conversation; what edits it waits for it."""
    await say(database, "stubborn")
    for number in range(STUBBORN):
        (stubborn,) = await claim(database, NOW + 30 * number * SECOND)
        await fail(database, stubborn, NOW + 30 * (number + 1) * SECOND, in_doubt=True)
    later = NOW + 30 * STUBBORN * SECOND
    await say(database, "next", key="k2")
    assert sorted(texts(await claim(database, later))) == ["next", "stubborn"]


async def test_a_turn_is_for_lanes_that_are_open(database: Database) -> None:
    """A closed lane gets nothing, a paced one edits alone, and threads count as their channel."""
    for to in (ANN, Destination(channel="C1", thread="5.0"), Destination(channel="C2")):
        await say(database, "new", to)
    await say(database, "mail", Destination(route="email", address="ann@acme.example"))
    (card,) = [one for one in await claim(database) if one.to.channel == "C2"]
    await sent(database, card, "C2", "3.0")
    async with database.write() as transaction:
        await outbox_queue.let_go(transaction)
    await say(database, "edit", Destination(channel="C2"))

    async def lanes(**given: Any) -> set[str]:
        async with database.read() as transaction:
            return {turn.lane for turn in await outbox_queue.waiting(transaction, NOW, **given)}

    mail = "email:ann@acme.example"
    assert await lanes() == {"U1", "C1", "C2", mail}
    assert await lanes(closed={"C1", "U1"}) == {"C2", mail}
    assert await lanes(paced={"C1", "C2"}) == {"U1", "C2", mail}
    assert await lanes(edits=False) == {"U1", "C1", mail}
    assert await lanes(posts=False, edits=False) == {mail}


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
