"""A page is claimed when it is due, advances once, and has one winner."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import text

from storage import apps, pages
from storage.database import Database
from storage.model import NO_ROUTE, Page, PageState, StepKind, Told
from tests.storage.sample import NOW, a_page, an_app

APP = an_app()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def page_it(database: Database) -> None:
    """Make one page."""
    async with database.write() as transaction:
        await apps.add(transaction, APP)
        await pages.add(transaction, a_page(APP))


async def test_a_page_comes_back_with_its_log(database: Database) -> None:
    """What was told to whom is part of the page."""
    await page_it(database)
    entry = Told(0, "U1", NOW)
    async with database.write() as transaction:
        (page,) = await pages.claim_due(transaction, NOW)
        assert page == a_page(APP)
        assert await pages.advance(transaction, page, (entry,), 1, NOW + 5 * MINUTE)
        assert not await pages.advance(transaction, page, (entry,), 1, NOW + 5 * MINUTE)
    async with database.write() as transaction:
        assert await pages.claim_due(transaction, NOW + 4 * MINUTE) == ()
        assert await pages.next_due(transaction) == NOW + 5 * MINUTE
        (page,) = await pages.claim_due(transaction, NOW + 5 * MINUTE)
        assert (page.told, page.position) == ((entry,), 1)
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
        assert await pages.recent(transaction, APP.id, "U2", (NOW + MINUTE, NOW + HOUR)) is None
        assert await pages.recent(transaction, APP.id, "U3", (NOW, NOW)) is None
        assert await pages.recent(transaction, APP.id, "U2", (NOW - HOUR, NOW - MINUTE)) is None
        page = await pages.recent(transaction, APP.id, "U2", (NOW, NOW))
        assert page is not None
        await pages.join(transaction, page.id, "it is still down")
        joined = await pages.get(transaction, page.id)
        assert joined is not None
        assert (joined.joined, joined.what) == (1, "it is still down")
        await pages.resolve(transaction, page.id, "U1", NOW)
        assert await pages.recent(transaction, APP.id, "U2", (NOW, NOW)) is None


async def told(database: Database, *log: Told) -> Page:
    """Make a page of which *log* was told, and give it."""
    await page_it(database)
    async with database.write() as transaction:
        (page,) = await pages.claim_due(transaction, NOW)
        await pages.advance(transaction, page, log, 1, NOW + 5 * MINUTE)
    return await now_of(database)


async def now_of(database: Database) -> Page:
    """Give the page as it is kept."""
    async with database.read() as transaction:
        page = await pages.get(transaction, "p1")
    assert page is not None
    return page


async def test_what_became_of_a_message_is_kept_once(database: Database) -> None:
    """The first delivery counts; what was delivered is never called failed, and what failed may arrive after all."""
    await told(database, Told(0, "U1", NOW), Told(0, "U3", NOW))
    async with database.write() as transaction:
        await pages.delivered(transaction, "p1", 0, NOW, channel="D1", ts="1.0")
        await pages.delivered(transaction, "p1", 0, NOW + MINUTE, channel="D1", ts="2.0")
        await pages.failed(transaction, "p1", 0, "an edit of it")
        await pages.failed(transaction, "p1", 1, "closed")
    first, second = (await now_of(database)).told
    assert (first.delivered_at, first.channel, first.ts, first.failed) == (NOW, "D1", "1.0", "")
    assert (second.delivered_at, second.failed) == (None, "closed")
    async with database.write() as transaction:
        await pages.delivered(transaction, "p1", 1, NOW + MINUTE)
    assert (await now_of(database)).told[1].failed == ""


async def test_who_has_seen_a_page_is_whoever_was_told_or_read_the_message(database: Database) -> None:
    """By their id wherever they press, by the message in a channel; what nobody was told is never seen."""
    log = (Told(0, "U1", NOW), Told(1, "C9", NOW), Told(1, "C9", NOW, 1), Told(0, "U1", NOW, route=NO_ROUTE))
    await told(database, *log)
    async with database.write() as transaction:
        await pages.delivered(transaction, "p1", 2, NOW, channel="C9", ts="3.0")
        await pages.seen(transaction, "p1", "U7", NOW, channel="C9", ts="")
        await pages.seen(transaction, "p1", "U7", NOW, channel="C9", ts="3.0")
        await pages.seen(transaction, "p1", "U1", NOW + MINUTE, channel="D1", ts="")
        await pages.seen(transaction, "p1", "U1", NOW + 2 * MINUTE, channel="D1", ts="")
    assert [one.seen_at for one in (await now_of(database)).told] == [NOW + MINUTE, None, NOW, None]


async def test_an_acknowledged_page_is_due_when_it_is_stale(database: Database) -> None:
    """It is asked about, renewed by its person alone, opened again, and then anybody's."""
    await page_it(database)
    async with database.write() as transaction:
        assert await pages.acknowledge(transaction, "p1", "U1", NOW, stale_at=NOW + 30 * MINUTE)
        assert await pages.claim_due(transaction, NOW + 29 * MINUTE) == ()
        assert await pages.claim_unanswered(transaction, "p1") is None
        (page,) = await pages.claim_due(transaction, NOW + 30 * MINUTE)
        await pages.remind(transaction, page, NOW + 30 * MINUTE, NOW + 60 * MINUTE)
        assert not await pages.renew(transaction, "p1", "U2", NOW)
        assert await pages.renew(transaction, "p1", "U1", NOW + 70 * MINUTE)
        (page,) = await pages.claim_due(transaction, NOW + 70 * MINUTE)
        assert page.reminded_at is None
        await pages.note(transaction, page, "it is open again")
        await pages.reopen(transaction, page, 1, NOW + 70 * MINUTE)
        assert not await pages.renew(transaction, "p1", "U1", NOW + 99 * MINUTE)
        opened = await pages.claim_unanswered(transaction, "p1")
    assert opened is not None
    assert (opened.state, opened.position, opened.acknowledged_by, opened.notes, opened.reopened) == (
        PageState.TRIGGERED,
        1,
        None,
        ("it is open again",),
        1,
    )
    async with database.write() as transaction:
        await pages.hurry(transaction, "p1", NOW)
        assert await pages.next_due(transaction) == NOW
        assert await pages.acknowledge(transaction, "p1", "U2", NOW)


async def test_a_page_is_claimed_by_one_process_at_a_time(database: Database) -> None:
    """Ten clocks that look at once take a due step once."""
    await page_it(database)

    async def look() -> int:
        async with database.write() as transaction:
            claimed = await pages.claim_due(transaction, NOW)
            for page in claimed:
                assert await pages.advance(transaction, page, (Told(0, "U1", NOW),), 1, NOW + 5 * MINUTE)
        return len(claimed)

    assert sorted(await asyncio.gather(*(look() for _ in range(10)))) == [0] * 9 + [1]
    assert len((await now_of(database)).told) == 1


async def test_the_newest_pages_of_a_person_are_counted(database: Database) -> None:
    """The n-th newest says since when they made n pages; fewer give nothing."""
    async with database.write() as transaction:
        await apps.add(transaction, APP)
        for number in range(3):
            await pages.alone(transaction, "U2")
            await pages.add(transaction, a_page(APP, f"p{number}", made_at=NOW + number * MINUTE))
        assert await pages.made_before(transaction, "U2", 1) == NOW + 2 * MINUTE
        assert await pages.made_before(transaction, "U2", 3) == NOW
        assert await pages.made_before(transaction, "U2", 4) is None
        assert await pages.made_before(transaction, "U1", 1) is None


async def test_steps_that_were_frozen_before_they_had_kinds_are_read(database: Database) -> None:
    """The rows of a page that an older version made mean what they meant."""
    await page_it(database)
    old = '[{"role":"owner","target":"U1","wait":"PT300S","is_person":true}]'
    async with database.write() as transaction:
        await transaction.connection.execute(text("UPDATE pages SET steps = :steps"), {"steps": old})
    (step,) = (await now_of(database)).steps
    assert (step.kind, step.target, step.wait) == (StepKind.PERSON, "U1", 5 * MINUTE)


async def test_pages_with_messages_that_slack_has_not_taken_are_found(database: Database) -> None:
    """Those it refused, and those it is too late with; what it has, or what nobody was sent, is not among them."""

    async def found(before: datetime | None) -> list[str]:
        async with database.read() as transaction:
            return [page.id for page in await pages.undelivered(transaction, before)]

    await told(database, Told(0, "U1", NOW), Told(0, "U5", NOW, failed="is gone", route=NO_ROUTE))
    assert await found(None) == []
    assert await found(NOW - MINUTE) == []
    assert await found(NOW) == ["p1"]
    async with database.write() as transaction:
        await pages.failed(transaction, "p1", 0, "closed")
    assert await found(None) == ["p1"]
    async with database.write() as transaction:
        await pages.delivered(transaction, "p1", 0, NOW)
    assert await found(NOW) == []
