"""Orders are for members alone; while Slack cannot be asked who that is, pages are made and answered all the same."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import orders
from bot.incoming import Incoming
from bot.orders import Orders
from commands.command import Refused, Request
from commands.news import Said
from commands.page_news import Paged
from storage import sqlite
from storage.model import PageState
from tests.commands.paging import page_now, registered
from tests.commands.repository import Repository
from tests.world import ANN, APPS, CY, EVE, Town
from tests.world import town as a_town


async def run(town: Town, person: str, order: str, text: str = "", **fields: str) -> object:
    """Have *person* give an order through the front."""
    request = Request(person, text, fields, APPS)
    return await Orders(town.world, "Acme").run(Incoming("1", "slash", order, request, "T1"))


async def test_pages_are_made_and_answered_while_slack_cannot_be_asked(town: Town, repository: Repository) -> None:
    """What must not wait for Slack does not; every other order that needs to know who asks is refused."""
    await registered(town, repository)
    town.people.is_away = True
    paged = await run(town, CY, "page-owner", "billing-bot it is down")
    assert isinstance(paged, Paged)
    await town.tick()
    assert [one.target for one in (await page_now(town, paged.page.id)).told] == [ANN]
    assert isinstance(await run(town, ANN, "acknowledge-page", id=paged.page.id), Said)
    assert (await page_now(town, paged.page.id)).state is PageState.ACKNOWLEDGED
    for person in (CY, EVE):
        assert isinstance(await run(town, person, "apps", "all"), Refused)


async def test_guests_are_refused_while_slack_can_be_asked(town: Town, repository: Repository) -> None:
    """In one place, before the order is looked at."""
    await registered(town, repository)
    refused = await run(town, EVE, "page-owner", "billing-bot it is down")
    assert isinstance(refused, Refused)
    assert str(refused).startswith("Only members of Acme may use Groundcrew")


async def test_what_was_acknowledged_is_done_once_the_registry_takes_it_again(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While another program holds the file the page waits; then it is made, once; without end it is said not to be."""
    async with a_town(tmp_path) as town:
        await registered(town, repository)
        async with town.world.database.write() as transaction:
            await transaction.connection.exec_driver_sql("PRAGMA busy_timeout=1")  # of the one connection that writes
        monkeypatch.setattr(sqlite, "_WAIT_S", 0.0)
        monkeypatch.setattr(orders, "_PAUSES_S", (0.0, 0.0))
        with closing(sqlite3.connect(f"{tmp_path}/registry.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = await run(town, CY, "page-owner", "billing-bot it is down")
            assert isinstance(refused, Refused)
            assert "It is not done" in str(refused)
            monkeypatch.setattr(orders, "_PAUSES_S", (0.01,) * 3000)
            caplog.clear()
            asked = asyncio.create_task(run(town, CY, "page-owner", "billing-bot it is down"))
            async with asyncio.timeout(30):
                while "waits for the registry: database is locked" not in caplog.text:  # noqa: ASYNC110 - no event tells
                    await asyncio.sleep(0)
            other.execute("ROLLBACK")
        paged = await asked
        assert isinstance(paged, Paged)
        assert not paged.joined
        await town.tick()
        assert [one.target for one in (await page_now(town, paged.page.id)).told] == [ANN]
