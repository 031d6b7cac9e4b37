"""Orders lock the page before its log, and the app before what is said of it, so that PostgreSQL has to end none."""

from datetime import timedelta

import pytest

from commands.cards import post_card
from storage import apps, outbox, owners, pages
from storage.database import Transaction
from storage.model import Acceptance, Destination, Owner, Role, Told
from storage.tables import outbox as rows
from tests.meeting import meet
from tests.storage.sample import a_page, an_app
from tests.world import ANN, APPS, BO, Town

pytestmark = pytest.mark.parametrize("registry_url", ["postgres"], indirect=True)

APP = an_app(channel=APPS)


async def test_a_page_is_answered_while_a_message_of_it_is_found_refused(town: Town) -> None:
    """The word that somebody was not reached waits for the page before it touches its log."""
    now, page = town.clock.now(), a_page(APP)
    async with town.world.database.write() as transaction:
        await apps.add(transaction, APP)
        await pages.add(transaction, page)
        await pages.add_told(transaction, page, [Told(0, ANN, now)])
        await pages.advance(transaction, page, (), 1, now + timedelta(minutes=5))
        to = Destination(person=ANN)
        await outbox.add(transaction, to, "Said", {"text": "x"}, key="k", now=now, told=(page.id, 0))
        row_id = (await transaction.connection.execute(rows.select())).one().id

    async def answer(transaction: Transaction) -> None:
        assert await pages.acknowledge(transaction, page.id, ANN, now)

    async def see(transaction: Transaction) -> None:
        await pages.seen(transaction, page.id, ANN, now, channel="", ts="")

    async def note() -> None:
        await town.ask("clock", "note-unreached", id=str(row_id), why="they left")

    await meet(town.world.database, answer, see, note)
    async with town.world.database.read() as transaction:
        after = await pages.get(transaction, page.id)
    assert after is not None
    assert (after.acknowledged_by, after.told[0].seen_at, after.told[0].failed) == (ANN, now, "they left")


async def test_an_app_is_accepted_while_an_admin_decides_about_it(town: Town) -> None:
    """Who accepts it waits for the app before anything is said of it, which the other says in another order."""
    now = town.clock.now()
    async with town.world.database.write() as transaction:
        await apps.add(transaction, APP)
        asked = Owner(APP.id, Role.OWNER, ANN, Acceptance.ASKED, BO, now, None)
        await owners.name(transaction, asked)
        question = f"own:{APP.id}:owner:{int(now.timestamp())}"
        await outbox.add(transaction, Destination(person=ANN), "Said", {"text": "x"}, key=question, now=now)
        await post_card(transaction, town.world, APP.id)

    async def decide(transaction: Transaction) -> None:
        await apps.lock(transaction, APP.id)
        await post_card(transaction, town.world, APP.id)

    async def ask_again(transaction: Transaction) -> None:
        await outbox.add(transaction, Destination(person=ANN), "Said", {"text": "y"}, key=question, now=now)

    async def accept() -> None:
        await town.ask(ANN, "accept-app", id=f"{APP.id}:owner")

    await meet(town.world.database, decide, ask_again, accept)
    async with town.world.database.read() as transaction:
        (owner,) = await owners.of_app(transaction, APP.id)
    assert owner.acceptance is Acceptance.ACCEPTED
