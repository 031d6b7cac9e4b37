"""The audit log: its chain stands on both engines, through an upgrade and many writers, and shows who tampered."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import structlog
from alembic import command
from sqlalchemy import Connection, text

from storage import apps, audit, audit_chain
from storage.audit_chain import Said, Verdict, digest_of
from storage.database import Database, append_only
from storage.migrate import _config, migrate
from tests.storage.sample import NOW, an_app

NO_LONGER = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_append_only ON audit",),
}


PUT_IN = "INSERT INTO audit (id, at, who, what, subject, detail, request_id, previous, digest)"


async def filled(database: Database, rows: int = 5) -> None:
    """Write rows one after the other."""
    for number in range(rows):
        async with database.write() as transaction:
            detail = {"name": f"app {number} ü", "before": [number, 1.5, None], "b": {"z": 1, "a": 2}}
            await audit.write(transaction, NOW, who="U1", what="change app", subject="a1", detail=detail)


async def broken_off(database: Database) -> None:
    """Write a row in a transaction that fails."""
    async with database.write() as transaction:
        await audit.write(transaction, NOW, who="U1", what="never", subject="a1")
        raise ZeroDivisionError


async def looked_at(database: Database, pinned: str = "") -> Verdict:
    """Verify the log."""
    async with database.read() as transaction:
        return await audit_chain.verify(transaction, pinned)


async def tamper(database: Database, *statements: str) -> None:
    """Do what somebody does who has the database: drop the triggers first."""
    async with database.write() as transaction:
        for statement in (*NO_LONGER[database.url.get_backend_name()], *statements):
            await transaction.connection.execute(text(statement))


async def test_an_honest_log_is_found_whole(database: Database) -> None:
    """Every row follows from the one before, also several of one transaction, and an empty log is no fault."""
    assert await looked_at(database) == Verdict(0, "", ())
    await filled(database)
    async with database.write() as transaction:
        for what in ("first", "second"):
            await audit.write(transaction, NOW, who="clock", what=what, subject="")
    verdict = await looked_at(database)
    assert (verdict.rows, verdict.faults) == (7, ())
    async with database.read() as transaction:
        assert verdict.head == await audit_chain.head(transaction)
        newest = (await audit.since(transaction, NOW))[-1]
    assert (newest.what, newest.digest) == ("second", verdict.head)
    said = Said(newest.at, newest.who, newest.what, newest.subject, newest.detail, newest.request_id)
    assert digest_of(said, newest.previous) == newest.digest


async def test_a_row_names_the_request_that_caused_it(database: Database) -> None:
    """So that the log's lines and the messages of the same request are found."""
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        await filled(database, 1)
    await filled(database, 1)
    async with database.read() as transaction:
        assert [entry.request_id for entry in await audit.entries(transaction, "a1")] == ["r-1", ""]
    assert (await looked_at(database)).faults == ()


async def test_a_row_that_was_rolled_back_leaves_no_gap(database: Database) -> None:
    """What was not committed is in no chain."""
    await filled(database, 1)
    with pytest.raises(ZeroDivisionError):
        await broken_off(database)
    await filled(database, 1)
    verdict = await looked_at(database)
    assert (verdict.rows, verdict.faults) == (2, ())


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE audit SET who = 'U9' WHERE id = 3"], ["row 3 ", "was changed"]),
        (["UPDATE audit SET detail = '{}' WHERE id = 3"], ["row 3 ", "was changed"]),
        (["UPDATE audit SET request_id = 'x' WHERE id = 1"], ["row 1 ", "was changed"]),
        (["UPDATE audit SET digest = previous WHERE id = 2"], ["row 2 ", "was changed"]),
        (["DELETE FROM audit WHERE id = 3"], ["row 4 ", "does not follow row 2: a row between them was removed"]),
        (["DELETE FROM audit WHERE id = 1"], ["row 2 ", "does not follow the beginning"]),
        (
            [f"{PUT_IN} SELECT 9, at, who, what, subject, detail, '', 'x', digest FROM audit WHERE id = 5"],  # noqa: S608 - as below
            ["row 9 ", "was changed"],
        ),
        (
            ["UPDATE audit SET id = 99 WHERE id = 2", "UPDATE audit SET id = 2 WHERE id = 4"],
            ["row 2 ", "put in or moved"],
        ),
    ],
    ids=["who", "detail", "request", "digest", "removed", "first", "put in", "moved"],
)
async def test_tampering_is_seen_and_the_row_is_named(
    database: Database, statements: Sequence[str], says: Sequence[str]
) -> None:
    """Whoever gets around the triggers and changes, removes, puts in or moves a row breaks the chain there."""
    await filled(database)
    await tamper(database, *statements)
    verdict = await looked_at(database)
    assert all(words in verdict.faults[0] for words in says), verdict.faults


async def test_a_row_put_in_with_a_right_digest_is_seen_by_the_next(database: Database) -> None:
    """Who knows how digests are made still cannot put a row between two others."""
    await filled(database)
    async with database.read() as transaction:
        log = await audit.since(transaction, NOW)
    forged = Said(NOW, "U9", "allow private", "a1", {})
    digest = digest_of(forged, log[2].digest)
    values = f"'U9', 'allow private', 'a1', '{{}}', '', '{log[2].digest}', '{digest}'"
    await tamper(
        database,
        "UPDATE audit SET id = 15 WHERE id = 5",
        "UPDATE audit SET id = 14, previous = 'elsewhere' WHERE id = 4",
        f"{PUT_IN} SELECT 4, at, {values} FROM audit WHERE id = 1",  # noqa: S608 - the test's own words
    )
    assert "row 14 " in (await looked_at(database)).faults[0]


async def test_a_cut_off_end_is_seen_by_a_digest_that_was_noted(database: Database) -> None:
    """Alone the rest looks whole; the noted digest is missing. What came after it is no fault."""
    await filled(database)
    head = (await looked_at(database)).head
    await filled(database, 2)
    assert (await looked_at(database, head)).faults == ()
    await tamper(database, "DELETE FROM audit WHERE id >= 5")
    assert (await looked_at(database)).faults == ()
    (fault,) = (await looked_at(database, head)).faults
    assert "its end was cut off" in fault


async def test_many_writers_make_one_chain(url: str) -> None:
    """Several processes that write at once wait for each other: the chain does not fork."""
    databases = [await Database.open(url) for _ in range(3)]
    await migrate(databases[0])
    await asyncio.gather(*(filled(database, 10) for database in databases for _ in range(2)))
    verdict = await looked_at(databases[0])
    assert (verdict.rows, verdict.faults) == (60, ())
    for database in databases:
        await database.close()


async def test_older_rows_get_a_chain_and_keep_what_they_say(database: Database) -> None:
    """A registry of before is upgraded with its log, and stays append-only."""
    await filled(database, 3)
    async with database.write() as transaction:
        await transaction.connection.run_sync(to_version, "0007")
        copied = "INSERT INTO audit (at, who, what, subject, detail) SELECT at, who, what, subject, detail FROM audit"
        await transaction.connection.execute(text(copied))
    await migrate(database)
    verdict = await looked_at(database)
    assert (verdict.rows, verdict.faults) == (6, ())
    await filled(database, 1)
    assert (await looked_at(database)).faults == ()
    async with database.read() as transaction:
        assert {entry.detail["name"] for entry in await audit.entries(transaction, "a1")} >= {"app 0 ü", "app 2 ü"}
    with pytest.raises(Exception, match="append-only"):
        async with database.write() as transaction:
            await transaction.connection.execute(text("DELETE FROM audit"))


async def test_the_log_is_listed_by_time_and_app(database: Database) -> None:
    """A reader gets what was done since then, of one app where they ask for it."""
    async with database.write() as transaction:
        await apps.add(transaction, an_app())
        await audit.write(transaction, NOW, who="U1", what="register app", subject=an_app().id)
        await audit.write(transaction, NOW, who="U1", what="check address", subject="https://x.example/a")
    async with database.read() as transaction:
        assert [one.what for one in await audit.since(transaction, NOW)] == ["register app", "check address"]
        assert [one.what for one in await audit.since(transaction, NOW, "billing-bot")] == ["register app"]


def to_version(connection: Connection, version: str) -> None:
    """Take the tables back to an older version."""
    config: Any = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, version)


def test_the_triggers_are_those_that_a_tamperer_drops() -> None:
    """The tests above get around every trigger that there is."""
    for engine, dropped in NO_LONGER.items():
        made = [statement for statement in append_only(engine, "audit") if "CREATE TRIGGER" in statement]
        assert [statement.split()[2] for statement in made] == [statement.split()[2] for statement in dropped]
