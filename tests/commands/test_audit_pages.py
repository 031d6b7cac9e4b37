"""The auditor: what is late, lost or left over is seen, mended where it can be, told once, and told to be over."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from commands.audit_pages import Kind
from commands.command import CLOCK, Refused, Request, all_commands
from commands.news import Card, Said
from storage import pages
from storage.model import Incoming, Page, PageState
from storage.tables import check_requests, inbox, outbox
from storage.tables import pages as page_rows
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, RELIABILITY, Town


async def paged(town: Town, repository: Repository) -> str:
    """Register an app that Ann owns, have Cy page her, and give the page's id; nobody was told yet."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} @ann --channel #apps")
    await town.tick()
    answer = await town.ask(CY, "page-owner", "billing-bot it is down")
    town.chat[:] = [one for one in town.chat if isinstance(one.news, Card)]
    return str(answer.page.id)


async def audit(town: Town) -> list[Kind]:
    """Give the auditor's order, deliver what is to be said, and give what it found."""
    found = await all_commands()["audit-pages"].run(Request(CLOCK), town.world)
    await town.deliver()
    return [fault.kind for fault in found]


def told(town: Town) -> list[str]:
    """Give what stands in the reliability channel of the auditor's."""
    return [one.text for one in town.said(Said, RELIABILITY) if isinstance(one, Said)]


async def page_of(town: Town, page_id: str) -> Page:
    """Give the page as it stands."""
    async with town.world.database.read() as transaction:
        page = await pages.get(transaction, page_id)
    assert page is not None
    return page


async def change(town: Town, *statements: object) -> None:
    """Change rows behind everybody's back."""
    async with town.world.database.write() as transaction:
        for statement in statements:
            await transaction.connection.execute(statement)  # type: ignore[call-overload]


async def test_all_is_well_while_promises_are_kept(town: Town, repository: Repository) -> None:
    """A page that goes its way, is acknowledged and resolved is no fault at any moment."""
    page_id = await paged(town, repository)
    for _ in range(8):
        await town.push(minutes=5)
        assert await audit(town) == []
    await town.ask(ANN, "acknowledge-page", id=page_id)
    await town.tick()
    assert await audit(town) == []
    await town.ask(ANN, "resolve-page", id=page_id)
    await town.push(minutes=5)
    assert await audit(town) == []
    assert told(town) == []


async def test_a_step_that_nobody_takes_is_taken_and_told_once(town: Town, repository: Repository) -> None:
    """The clock stands still: after a minute the auditor takes the step itself, says so, and then that it is over."""
    page_id = await paged(town, repository)
    town.clock.time += timedelta(seconds=59)
    assert await audit(town) == []
    town.clock.time += timedelta(seconds=31)
    assert await audit(town) == [Kind.LATE]
    assert [one.target for one in (await page_of(town, page_id)).told] == [ANN]
    assert [one.place for one in town.chat].count(ANN) == 1
    (text,) = told(town)
    assert text.startswith("Steps of pages were not taken when they were due.")
    assert "• billing-bot: due at 09:00 UTC, 1 min late" in text
    town.clock.time += timedelta(seconds=15)
    assert await audit(town) == []
    assert await audit(town) == []
    assert told(town) == [f"{text}\nSeen from 09:01 UTC on; all is well since 09:01 UTC."]


async def test_a_message_that_was_lost_is_sent_again_under_its_key(town: Town, repository: Repository) -> None:
    """The row is gone and the log says that Ann was told: she is, once, and the page's log says when it arrived."""
    page_id = await paged(town, repository)
    await all_commands()["escalate-pages"].run(Request(CLOCK), town.world)
    await change(town, delete(outbox).where(outbox.c.page_id == page_id))
    town.clock.time += timedelta(minutes=2)
    assert await audit(town) == []
    town.clock.time += timedelta(minutes=2)
    assert await audit(town) == [Kind.LOST]
    assert [one.place for one in town.chat if one.place == ANN] == [ANN]
    assert (await page_of(town, page_id)).told[0].delivered_at == town.clock.now()
    assert any("Messages of pages were lost" in text for text in told(town))
    await town.deliver()
    assert await audit(town) == []


async def test_a_message_that_waits_is_not_lost_and_a_page_that_nobody_heard_of_is_told(
    town: Town, repository: Repository
) -> None:
    """Slack is away: after three minutes the row still waits, after five nobody has been told by any route."""
    page_id = await paged(town, repository)
    await all_commands()["escalate-pages"].run(Request(CLOCK), town.world)
    town.clock.time += timedelta(minutes=4)
    found = await all_commands()["audit-pages"].run(Request(CLOCK), town.world)
    assert found == ()
    town.clock.time += timedelta(minutes=1, seconds=1)
    await all_commands()["escalate-pages"].run(Request(CLOCK), town.world)
    found = await all_commands()["audit-pages"].run(Request(CLOCK), town.world)
    assert [fault.kind for fault in found] == [Kind.UNHEARD]
    await town.deliver()
    assert await audit(town) == []
    assert (await page_of(town, page_id)).state is PageState.TRIGGERED


@pytest.mark.parametrize("state", [PageState.TRIGGERED, PageState.ACKNOWLEDGED])
async def test_an_open_page_with_nothing_next_goes_on(town: Town, repository: Repository, state: PageState) -> None:
    """An unanswered one is told on at once; whoever acknowledged is asked in time whether they are still on it."""
    page_id = await paged(town, repository)
    await town.tick()
    if state is PageState.ACKNOWLEDGED:
        await town.ask(ANN, "acknowledge-page", id=page_id)
    await change(town, update(page_rows).values(due_at=None))
    assert await audit(town) == [Kind.NOTHING_NEXT]
    page = await page_of(town, page_id)
    assert page.due_at is not None
    assert await audit(town) == []
    if state is PageState.ACKNOWLEDGED:
        assert page.due_at == town.clock.now() + town.world.house.ack_stale
    else:
        assert [one.target for one in page.told] == [ANN, APPS]


@pytest.mark.parametrize("state", [PageState.TRIGGERED, PageState.ACKNOWLEDGED])
async def test_a_clock_that_was_set_back_keeps_no_page_waiting(
    town: Town, repository: Repository, state: PageState
) -> None:
    """Two hours back: what would have waited for two hours more goes on, once, and then in its own rhythm."""
    page_id = await paged(town, repository)
    await town.tick()
    if state is PageState.ACKNOWLEDGED:
        await town.ask(ANN, "acknowledge-page", id=page_id)
    assert await audit(town) == []
    town.clock.time -= timedelta(hours=2)
    assert await audit(town) == [Kind.TOO_FAR]
    page = await page_of(town, page_id)
    assert page.due_at is not None
    assert page.due_at <= town.clock.now() + town.world.house.ack_stale
    assert [one.target for one in page.told] == ([ANN, APPS] if state is PageState.TRIGGERED else [ANN])
    assert await audit(town) == []


async def test_a_page_that_is_over_has_nothing_due(town: Town, repository: Repository) -> None:
    """What is resolved is taken off the clock."""
    page_id = await paged(town, repository)
    await town.ask(ANN, "resolve-page", id=page_id)
    await change(town, update(page_rows).values(due_at=town.clock.now()))
    assert await audit(town) == [Kind.NOT_OVER]
    assert (await page_of(town, page_id)).due_at is None
    assert await audit(town) == []


async def test_what_is_left_over_is_told(town: Town, repository: Repository) -> None:
    """A command that nobody worked off, and a check whose maker died, each once the time is up."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} @ann")
    now = town.clock.now()
    row = Incoming("e1", "command", {}, now)
    async with town.world.database.write() as transaction:
        kept = {"id": row.id, "kind": row.kind, "body": row.body, "received_at": now, "attempts": 0}
        await transaction.connection.execute(inbox.insert().values(kept))
    await change(town, update(check_requests).values(held_until=now))
    town.clock.time += timedelta(minutes=2)
    assert await audit(town) == []
    town.clock.time += timedelta(seconds=1)
    assert await audit(town) == [Kind.UNMADE]
    town.clock.time += timedelta(minutes=3)
    assert await audit(town) == [Kind.LEFT, Kind.UNMADE]
    assert any("• a command of 09:00 UTC" in text for text in told(town))
    assert any(f"• {repository}: since 09:00 UTC" in text for text in told(town))
    await change(town, update(inbox).values(done_at=now), update(check_requests).values(done_at=now))
    assert await audit(town) == []
    assert all("all is well since 09:05 UTC" in text for text in told(town))


async def test_several_auditors_tell_it_once(town: Town, repository: Repository) -> None:
    """Every process audits; the channel hears each fault once, also a further one of the same kind."""
    first = await paged(town, repository)
    await town.ask(BO, "page-owner", "billing-bot me too")
    town.clock.time += timedelta(minutes=2)
    await asyncio.gather(*(all_commands()["audit-pages"].run(Request(CLOCK), town.world) for _ in range(3)))
    await town.deliver()
    assert len(told(town)) == 1
    assert told(town)[0].count("• billing-bot") == 2
    page = await page_of(town, first)
    assert [one.target for one in page.told] == [ANN]
    async with town.world.database.read() as transaction:
        waits = (await transaction.connection.execute(select(outbox.c.id).where(outbox.c.sent_at.is_(None)))).all()
    assert waits == []


async def test_only_the_clock_audits(town: Town) -> None:
    """No person can have it done."""
    with pytest.raises(Refused, match="not something a person can ask for"):
        await town.ask(ANN, "audit-pages")
