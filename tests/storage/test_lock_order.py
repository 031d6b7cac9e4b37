"""Orders and the sender lock what they both change in one order, so that PostgreSQL has to end none of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage import apps, outbox, pages
from storage.database import Database, Transaction
from storage.model import Destination, Message, Standing, Told
from tests.meeting import meet
from tests.registries import PostgresRegistries
from tests.storage.sample import NOW, a_page, an_app
from tests.storage.saying import ANN, claim

APP = an_app()
PAGE = a_page(APP)
CARD = Destination(channel="C1", app_id=APP.id, is_root=True)
STANDING = Standing("C1", "1.0")


@pytest_asyncio.fixture
async def database(postgres_registries: PostgresRegistries, tmp_path: Path) -> AsyncIterator[Database]:
    """Give a registry on PostgreSQL with an app and a page of it that Ann was told of."""
    opened = await Database.open(postgres_registries.make(tmp_path))
    async with opened.write() as transaction:
        await apps.add(transaction, APP)
        await pages.add(transaction, PAGE)
        await pages.add_told(transaction, PAGE, [Told(0, "U1", NOW)])
    yield opened
    await opened.close()


async def post_card(transaction: Transaction) -> None:
    """Have the app's card say something new."""
    await outbox.add(transaction, CARD, "Card", {}, key="card", now=NOW)


async def post_page(transaction: Transaction) -> None:
    """Have the page say something new to Ann."""
    await outbox.add(transaction, ANN, "Paged", {}, key="page", now=NOW, told=(PAGE.id, 0))


async def lock_app(transaction: Transaction) -> None:
    """Begin as every order does that decides about an app."""
    await apps.lock(transaction, APP.id)


async def acknowledge(transaction: Transaction) -> None:
    """Begin as whoever presses Acknowledge in the message."""
    assert await pages.acknowledge(transaction, PAGE.id, "U1", NOW)
    await pages.seen(transaction, PAGE.id, "U1", NOW, channel="D1", ts="1.0")


async def being_sent(database: Database) -> Message:
    """Claim the one message that waits, and hand it over."""
    (message,) = await claim(database)
    async with database.write() as transaction:
        assert await outbox.handed_over(transaction, message, NOW, new=True)
    return message


async def test_a_card_is_sent_while_an_order_changes_its_app(database: Database) -> None:
    """The sender waits for the app before it touches the card's row, which the order wants next."""
    async with database.write() as transaction:
        await post_card(transaction)
    message = await being_sent(database)

    async def send() -> None:
        async with database.write() as transaction:
            await outbox.mark_sent(transaction, message, STANDING, NOW)

    await meet(database, lock_app, post_card, send)
    async with database.read() as transaction:
        app = await apps.get(transaction, APP.id)
    assert app is not None
    assert (app.thread_channel, app.thread) == ("C1", "1.0")


async def test_a_page_is_joined_while_somebody_acknowledges_it(database: Database) -> None:
    """A row that refers to an app does not wait for whoever decides about it."""

    async def answer() -> None:
        async with database.write() as transaction:
            await acknowledge(transaction)
            await post_card(transaction)

    async def join(transaction: Transaction) -> None:
        await pages.join(transaction, PAGE.id, "still down")

    await meet(database, lock_app, join, answer)
    async with database.read() as transaction:
        page = await pages.get(transaction, PAGE.id)
    assert page is not None
    assert (page.acknowledged_by, page.what) == ("U1", "still down")


@pytest.mark.parametrize("end", ["sent", "given up"])
async def test_a_page_is_answered_before_its_message_is_known_to_be_sent(database: Database, end: str) -> None:
    """The sender waits for the page's log before it touches the message's row, which the answer wants next."""
    async with database.write() as transaction:
        await post_page(transaction)
    message = await being_sent(database)

    async def send() -> None:
        async with database.write() as transaction:
            if end == "sent":
                await outbox.mark_sent(transaction, message, STANDING, NOW)
            else:
                await outbox.give_up(transaction, message, NOW, "user_not_found")

    await meet(database, acknowledge, post_page, send)
    async with database.read() as transaction:
        page = await pages.get(transaction, PAGE.id)
    assert page is not None
    assert page.told[0].seen_at == NOW
    assert (page.told[0].delivered_at, page.told[0].failed) == (
        (NOW, "") if end == "sent" else (None, "user_not_found")
    )
