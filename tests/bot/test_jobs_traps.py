"""The known traps of the library for durable work are closed, each by what it would have spoiled."""

import ast
import base64
import json
import logging
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from storage.database import Database
from storage.jobs_engine import make_jobs_engine
from tests.bot.durable_jobs import bench

ROOT = Path(__file__).parent.parent.parent


async def test_it_starts_on_any_sqlite(registry_url: str) -> None:
    """Also on one before 3.42, which cannot tell milliseconds: a job is begun, ends, and is kept with both times."""
    async with bench(registry_url) as jobs:
        jobs.go.set()
        await jobs.call(jobs.durable.begin, "run-check", "q1")
        await jobs.until(1)
        await jobs.until_state("run-check:q1", "SUCCESS")
        (kept,) = jobs.durable._client.list_workflows()
        assert kept.completed_at is not None
        assert abs(kept.completed_at / 1000 - datetime.now(UTC).timestamp()) < 60


async def test_what_a_dead_process_began_is_begun_again(registry_url: str) -> None:
    """A check that was being made is queued anew, for the library does that for no process but the same."""
    async with bench(registry_url, "dead") as jobs:
        await jobs.call(jobs.durable.begin, "run-check", "q1")
        await jobs.until(1)
        assert await jobs.call(jobs.durable.at_work) == {"dead"}
        assert await jobs.call(jobs.durable.take_up, frozenset({"somebody else"})) == 0
        assert await jobs.call(jobs.durable.take_up, frozenset({"dead"})) == 1
        assert await jobs.until(2) == [("run-check", "q1")] * 2


async def test_a_round_that_brought_a_process_down_is_not_begun_again(registry_url: str) -> None:
    """The library forgets its count of attempts when a job is taken up; a round ends, and the next one may begin."""
    async with bench(registry_url, "dead") as jobs:
        await jobs.call(jobs.durable.enqueue, "look-at-apps", "")
        await jobs.until(1)
        await jobs.call(jobs.durable.take_up, frozenset({"dead"}))
        assert set((await jobs.states()).values()) == {"CANCELLED"}
        await jobs.call(jobs.durable.enqueue, "look-at-apps", "")
        assert await jobs.until(2) == [("look-at-apps", "")] * 2


async def test_a_stop_hands_on_what_is_being_made(registry_url: str) -> None:
    """The next process begins it at once, without having been told that the one before is dead."""
    async with bench(registry_url, "p1") as jobs:
        for how, key in ((jobs.durable.begin, "here"), (jobs.durable.enqueue, "queued")):
            await jobs.call(how, "run-check", key)
        await jobs.until(2)
        await jobs.close()
        async with bench(registry_url, "p2") as others:
            assert sorted(await others.until(2)) == [("run-check", "here"), ("run-check", "queued")]


async def test_an_upgrade_strands_nothing(registry_url: str) -> None:
    """What one release began the next one makes: the version of jobs is ours, and no hash of code that changes."""
    async with bench(registry_url, "p1") as jobs:
        await jobs.call(jobs.durable.begin, "run-check", "q1")
        await jobs.until(1)
        listed = jobs.durable._client.list_application_versions()
        assert [one["version_name"] for one in listed] == ["1"]


def test_nothing_waits_inside_a_job() -> None:
    """A durable sleep is ended by no stop, and a waiting job is a resident task: waits are rows and the clock's."""
    waits = {"sleep", "sleep_async", "recv", "recv_async", "get_event", "get_event_async", "SetWorkflowTimeout"}
    users = []
    for path in [one for folder in ("bot", "commands", "storage") for one in (ROOT / folder).rglob("*.py")]:
        code = path.read_text(encoding="utf-8")
        if "dbos" in code and any(
            isinstance(node, ast.Import | ast.ImportFrom) and "dbos" in ast.unparse(node)
            for node in ast.walk(ast.parse(code))
        ):
            users.append(path.name)
            used = {node.attr for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)}
            assert not used & waits
    assert users == ["durable.py"]


def test_its_connections_to_sqlite_are_set_up_as_ours(tmp_path: Path) -> None:
    """WAL, a wait for another writer that no stop is kept up by, and a reader that writes later is not refused."""
    address = make_url(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
    engine, another = make_jobs_engine(address), make_jobs_engine(address)
    with engine.begin() as one:
        settings = [one.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "busy_timeout")]
        one.execute(text("CREATE TABLE t (n INTEGER)"))
    assert settings == ["wal", 3000]
    with engine.begin() as one, another.begin() as other:
        assert one.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
        other.execute(text("INSERT INTO t VALUES (1)"))
        other.commit()
        one.execute(text("INSERT INTO t VALUES (2)"))
    with engine.begin() as one:
        assert one.execute(text("SELECT count(*) FROM t")).scalar_one() == 2
        now = one.execute(text("SELECT unixepoch('subsec')")).scalar_one()
    assert now != int(now)
    engine.dispose()
    another.dispose()


async def test_a_name_is_begun_once(registry_url: str) -> None:
    """The name of a job is what makes two of one: also after it has ended, and whichever way it is begun."""
    async with bench(registry_url) as jobs:
        jobs.go.set()
        await jobs.call(jobs.durable.begin, "run-check", "q1")
        await jobs.until_state("run-check:q1", "SUCCESS")
        for how in (jobs.durable.begin, jobs.durable.enqueue):
            await jobs.call(how, "run-check", "q1")
        await jobs.call(jobs.durable.begin, "run-check", "q2")
        assert await jobs.until(2) == [("run-check", "q1"), ("run-check", "q2")]


async def test_of_a_round_no_second_waits(registry_url: str) -> None:
    """However often the clock asks while one waits or runs; after it has ended the next may begin."""
    async with bench(registry_url) as jobs:
        for _ in range(5):
            await jobs.call(jobs.durable.enqueue, "look-at-apps", "")
        await jobs.until(1)
        await jobs.call(jobs.durable.enqueue, "look-at-apps", "")
        (name,) = await jobs.states()
        jobs.go.set()
        await jobs.until_state(name, "SUCCESS")
        await jobs.call(jobs.durable.enqueue, "look-at-apps", "")
        assert len(await jobs.until(2)) == 2


async def test_what_it_keeps_is_json_and_no_pickle(registry_url: str) -> None:
    """Reading a pickle runs what is in it, and whoever can write to the database could run anything."""
    async with bench(registry_url) as jobs:
        jobs.go.set()
        await jobs.call(jobs.durable.begin, "run-check", "q1")
        await jobs.until_state("run-check:q1", "SUCCESS")
        schema = "dbos." if registry_url.startswith("postgresql") else ""
        engine = make_jobs_engine(jobs.database.url)
        with engine.begin() as connection:
            rows = [
                tuple(row)
                for table in ("workflow_input", "workflow_output", "workflow_status")
                for row in connection.execute(text(f"SELECT * FROM {schema}{table}"))  # noqa: S608 - fixed names
            ]
        engine.dispose()
    kept = [value for row in rows for value in row if isinstance(value, str)]
    assert json.dumps(["run-check", "q1"], separators=(",", ":")) in "".join(kept)
    pickled = base64.b64encode(pickle.dumps(None))[:4].decode()
    assert not [one for one in kept if one.startswith(pickled)]


async def test_what_is_over_is_removed(registry_url: str) -> None:
    """The library keeps every job for ever; ours go when they ended before a moment, those under way stay."""
    async with bench(registry_url) as jobs:
        await jobs.call(jobs.durable.begin, "run-check", "stays")
        await jobs.until(1)
        jobs.go.set()
        await jobs.call(jobs.durable.begin, "run-check", "goes")
        await jobs.until_state("run-check:goes", "SUCCESS")
        assert await jobs.call(jobs.durable.forget, datetime.now(UTC) - timedelta(hours=1)) == 0
        assert await jobs.call(jobs.durable.forget, datetime.now(UTC) + timedelta(hours=1))
        assert "run-check:goes" not in await jobs.states()


async def test_one_driver_for_postgresql(registry_url: str) -> None:
    """Its connections are made by the driver that the registry's are made by."""
    database = await Database.open(registry_url)
    engine = make_jobs_engine(database.url)
    assert engine.driver == {"sqlite": "pysqlite", "postgresql": "psycopg"}[engine.name]
    engine.dispose()
    await database.close()


async def test_what_waits_is_a_row_and_nothing_else(registry_url: str) -> None:
    """Forty checks wait for two hands: two are begun, and the others are no threads and no tasks."""
    async with bench(registry_url, at_once=2) as jobs:
        for number in range(40):
            await jobs.call(jobs.durable.enqueue, "run-check", f"q{number}")
        await jobs.until(2)
        states = list((await jobs.states()).values())
        assert (states.count("PENDING"), states.count("ENQUEUED")) == (2, 38)
        assert len(jobs.made) == 2


async def test_it_logs_through_our_log(registry_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """It has no handler of its own, whose lines nobody would redact, and no line tells what a job was given."""
    with caplog.at_level(logging.DEBUG):
        async with bench(registry_url) as jobs:
            jobs.go.set()
            await jobs.call(jobs.durable.begin, "run-check", "the-key-of-the-job")
            await jobs.until_state("run-check:the-key-of-the-job", "SUCCESS")
            kinds = {type(one).__name__ for one in logging.getLogger("dbos").handlers}
    assert "StreamHandler" not in kinds
    assert "console.dbos.dev" not in caplog.text


async def test_it_neither_calls_nor_listens(tmp_path: Path) -> None:
    """No telemetry, no console of its maker's, no server for administrators: not one socket is connected or bound."""
    calls: list[str] = []
    is_open = True

    def note(event: str, _given: tuple[object, ...]) -> None:
        if is_open and event in {"socket.connect", "socket.bind", "socket.getaddrinfo"}:
            calls.append(event)

    sys.addaudithook(note)
    async with bench(f"sqlite+aiosqlite:///{tmp_path}/registry.db") as jobs:
        jobs.go.set()
        await jobs.call(jobs.durable.begin, "run-check", "q1")
        await jobs.until_state("run-check:q1", "SUCCESS")
    is_open = False
    assert calls == []


def test_a_check_from_the_command_line_loads_none_of_it(tmp_path: Path) -> None:
    """`groundcrew check` starts in any CI, and fast: neither this library nor what draws it in is loaded."""
    (tmp_path / "app.py").write_text("print(1)\n", encoding="utf-8")
    code = (
        "import sys; from bot.__main__ import main; main(['check', sys.argv[1]]);"
        "sys.exit(bool({'dbos', 'sqlalchemy', 'psycopg', 'opentelemetry'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
