"""Who gives no sign of life is dead, and nobody else is; what it had is taken up by others."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.lead import Lead
from bot.reaper import Reaper
from storage import processes
from storage.database import Database
from storage.model import Process
from tests.bot.test_lead import Machine, database
from tests.world import MONDAY, PushedClock

__all__ = ["database"]


@dataclass
class Jobs:
    """What processes have begun, and whose was taken up."""

    begun: frozenset[str] = frozenset({"here", "there"})
    taken: list[frozenset[str]] = field(default_factory=list)
    forgotten: list[datetime] = field(default_factory=list)

    async def at_work(self) -> frozenset[str]:
        """Tell who has begun something."""
        return self.begun

    async def take_up(self, dead: frozenset[str]) -> None:
        """Remember whose jobs others are to make."""
        self.taken.append(dead)

    async def forget(self, before: datetime) -> None:
        """Remember what is forgotten."""
        self.forgotten.append(before)


class Story:
    """A lead `here` that looks every second, and a worker `there`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.machine = Machine(PushedClock())
        self.jobs = Jobs()
        self.lead = Lead(database, self.machine.clock, "here", lambda: self.machine.ticks)
        parts = (database, self.machine.clock, self.lead, self.jobs)
        self.reaper = Reaper("here", *parts, lambda: self.machine.ticks)  # type: ignore[arg-type]

    async def start(self) -> None:
        """Start both."""
        async with self.database.write() as transaction:
            for name in ("here", "there"):
                await processes.start(transaction, Process(name, "all", "host", 1, "1", MONDAY, MONDAY))

    async def seconds(self, many: int, *, beats: bool) -> None:
        """Let seconds pass in which the lead looks, and the worker *beats* or does not."""
        for _ in range(many):
            self.machine.pass_time(1)
            await self.lead.look()
            if beats:
                async with self.database.write() as transaction:
                    assert await processes.beat(transaction, "there", self.machine.clock.now())
            await self.reaper.look()

    async def running(self) -> list[str]:
        """Tell who is held for running."""
        async with self.database.read() as transaction:
            return sorted(one.id for one in await processes.running(transaction))


async def test_whoever_is_silent_for_ten_seconds_is_dead(database: Database) -> None:
    """Its jobs are taken up then, and not before; the one who looks is never dead."""
    story = Story(database)
    await story.start()
    await story.seconds(20, beats=True)
    assert await story.running() == ["here", "there"]
    assert not any(story.jobs.taken)
    await story.seconds(9, beats=False)
    assert await story.running() == ["here", "there"]
    await story.seconds(2, beats=False)
    assert await story.running() == ["here"]
    assert story.jobs.taken[-1] == {"there"}


async def test_a_jump_of_the_clock_kills_nobody(database: Database) -> None:
    """Two hours forth or back between two signs of life: the process lives."""
    story = Story(database)
    await story.start()
    for hours in (2, -4):
        story.machine.clock.time += timedelta(hours=hours)
        await story.seconds(5, beats=True)
    assert await story.running() == ["here", "there"]


async def test_whoever_did_not_look_takes_nobody_for_dead(database: Database) -> None:
    """The database was away for a minute, or this process was stopped: the others get their ten seconds anew."""
    story = Story(database)
    await story.start()
    await story.seconds(5, beats=True)
    story.machine.pass_time(60)
    await story.seconds(3, beats=False)
    assert await story.running() == ["here", "there"]
    await story.seconds(12, beats=False)
    assert await story.running() == ["here"]


async def test_whoever_was_taken_for_dead_and_goes_on_lives(database: Database) -> None:
    """It was stopped for minutes; with its next sign of life it is a process like any other."""
    story = Story(database)
    await story.start()
    await story.seconds(12, beats=False)
    assert await story.running() == ["here"]
    await story.seconds(1, beats=True)
    assert await story.running() == ["here", "there"]


async def test_only_the_lead_acts(database: Database) -> None:
    """Another process sees the same, and leaves it to the lead."""
    story = Story(database)
    await story.start()
    other = Lead(database, story.machine.clock, "other", lambda: story.machine.ticks)
    await other.look()
    await story.reaper.look()
    for _ in range(15):
        story.machine.pass_time(1)
        await other.look()
        await story.reaper.look()
    assert await story.running() == ["here", "there"]
    assert story.jobs.taken == []


async def test_what_is_long_over_is_forgotten(database: Database) -> None:
    """Jobs and processes that ended more than two days ago, looked for once an hour."""
    story = Story(database)
    await story.start()
    async with database.write() as transaction:
        await processes.start(transaction, Process("old", "all", "host", 1, "1", MONDAY, MONDAY))
        await processes.stop(transaction, "old", datetime(2020, 1, 1, tzinfo=MONDAY.tzinfo))
    await story.seconds(10, beats=True)
    assert len(story.jobs.forgotten) == 1
    async with database.write() as transaction:
        story.machine.pass_time(3 * 24 * 3600)
        assert await processes.beat(transaction, "there", MONDAY)
    await story.seconds(2, beats=True)
    assert len(story.jobs.forgotten) == 2
