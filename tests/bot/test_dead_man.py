"""The dead man's switch is asked while everything works, and never otherwise; its address stands in no log."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.auditor import Auditor
from bot.clock import WallClock
from bot.dead_man import DeadMan
from bot.health import Health
from bot.lead import Lead
from storage import apps, pages
from tests.storage.sample import a_page, an_app
from tests.world import Town, town

SECRET = "wHo-KnOwS-tHiS"


@dataclass
class Switch:
    """A switch on loopback, and one who asks it in a town."""

    town: Town
    man: DeadMan
    asked: list[str]
    status: int = 200
    now_s: float = 1000.0


@pytest_asyncio.fixture
async def switch(tmp_path: Path) -> AsyncIterator[Switch]:
    """Give a switch with everything in order: an audit that passed, a mark, a clock that was given, the lead."""
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=made.status, headers={"Location": "/elsewhere"})

    application = web.Application()
    application.router.add_get("/{secret}", take)
    async with town(tmp_path) as place, TestServer(application) as server:
        health, clock = Health(), WallClock()
        auditor = Auditor(place.world, health, lambda: made.now_s)
        lead = Lead(place.world.database, place.clock, "p1")
        every, url = timedelta(seconds=0.01), str(server.make_url(f"/{SECRET}"))
        man = DeadMan(url, every, place.world, clock, lead, health, auditor, lambda: made.now_s)
        made = Switch(place, man, asked)
        await lead.look()
        await auditor.leave_mark()
        await auditor.audit(again_s=0)
        clock.given["escalate-pages"] = made.now_s
        yield made


async def test_it_is_asked_while_everything_works(switch: Switch) -> None:
    """By GET, at the set address; what it counts is that it was taken."""
    assert await switch.man.ask_once()
    assert switch.asked == [f"/{SECRET}"]


async def old_audit(switch: Switch) -> None:
    """A minute without an audit that passed."""
    switch.now_s += 61
    await switch.man.auditor.leave_mark()
    switch.man.clock.given["escalate-pages"] = switch.now_s


async def old_mark(switch: Switch) -> None:
    """A minute without a write."""
    switch.now_s += 61
    await switch.man.auditor.audit(again_s=0)
    switch.man.clock.given["escalate-pages"] = switch.now_s


async def old_clock(switch: Switch) -> None:
    """Half a minute in which nobody looked for due pages."""
    switch.now_s += 31


async def a_fault(switch: Switch) -> None:
    """Slack takes the token no more."""
    switch.man.health.bad("slack", "the token was revoked")


async def a_late_page(switch: Switch) -> None:
    """A page is due for longer than a minute, and the last audit did not see it yet."""
    due_at = switch.town.clock.now() - timedelta(seconds=61)
    async with switch.town.world.database.write() as transaction:
        await apps.add(transaction, an_app())
        await pages.add(transaction, replace(a_page(an_app()), due_at=due_at))


async def no_audit(switch: Switch) -> None:
    """The bot has just started."""
    switch.man.auditor.passed_at = None


async def a_found_fault(switch: Switch) -> None:
    """The last audit found a promise that is not kept."""
    await a_late_page(switch)
    await switch.man.auditor.audit(again_s=0)


@pytest.mark.parametrize("broken", [no_audit, old_audit, old_mark, old_clock, a_fault, a_late_page, a_found_fault])
async def test_it_is_not_asked_while_anything_is_wrong(
    switch: Switch, broken: Callable[[Switch], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    """So whoever watches it hears of the silence, and the log says why, once."""
    await broken(switch)
    for _ in range(3):
        assert not await switch.man.ask_once()
    assert switch.asked == []
    assert caplog.text.count("the dead man's switch is not asked: ") == 1


async def test_it_is_asked_again_once_all_is_well(switch: Switch, caplog: pytest.LogCaptureFixture) -> None:
    """What the auditor mended is no fault any more; the log says so of what, as loudly as it said the fault."""
    await a_found_fault(switch)
    assert not await switch.man.ask_once()
    assert await switch.man.auditor.audit(again_s=0)
    assert switch.man.health.faults == {}
    assert await switch.man.ask_once()
    assert caplog.messages[-1] == "the dead man's switch is asked again"


async def test_a_bot_that_has_just_started_warns_of_nothing(switch: Switch, caplog: pytest.LogCaptureFixture) -> None:
    """The first audit comes after some seconds; only a minute without one is worth a warning."""
    caplog.set_level(logging.INFO)
    await no_audit(switch)
    running = asyncio.create_task(switch.man.run())
    while "no audit has passed yet" not in caplog.text:  # noqa: ASYNC110 - a log has no event
        await asyncio.sleep(0.01)
    assert not [one for one in caplog.records if one.levelno > logging.INFO]
    await switch.man.auditor.audit(again_s=0)
    while "the dead man's switch is asked from now on" not in caplog.messages:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    running.cancel()
    assert not [one for one in caplog.records if one.levelno > logging.INFO]
    switch.man.auditor.passed_at = None
    switch.now_s += 61
    switch.man.clock.given["escalate-pages"] = switch.now_s
    assert not await switch.man.ask_once()
    assert caplog.records[-1].levelno == logging.WARNING
    assert caplog.messages[-1].endswith("no audit passed in the last minute")


async def test_a_process_that_does_not_lead_asks_nothing(switch: Switch) -> None:
    """Where the lead stands still, the others must not keep the alarm silent; they take the lead over, or not."""
    await switch.man.lead.give_up()
    running = asyncio.create_task(switch.man.run())
    await asyncio.sleep(0.1)
    running.cancel()
    assert switch.asked == []


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_switch_that_refuses_stops_nothing(
    switch: Switch, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged without the address, and no redirect is followed."""
    switch.status = status
    assert not await switch.man.ask_once()
    assert switch.asked == [f"/{SECRET}"]
    assert f"status {status}" in caplog.text
    assert SECRET not in caplog.text


async def test_a_switch_that_is_not_there_stops_nothing(switch: Switch, caplog: pytest.LogCaptureFixture) -> None:
    """It is tried again and again, and the log says so without the address."""
    switch.man.url = f"http://127.0.0.1:9/{SECRET}"
    caplog.set_level(logging.DEBUG)
    running = asyncio.create_task(switch.man.run())
    while caplog.text.count("could not be asked") < 2:  # noqa: ASYNC110 - a log has no event
        await asyncio.sleep(0.01)
    running.cancel()
    assert "ClientConnectorError" in caplog.text
    assert SECRET not in caplog.text + repr(switch.man)
