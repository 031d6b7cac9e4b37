"""What is kept no longer goes once a day, a little at a time; what is open, or may still be edited, stays."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import func, select, text

from checks.model import Report
from commands.news import Card, Checked
from commands.page_news import Paged
from storage import apps, audit, inbox, outbox, reports, tidying
from storage.database import Database
from storage.model import Destination, Incoming
from storage.tables import metadata
from tests.commands.repository import SOUND, Repository
from tests.storage.sample import NOW, a_finding, a_report, an_app
from tests.world import ANN, CY, MONDAY, Town
from tests.world import town as a_town


async def counts(database: Database, *tables: str) -> list[int]:
    """How many rows each of the tables has."""
    async with database.read() as transaction:
        return [
            (
                await transaction.connection.execute(select(func.count()).select_from(metadata.tables[table]))
            ).scalar_one()
            for table in tables
        ]


async def test_a_year_leaves_what_is_open_and_can_be_edited(town: Town, repository: Repository) -> None:
    """Cards, the last verdict and pages that nobody resolved stand where they stood, and are edited there."""
    repository.commit("app.py", SOUND)
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    await town.tick()
    page = (await town.ask(CY, "page-owner", "billing-bot it is down")).page
    await town.tick()
    await town.ask(ANN, "acknowledge-page", id=page.id)
    await town.ask(CY, "check-app", "billing-bot")
    await town.tick()
    said = {kind: len(town.said(kind)) for kind in (Card, Checked, Paged)}

    town.clock.time += timedelta(days=390)
    await town.ask("clock", "tidy-registry")
    await town.ask(ANN, "resolve-page", id=page.id)
    await town.deliver()
    assert {kind: len(town.said(kind)) for kind in (Card, Checked, Paged)} == said, "edited, and not said anew"
    assert {one.page.resolved_by for one in town.said(Paged)} == {ANN}
    assert await counts(town.world.database, "pages", "reports", "check_requests") == [1, 2, 0]


async def test_what_is_over_goes(town: Town) -> None:
    """Sent messages and what came in after a month, resolved pages after their time; not a day before."""
    database = town.world.database
    async with database.write() as transaction:
        await outbox.add(transaction, Destination(person=ANN), "Said", {"text": "x"}, key="said:1", now=MONDAY)
        await outbox.add(transaction, Destination(person=CY), "Said", {"text": "x"}, key="said:2", now=MONDAY)
        for key, done_at in (("done", MONDAY), ("left", None)):
            await inbox.keep(transaction, [Incoming(key, "slash", {}, MONDAY, done_at=done_at)], {}, MONDAY)
    await town.deliver()
    tables = ("outbox", "messages", "inbox")
    await town.push(days=29)
    assert await counts(database, *tables) == [2, 2, 2]
    await town.push(days=2)
    assert await counts(database, *tables) == [0, 0, 1]
    async with database.read() as transaction:
        (entry,) = await audit.entries(transaction, "registry")
    assert (entry.who, entry.detail) == ("clock", {"sent messages": 2, "standing messages": 2, "incoming": 1})


async def test_what_waits_is_never_removed(town: Town) -> None:
    """However old it is: a message that could not be sent yet, and a page that nobody answered."""
    async with town.world.database.write() as transaction:
        await outbox.add(transaction, Destination(person=ANN), "Said", {"text": "x"}, key="said:1", now=MONDAY)
    town.clock.time += timedelta(days=1000)
    await town.ask("clock", "tidy-registry")
    assert await counts(town.world.database, "outbox") == [1]


async def test_a_resolved_page_goes_with_its_log(town: Town, repository: Repository) -> None:
    """After its time, and its messages with it."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    page = (await town.ask(CY, "page-owner", "billing-bot it is down")).page
    await town.push(minutes=6)
    await town.ask(ANN, "resolve-page", id=page.id)
    await town.deliver()
    town.clock.time += timedelta(days=399)
    await town.ask("clock", "tidy-registry")
    assert (await counts(town.world.database, "pages", "told"))[0] == 1
    town.clock.time += timedelta(days=2)
    await town.ask("clock", "tidy-registry")
    assert await counts(town.world.database, "pages", "told") == [0, 0]


async def _with_reports(database: Database, moments: list[datetime]) -> None:
    async with database.write() as transaction:
        await apps.add(transaction, an_app())
        for number, at in enumerate(moments):
            report: Report = a_report(a_finding(), at=at)
            await reports.save(transaction, f"r{number}", an_app().id, report, is_private=False)
            await reports.save(transaction, f"bare{number}", None, report, is_private=False)


async def test_old_reports_go_but_the_last_ten_and_since_when_a_fault_stands_is_known(town: Town) -> None:
    """Of each app the last ten stay however old; a bare address has none that stays; a fault keeps its first day."""
    database = town.world.database
    await _with_reports(database, [MONDAY + timedelta(days=number) for number in range(15)])
    town.clock.time = MONDAY + timedelta(days=500)
    await town.ask("clock", "tidy-registry")
    async with database.read() as transaction:
        left = (await transaction.connection.execute(text("SELECT id FROM reports"))).scalars().all()
        seen = await reports.first_seen(transaction, an_app().id)
    assert sorted(left) == sorted(f"r{number}" for number in range(5, 15))
    assert set(seen.values()) == {MONDAY}
    assert await counts(database, "findings", "results") == [10, 20]


async def test_it_is_done_once_a_day(town: Town) -> None:
    """Asked at every nudge it does nothing until a day has passed; a clock that was set back does not stop it."""
    async with town.world.database.write() as transaction:
        await inbox.keep(transaction, [Incoming("one", "slash", {}, MONDAY, done_at=MONDAY)], {}, MONDAY)
    town.clock.time += timedelta(days=29, hours=23)
    await town.ask("clock", "tidy-registry")
    town.clock.time += timedelta(hours=2)
    await town.ask("clock", "tidy-registry")
    assert await counts(town.world.database, "inbox") == [1]
    async with town.world.database.write() as transaction:
        ahead = (town.clock.time + timedelta(days=300)).isoformat()
        await transaction.connection.execute(text("UPDATE marks SET value = :ahead"), {"ahead": ahead})
    await town.ask("clock", "tidy-registry")
    assert await counts(town.world.database, "inbox") == [0]


async def test_writers_go_on_meanwhile(town: Town) -> None:
    """While two thousand rows go, somebody who writes has a turn again and again; in a file, after each part."""
    database = town.world.database
    rows = [Incoming(f"i{number}", "slash", {}, MONDAY, done_at=MONDAY) for number in range(2000)]
    async with database.write() as transaction:
        await inbox.keep(transaction, rows, {}, MONDAY)
    town.clock.time += timedelta(days=40)
    left: list[int] = []

    async def write() -> None:
        while not left or left[-1]:
            async with database.write() as transaction:
                await audit.write(transaction, NOW, who="U1", what="x", subject="y")
                counted = await transaction.connection.execute(text("SELECT count(*) FROM inbox"))
                left.append(counted.scalar_one())

    await asyncio.gather(town.ask("clock", "tidy-registry"), write())
    assert len({*left}) > 3
    if database.url.get_backend_name() == "sqlite":
        assert max(before - after for before, after in pairwise(left)) <= tidying.PART


async def test_the_file_shrinks_and_its_log_is_emptied(tmp_path: Path) -> None:
    """Room that is free again goes back to the disk."""
    async with a_town(tmp_path) as town:
        body = {"text": "x" * 5000}
        rows = [Incoming(f"i{number}", "slash", body, MONDAY, done_at=MONDAY) for number in range(1000)]
        async with town.world.database.write() as transaction:
            await inbox.keep(transaction, rows, {}, MONDAY)
        town.clock.time += timedelta(days=40)
        await town.ask("clock", "tidy-registry")
        registry = tmp_path / "registry.db"
        size, log = await asyncio.to_thread(lambda: (registry.stat().st_size, _size(tmp_path / "registry.db-wal")))
    assert size < 1_000_000
    assert log < 100_000


def _size(path: Path) -> int:
    return path.stat().st_size


def test_a_message_names_its_cause() -> None:
    """The rule by which a message may still be edited: an app's card always, others by the ids in their key."""
    causes = frozenset({"p1", "a1"})
    assert tidying.may_be_edited("card:whatever", causes)
    assert tidying.may_be_edited("page:p1:3", causes)
    assert tidying.may_be_edited("own:a1:owner:17", causes)
    assert not tidying.may_be_edited("page:p2", causes)
    assert not tidying.may_be_edited("p1", causes)
