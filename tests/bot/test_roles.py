"""Several processes on one PostgreSQL: one hears and speaks, others make checks, and one that is killed is followed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import processes
from storage.database import Database
from storage.model import CheckRequest, Process
from storage.tables import check_requests, reports
from tests.bot.groundcrew_process import end, environment, free_port, local_workspace, start, until
from tests.commands.repository import Repository
from tests.postgres_server import PostgresServer
from tests.processes import children
from tests.workspace_client import WorkspaceClient

_PATIENCE_S = 60.0


class Fleet:
    """Processes on one registry, and what stands in it."""

    def __init__(self, given: dict[str, str], database: Database) -> None:
        self.given = given
        self.database = database
        self.running: list[asyncio.subprocess.Process] = []

    async def add(self, role: str) -> asyncio.subprocess.Process:
        """Start a process of *role*."""
        started = await start(self.given, "--role", role)
        self.running.append(started)
        await until(started, "Groundcrew makes checks" if role == "worker" else "Groundcrew runs in")
        return started

    async def requests(self) -> list[CheckRequest]:
        """Give every check that was promised."""
        async with self.database.read() as transaction:
            found = await transaction.connection.execute(select(check_requests).order_by(check_requests.c.asked_at))
            return [CheckRequest(**row) for row in found.mappings()]

    async def reports(self) -> list[str]:
        """Give the ids of the reports, which are those of their requests."""
        async with self.database.read() as transaction:
            return list((await transaction.connection.execute(select(reports.c.id))).scalars())

    async def maker(self) -> Process:
        """Wait until a check is being made, and give the process that makes it."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                held = {one.held_by for one in await self.requests() if one.done_at is None and one.held_by}
                async with self.database.read() as transaction:
                    for one in await processes.running(transaction):
                        if one.id in held:
                            return one
                await asyncio.sleep(0.02)


@asynccontextmanager
async def fleet(folder: Path, postgres: PostgresServer) -> AsyncIterator[tuple[Fleet, WorkspaceClient]]:
    """Give a bot that does no checks, on an empty database, and the workspace that it started."""
    home, port, url = folder / "home", free_port(), postgres.new_database()
    (folder / "temporary").mkdir()
    given = environment(
        home,
        GROUNDCREW_LOCAL_PORT=str(port),
        GROUNDCREW_DATABASE_URL=url,
        GROUNDCREW_CHECKS_AT_ONCE="1",
        TMPDIR=str(folder / "temporary"),
    )
    database = await Database.open(url)
    made = Fleet(given, database)
    try:
        await made.add("bot")
        async with local_workspace(home, port) as workspace:
            yield made, workspace
    finally:
        for one in made.running:
            await end(one, signal.SIGKILL)
        await database.close()


def large(repository: Repository) -> None:
    """Make a repository whose check takes some seconds."""
    route = "@app.get('/{n}')\ndef f{n}(a, b):\n    c = a + b\n    return [c for _ in range({n})]\n\n"
    for number in range(120):
        text = "".join(route.format(n=number * 100 + line) for line in range(60))
        code = f"from flask import Flask\napp = Flask(__name__)\n{text}"
        (repository.folder / f"part{number}.py").write_text(code, encoding="utf-8")
    repository.commit("app.py", "print(1)\n")


def lives(pid: int) -> bool:
    """Whether a program runs; one that ended and that nobody waited for does not."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


async def test_a_worker_that_is_killed_is_followed_by_another(
    tmp_path: Path, postgres: PostgresServer, repository: Repository
) -> None:
    """Killed in the middle of a check, it is taken for dead; another makes the check, which has one report."""
    large(repository)
    async with fleet(tmp_path, postgres) as (made, workspace):
        ann = await workspace.person("ann")
        await asyncio.gather(made.add("worker"), made.add("worker"))
        await ann.command(f"/check-app {repository}")
        dead = await made.maker()
        os.kill(dead.pid, signal.SIGKILL)
        async with asyncio.timeout(_PATIENCE_S):
            while not await made.reports():  # noqa: ASYNC110 - another process tells us nothing
                await asyncio.sleep(0.1)
        (request,) = await made.requests()
        assert request.done_at is not None
        assert request.attempts == 2
        assert await made.reports() == [request.id]
        async with made.database.read() as transaction:
            assert dead.id not in {one.id for one in await processes.running(transaction)}


async def test_a_worker_that_is_stopped_hands_on_at_once(
    tmp_path: Path, postgres: PostgresServer, repository: Repository
) -> None:
    """It leaves no program and no file behind, and the next one begins without waiting for anybody's death."""
    large(repository)
    async with fleet(tmp_path, postgres) as (made, workspace):
        ann = await workspace.person("ann")
        others = {one.pid for one in children()}
        first = await made.add("worker")
        await ann.command(f"/check-app {repository}")
        await made.maker()
        async with asyncio.timeout(_PATIENCE_S):
            while len(its := {one.pid for one in children()} - others) < 2:  # noqa: ASYNC110 - nor does the kernel
                await asyncio.sleep(0.02)
        await end(first)
        assert not [pid for pid in its if lives(pid)]
        assert list((tmp_path / "temporary").iterdir()) == []
        assert first.returncode == 0
        (request,) = await made.requests()
        assert (request.held_by, request.attempts, request.done_at) == (None, 0, None)
        await made.add("worker")
        async with asyncio.timeout(_PATIENCE_S):
            while not await made.reports():  # noqa: ASYNC110 - another process tells us nothing
                await asyncio.sleep(0.1)
        (request,) = await made.requests()
        assert request.attempts == 1


async def test_a_worker_without_slack_is_refused(tmp_path: Path, postgres: PostgresServer) -> None:
    """Else it would start a workspace of its own home, on the port that the bot needs; it starts nothing."""
    port = free_port()
    given = environment(
        tmp_path / "home", GROUNDCREW_LOCAL_PORT=str(port), GROUNDCREW_DATABASE_URL=postgres.new_database()
    )
    refused = await start(given, "--role", "worker")
    printed = await until(refused, "--role bot` there first")
    assert await refused.wait() == 1
    assert "--role worker needs the settings of the bot that it works for, Slack's tokens too" in printed
    assert not (tmp_path / "home" / "workspace").exists()


@pytest.mark.parametrize("role", ["bot", "worker"])
async def test_a_file_has_one_process(tmp_path: Path, role: str) -> None:
    """With a registry in a SQLite file no process can do a part alone, and it is said what to do."""
    refused = await start(environment(tmp_path / "home"), "--role", role)
    printed = await until(refused, "Start it without --role")
    assert await refused.wait() == 1
    assert f"--role {role} needs PostgreSQL (GROUNDCREW_DATABASE_URL=postgresql+psycopg://...)" in printed
