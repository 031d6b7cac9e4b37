"""The auditor's own rhythm: it looks twice before it says anything, says how it is, and no fault ends it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import auditor, metrics
from bot.auditor import Auditor, boot_time
from bot.health import Health
from commands.command import CLOCK, Request, all_commands
from commands.news import Said
from tests.world import ANN, CY, RELIABILITY, Town

ADDRESS = "https://github.com/acme/billing-bot"


async def late(town: Town) -> Auditor:
    """Have a page's first step be late, and give an auditor."""
    await town.ask(ANN, "register-app", f"billing-bot {ADDRESS}")
    await town.ask(CY, "page-owner", "billing-bot it is down")
    town.clock.time += timedelta(minutes=2)
    return Auditor(town.world, Health())


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - health is a value, and no event
            await asyncio.sleep(0.01)


async def test_what_is_taken_meanwhile_is_no_fault(town: Town) -> None:
    """Whatever is due is due before it is done: only what is still so a moment later counts."""
    one = await late(town)
    paused: list[float] = []

    async def meanwhile(seconds: float) -> None:
        paused.append(seconds)
        await all_commands()["escalate-pages"].run(Request(CLOCK), town.world)

    one.pause = meanwhile
    assert await one.audit()
    assert len(paused) == 1, "it was looked at twice"
    assert one.health.faults == {}
    await town.deliver()
    assert town.said(Said, RELIABILITY) == []


async def test_a_fault_is_counted_and_health_says_so_until_it_is_mended(town: Town) -> None:
    """Red from the look that found it, green from the one that finds nothing."""
    one = await late(town)
    before = metrics.audit_faults._value.get()
    assert not await one.audit(again_s=0)
    assert one.health.faults == {"audit": "promises that are not kept: 1, the first of them late"}
    assert one.passed_at is None
    assert metrics.audit_faults._value.get() == before + 1
    assert await one.audit(again_s=0)
    assert one.health.faults == {}
    assert one.passed_at is not None


async def test_no_fault_of_its_own_ends_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the registry takes nothing it says so, and goes on; and again once it does."""
    monkeypatch.setattr(auditor, "EVERY_S", 0.02)
    monkeypatch.setattr(auditor, "_MARK_EVERY_S", 0.02)
    one = Auditor(town.world, Health())
    async with town.world.database.write() as transaction:
        await transaction.connection.execute(text("ALTER TABLE marks RENAME TO elsewhere"))
    running = asyncio.create_task(one.run())
    await until(lambda: set(one.health.faults) == {"audit", "registry"})
    assert (one.passed_at, one.wrote_at) == (None, None)
    async with town.world.database.write() as transaction:
        await transaction.connection.execute(text("ALTER TABLE elsewhere RENAME TO marks"))
    await until(lambda: one.health.faults == {} and one.passed_at is not None and one.wrote_at is not None)
    running.cancel()


def test_its_seconds_never_go_back() -> None:
    """And they go on."""
    first = boot_time()
    assert boot_time() >= first > 0
