"""Jobs as the bot starts and makes them: at once where it works alone, otherwise by whoever has a hand free."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot import jobs as module
from bot.durable import Durable
from bot.jobs import DurableJobs
from commands.command import Command, Request
from commands.world import World
from storage.database import Database
from storage.errors import StorageError
from tests.postgres_server import PostgresServer
from tests.world import town as a_town

_PATIENCE_S = 30.0


@dataclass
class Made:
    """What orders were given; each waits for `go`, and fails as often as `fails` says."""

    fails: int = 0
    given: list[tuple[str, str]] = field(default_factory=list)
    stopped: int = 0
    at_once: int = 0
    most: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def order(self, name: str) -> Command:
        """Make an order of this name that does nothing but wait."""

        async def run(request: Request, world: World) -> None:
            del world
            self.given.append((name, request.fields["id"]))
            self.more.set()
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            try:
                await self.go.wait()
            except asyncio.CancelledError:
                self.stopped += 1
                raise
            finally:
                self.at_once -= 1
            if len(self.given) <= self.fails:
                raise OSError("the database is away")

        return Command(name, run)

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until *ready*."""
        async with asyncio.timeout(_PATIENCE_S):
            while not ready():
                self.more.clear()
                await self.more.wait()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Put orders that wait in the place of the real ones."""
    made = Made()
    orders = {name: made.order(name) for name in ("run-check", "look-at-apps")}
    monkeypatch.setattr(module, "all_commands", lambda: orders)
    monkeypatch.setattr(module, "_PAUSE_S", 0.01)
    return made


@asynccontextmanager
async def open_jobs(folder: Path, url: str, **how: Any) -> AsyncIterator[DurableJobs]:
    """Open the jobs of a town at *url*, and stop them at the end."""
    async with a_town(folder, url=url) as town:
        given = {"at_once": 2, "works": True, "alone": url.startswith("sqlite"), **how}
        durable = Durable(town.world.database, "p1", works=given["works"], checks_at_once=2, poll_s=0.05)
        jobs = DurableJobs(durable, "p1", **given)
        jobs.world = replace(town.world, jobs=jobs)
        await jobs.open()
        try:
            yield jobs
        finally:
            await jobs.stop()


async def test_checks_are_made_a_few_at_a_time(tmp_path: Path, registry_url: str, made: Made) -> None:
    """Five are started: two are begun, and the others when those end; each once."""
    async with open_jobs(tmp_path, registry_url) as jobs:
        for number in range(5):
            await jobs.start("run-check", f"q{number}")
            await jobs.start("run-check", f"q{number}")
        await made.until(lambda: len(made.given) >= 2)
        made.go.set()
        await made.until(lambda: len(made.given) >= 5)
    assert sorted(made.given) == [("run-check", f"q{number}") for number in range(5)]
    assert made.most == 2


async def test_a_bot_alone_begins_a_check_without_the_queue(tmp_path: Path, made: Made) -> None:
    """Whoever asks at a bot that does everything does not wait until the queue is asked again."""
    async with open_jobs(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/registry.db") as jobs:
        await jobs.start("run-check", "q1")
        listed = await asyncio.to_thread(jobs.durable._client.list_workflows)
        assert [(one.workflow_id, one.status, one.queue_name) for one in listed] == [("run-check:q1", "PENDING", None)]
        await made.until(lambda: made.given == [("run-check", "q1")])


async def test_a_bot_that_makes_none_leaves_it_to_others(tmp_path: Path, postgres_url: str, made: Made) -> None:
    """Its jobs wait in the queue, and no thread of it asks for any."""
    async with open_jobs(tmp_path, postgres_url, works=False) as jobs:
        await jobs.start("run-check", "q1")
        await jobs.start("look-at-apps", "")
        listed = await asyncio.to_thread(jobs.durable._client.list_workflows)
        assert {one.status for one in listed} == {"ENQUEUED"}
        assert made.given == []


async def test_a_job_that_fails_is_made_again(tmp_path: Path, registry_url: str, made: Made) -> None:
    """A check's job goes on until it does not fail, since no other comes for it; the failure is no end of the bot."""
    made.fails = 2
    made.go.set()
    async with open_jobs(tmp_path, registry_url) as jobs:
        await jobs.start("run-check", "q1")
        await made.until(lambda: len(made.given) == 3)


async def test_a_stop_ends_what_is_made_and_hands_it_on(tmp_path: Path, registry_url: str, made: Made) -> None:
    """The order is cancelled, so that it can let go of its row; the next bot makes the job."""
    async with open_jobs(tmp_path, registry_url) as jobs:
        await jobs.start("run-check", "q1")
        await made.until(lambda: len(made.given) == 1)
    assert made.stopped == 1
    made.go.set()
    async with open_jobs(tmp_path, registry_url):
        await made.until(lambda: len(made.given) == 2)


async def test_what_cannot_be_started_now_is_no_failure(
    tmp_path: Path, registry_url: str, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    """The row of the promise stands, and the clock brings it back: whoever asked is told nothing of it."""
    async with open_jobs(tmp_path, registry_url) as jobs:
        real, jobs.durable = jobs.durable, _Away()  # type: ignore[assignment]
        await jobs.start("run-check", "q1")
        jobs.durable = real
        assert "could not be started now: ConnectionError" in caplog.text
        await jobs.start("run-check", "q1")
        await made.until(lambda: made.given == [("run-check", "q1")])


class _Away:
    """A database that is away."""

    def begin(self, order: str, key: str) -> None:
        """Fail."""
        raise ConnectionError(order, key)

    enqueue = begin


async def test_a_user_who_may_make_no_tables_is_told_so(postgres: PostgresServer, postgres_url: str) -> None:
    """With what to do, in one sentence; and whoever has been allowed starts."""
    name = postgres_url.rpartition("@/")[2].partition("?")[0]
    with psycopg.connect(host=str(postgres.folder), user=postgres.user, dbname=name, autocommit=True) as connection:
        connection.execute("CREATE ROLE limited LOGIN")
        limited = await Database.open(postgres_url.replace(f"//{postgres.user}@", "//limited@"))
        for works in (True, False):
            durable = Durable(limited, "p1", works=works, checks_at_once=1)
            with pytest.raises(StorageError, match=r"permission denied .* GRANT CREATE ON DATABASE"):
                await asyncio.to_thread(durable.open, lambda _order, _key: None)
        connection.execute(f"GRANT CREATE ON DATABASE {name} TO limited".encode())
    durable = Durable(limited, "p1", works=True, checks_at_once=1)
    await asyncio.to_thread(durable.open, lambda _order, _key: None)
    await asyncio.to_thread(durable.close)
    await limited.close()


@pytest.fixture
def postgres_url(postgres_registries: Any, tmp_path: Path) -> str:
    """Give a registry on PostgreSQL."""
    return str(postgres_registries.make(tmp_path))
