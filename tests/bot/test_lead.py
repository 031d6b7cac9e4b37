"""One process leads, another follows it within ten seconds of its death, and no clock that jumps changes either."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.lead import Lead
from storage import leases
from storage.database import Database, Transaction
from storage.errors import Unavailable
from storage.model import Lease
from tests.world import PushedClock


@dataclass
class Machine:
    """A machine with a wall clock and a monotonic one, which is pushed in whole seconds."""

    clock: PushedClock
    ticks: float = 1000.0

    def pass_time(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.clock.time += timedelta(seconds=seconds)
        self.ticks += seconds


@pytest_asyncio.fixture
async def database(registry_url: str) -> AsyncIterator[Database]:
    """Give an open registry, on each engine."""
    opened = await Database.open(registry_url)
    yield opened
    await opened.close()


def candidates(database: Database, many: int) -> tuple[list[Lead], Machine]:
    """Give processes of one machine that would lead."""
    machine = Machine(PushedClock())
    leads = [Lead(database, machine.clock, f"p{number}", lambda: machine.ticks) for number in range(many)]
    return leads, machine


async def test_one_of_several_leads(database: Database) -> None:
    """All of them ask at once; one is told so, and stays it while it goes on asking."""
    leads, machine = candidates(database, 3)
    await asyncio.gather(*(lead.look() for lead in leads))
    (first,) = [lead for lead in leads if lead.is_mine]
    for _ in range(10):
        machine.pass_time(2)
        await asyncio.gather(*(lead.look() for lead in leads))
        assert [lead.is_mine for lead in leads] == [lead is first for lead in leads]


async def test_the_log_says_why_the_lease_could_not_be_looked_at(
    monkeypatch: pytest.MonkeyPatch, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """In the database's own words: "Unavailable" alone tells nobody what to mend."""

    async def full(*_: object) -> None:
        raise Unavailable("database or disk is full")

    monkeypatch.setattr(leases, "get", full)
    (lead,), _ = candidates(database, 1)
    keeping = asyncio.create_task(lead.keep())
    while not caplog.messages:  # noqa: ASYNC110 - a log has no event
        await asyncio.sleep(0.01)
    keeping.cancel()
    assert caplog.messages == ["the lease of the lead could not be looked at: database or disk is full"]


async def test_a_dead_lead_is_followed_within_ten_seconds(database: Database) -> None:
    """It stopped asking; woken up later it finds that another leads, by the fence, which has risen."""
    (dead, heir), machine = candidates(database, 2)
    await dead.look()
    await heir.look()
    waited = 0
    while not heir.is_mine:
        assert waited < 10
        waited += 1
        machine.pass_time(1)
        await heir.look()
    assert not dead.is_mine
    await dead.look()
    assert not dead.is_mine, "it was only stopped for a while, and another leads"


async def test_a_slow_answer_shortens_no_lease(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The six seconds without a sign of life begin when the answer is there, not when it was asked for."""
    (first, heir), machine = candidates(database, 2)
    await first.look()
    quick = leases.get

    async def slow(transaction: Transaction, name: str) -> Lease | None:
        machine.pass_time(7)
        await first.look()
        return await quick(transaction, name)

    monkeypatch.setattr(leases, "get", slow)
    await heir.look()
    monkeypatch.setattr(leases, "get", quick)
    await heir.look()
    assert (first.is_mine, heir.is_mine) == (True, False)
    machine.pass_time(6)
    await heir.look()
    assert (first.is_mine, heir.is_mine) == (False, True)


async def test_a_lead_that_ends_is_followed_at_once(database: Database) -> None:
    """A clean stop gives the lease up."""
    (first, heir), _ = candidates(database, 2)
    await first.look()
    await first.give_up()
    await heir.look()
    assert (first.is_mine, heir.is_mine) == (False, True)


async def test_a_jump_of_the_clock_robs_no_living_lead(database: Database) -> None:
    """Two hours forth and two hours back: it leads again with its next sign of life, and the other never does."""
    (first, other), machine = candidates(database, 2)
    await first.look()
    await other.look()
    for hours in (2, -4):
        machine.clock.time += timedelta(hours=hours)
        for _ in range(4):
            machine.pass_time(2)
            await first.look()
            await other.look()
            assert (first.is_mine, other.is_mine) == (True, False)


async def test_a_jump_of_the_clock_keeps_no_dead_lead(database: Database) -> None:
    """The clock was set back by two hours after its death: it is followed all the same."""
    (dead, heir), machine = candidates(database, 2)
    await dead.look()
    machine.clock.time -= timedelta(hours=2)
    for _ in range(9):
        machine.pass_time(1)
        await heir.look()
    assert (dead.is_mine, heir.is_mine) == (False, True)


async def test_a_machine_that_slept_does_not_lead(database: Database) -> None:
    """Its monotonic clock stood still meanwhile, and the wall clock did not."""
    (first,), machine = candidates(database, 1)
    await first.look()
    machine.clock.time += timedelta(minutes=5)
    assert not first.is_mine


async def test_whoever_waits_for_the_lead_is_woken(database: Database) -> None:
    """By the lease being taken, and it is given up when its keeper is stopped."""
    (first, heir), _ = candidates(database, 2)
    keeper = asyncio.create_task(first.keep())
    await asyncio.wait_for(first.gained(), 10)
    assert first.is_mine
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
    await heir.look()
    assert heir.is_mine
