"""Whose turn it is: by conversation and urgency, by lane and page, and whoever holds what."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from storage import apps, outbox, outbox_queue, pauses
from storage.database import Database
from storage.model import Destination
from storage.outbox_queue import STUBBORN
from tests.storage.sample import NOW, an_app
from tests.storage.saying import ANN, SECOND, claim, fail, say, sent, texts


async def test_two_senders_at_once_get_different_rows(database: Database) -> None:
    """Claims at the same time never overlap."""
    for number in range(10):
        await say(database, str(number), Destination(person=f"U{number}"))
    first, second = await asyncio.gather(claim(database), claim(database))
    assert sorted(texts(first) + texts(second)) == [str(number) for number in range(10)]


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


async def test_pauses_outlive_their_sender(database: Database) -> None:
    """The rest of each is kept, the longer where Slack asks again, and never more than Slack asked for."""
    async with database.write() as transaction:
        await pauses.keep(transaction, ("C1", "chat.update"), NOW, 30 * SECOND)
        await pauses.keep(transaction, ("C1",), NOW, 60 * SECOND)
    async with database.read() as transaction:
        assert await pauses.left(transaction, NOW + 10 * SECOND) == {"C1": 50.0, "chat.update": 20.0}
        assert await pauses.left(transaction, NOW - timedelta(hours=2)) == {"C1": 60.0, "chat.update": 30.0}
        assert await pauses.left(transaction, NOW + timedelta(minutes=2)) == {}


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
    """The backup's message waits for the owner's, at most five minutes; mail waits for neither, edits for nothing."""
    await say(database, "owner", told=("p1", 0))
    await say(database, "backup", Destination(person="U2"), told=("p1", 1))
    await say(database, "mail", Destination(route="email", address="a"), told=("p1", 2))
    owner, mail = await claim(database)
    assert texts((owner, mail)) == ["owner", "mail"]
    assert await claim(database) == ()
    await sent(database, owner)
    (backup,) = await claim(database)
    assert texts((backup,)) == ["backup"]
    await fail(database, backup, NOW + timedelta(minutes=8))
    await say(database, "channel", Destination(channel="C1"), told=("p1", 3))
    await say(database, "owner edited", told=("p1", 0))
    assert texts(await claim(database)) == ["owner edited"]
    assert "channel" not in texts(await claim(database, NOW + timedelta(seconds=290)))
    assert "channel" in texts(await claim(database, NOW + timedelta(seconds=301)))


async def test_a_step_that_waits_lets_other_pages_of_its_conversation_pass(database: Database) -> None:
    """Slack wants a pause for the owner; their backup waits with that page, and is told at once of another."""
    await say(database, "owner", told=("p1", 0), urgent=True)
    (owner,) = await claim(database)
    async with database.write() as transaction:
        await outbox.postpone(transaction, owner, NOW + 280 * SECOND)
    backup = Destination(person="U2")
    await say(database, "backup", backup, key="page:p1", told=("p1", 1), urgent=True)
    await say(database, "owner of another", backup, key="page:p2", told=("p2", 0), urgent=True)
    (other,) = await claim(database)
    assert texts((other,)) == ["owner of another"]
    await sent(database, other)
    assert await claim(database) == ()
    assert texts(await claim(database, NOW + 300 * SECOND)) == ["owner", "backup"]


async def test_a_step_waits_for_none_that_is_refused_again_and_again(database: Database) -> None:
    """The owner's message steps aside after some attempts, and the backup is told meanwhile."""
    await say(database, "owner", told=("p1", 0))
    await say(database, "backup", Destination(person="U2"), told=("p1", 1))
    for number in range(STUBBORN):
        (owner,) = await claim(database, NOW + 10 * number * SECOND)
        assert texts((owner,)) == ["owner"]
        await fail(database, owner, NOW + 10 * (number + 1) * SECOND)
    assert sorted(texts(await claim(database, NOW + 10 * STUBBORN * SECOND))) == ["backup", "owner"]


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


async def test_edits_of_a_closed_lane_do_not_hide_those_of_others(database: Database) -> None:
    """However many wait in a channel that Slack wants left alone, and what was chosen can be claimed."""
    closed, other = Destination(channel="C1"), Destination(channel="C2")
    places = [(f"k{number}", closed) for number in range(101)] + [("k", other)]
    for key, to in places:
        await say(database, "old", to, key=key)
    while messages := await claim(database):
        for message in messages:
            await sent(database, message, message.to.channel or "", str(message.id))
    for key, to in places:
        await say(database, "new", to, key=key)
    async with database.write() as transaction:
        (turn,) = await outbox_queue.waiting(transaction, NOW, closed={"C1"})
        (message,) = await outbox_queue.claim(transaction, NOW, only=[turn.id])
    assert message.to == other


async def test_waiting_edits_of_a_closed_thread_hide_none_of_another_lane(database: Database) -> None:
    """However many wait in the threads of a channel that is closed, an edit elsewhere has its turn."""
    app = an_app(channel="C1", thread_channel="C1", thread="1.0")
    async with database.write() as transaction:
        await apps.add(transaction, app)
    places = [(f"check:{number}", Destination(app_id=app.id)) for number in range(120)]
    async with database.write() as transaction:
        for key, to in places:
            await outbox.add(transaction, to, "Said", {"text": "old"}, key=key, now=NOW)
    while messages := await claim(database):
        for message in messages:
            await sent(database, message, "C1", str(message.id))
    await say(database, "old", ANN, key="page")
    (message,) = await claim(database)
    await sent(database, message)
    async with database.write() as transaction:
        for key, to in [*places, ("page", ANN)]:
            await outbox.add(transaction, to, "Said", {"text": "new"}, key=key, now=NOW)
        turns = await outbox_queue.waiting(transaction, NOW, closed={"C1"})
    assert [turn.lane for turn in turns] == ["U1"]
