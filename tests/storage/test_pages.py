"""A page is claimed when it is due, advances once, and has one winner."""

import asyncio
from datetime import timedelta

from storage import apps, pages
from storage.database import Database
from storage.model import PageState, Told
from tests.storage.sample import NOW, a_page, an_app

APP = an_app()
MINUTE = timedelta(minutes=1)


async def page_it(database: Database) -> None:
    """Make one page."""
    async with database.write() as transaction:
        await apps.add(transaction, APP)
        await pages.add(transaction, a_page(APP))


async def test_a_page_comes_back_with_its_log(database: Database) -> None:
    """What was told to whom is part of the page."""
    await page_it(database)
    told = Told(0, "U1", NOW)
    async with database.write() as transaction:
        (page,) = await pages.claim_due(transaction, NOW)
        assert page == a_page(APP)
        assert await pages.advance(transaction, page, (told,), 1, NOW + 5 * MINUTE)
        assert not await pages.advance(transaction, page, (told,), 1, NOW + 5 * MINUTE)
    async with database.write() as transaction:
        assert await pages.claim_due(transaction, NOW + 4 * MINUTE) == ()
        assert await pages.next_due(transaction) == NOW + 5 * MINUTE
        (page,) = await pages.claim_due(transaction, NOW + 5 * MINUTE)
        assert (page.told, page.position) == ((told,), 1)
        await pages.failed(transaction, page.id, 0, "deactivated")
        again = await pages.get(transaction, page.id)
    assert again is not None
    assert again.told[0].failed == "deactivated"


async def test_of_many_who_answer_at_once_one_wins(database: Database) -> None:
    """Twenty acknowledgements, one winner; the page is no longer due."""
    await page_it(database)

    async def acknowledge(person: str) -> bool:
        async with database.write() as transaction:
            return await pages.acknowledge(transaction, "p1", person, NOW)

    answers = await asyncio.gather(*(acknowledge(f"U{number}") for number in range(20)))
    assert answers.count(True) == 1
    async with database.write() as transaction:
        page = await pages.get(transaction, "p1")
        assert page is not None
        assert page.acknowledged_by == f"U{answers.index(True)}"
        assert await pages.claim_due(transaction, NOW + timedelta(days=1)) == ()
        assert await pages.resolve(transaction, "p1", "U1", NOW)
        assert not await pages.resolve(transaction, "p1", "U2", NOW)
        assert not await pages.acknowledge(transaction, "p1", "U2", NOW)
        resolved = await pages.get(transaction, "p1")
        assert await pages.open_of(transaction, [APP.id]) == {}
    assert resolved is not None
    assert (resolved.state, resolved.resolved_by) == (PageState.RESOLVED, "U1")


async def test_a_page_of_the_same_person_is_found_to_be_joined(database: Database) -> None:
    """Only their own, only a recent one, only while it is open."""
    await page_it(database)
    async with database.write() as transaction:
        assert await pages.recent(transaction, APP.id, "U2", NOW + MINUTE) is None
        assert await pages.recent(transaction, APP.id, "U3", NOW) is None
        page = await pages.recent(transaction, APP.id, "U2", NOW)
        assert page is not None
        await pages.join(transaction, page.id, "it is still down")
        joined = await pages.get(transaction, page.id)
        assert joined is not None
        assert (joined.joined, joined.what) == (1, "it is still down")
        await pages.resolve(transaction, page.id, "U1", NOW)
        assert await pages.recent(transaction, APP.id, "U2", NOW) is None
