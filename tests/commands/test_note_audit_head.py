"""The newest digest of the audit log stands in the program's log, once a day."""

import io
import json
import logging

import pytest

from bot.log import formatter
from bot.redact import Redactor
from commands.command import CLOCK, Refused, Request, all_commands
from storage import audit_chain
from tests.commands.repository import Repository
from tests.world import ANN, Town


async def test_it_is_written_once_a_day(town: Town, repository: Repository, caplog: pytest.LogCaptureFixture) -> None:
    """As a value of its own, whole, that `audit verify --head` takes; with no rows there is nothing to write."""
    caplog.set_level(logging.INFO)
    written = logging.StreamHandler(io.StringIO())
    written.setFormatter(formatter(Redactor(), "json"))
    logging.getLogger("commands.note_audit_head").addHandler(written)
    order = all_commands()["note-audit-head"]
    await order.run(Request(CLOCK), town.world)
    await town.push(hours=20)
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    for hours in (0, 1, 5, 1):
        await town.push(hours=hours)
        await order.run(Request(CLOCK), town.world)
    logging.getLogger("commands.note_audit_head").removeHandler(written)
    lines = [json.loads(line) for line in written.stream.getvalue().splitlines()]
    assert len(lines) == 1
    async with town.world.database.read() as transaction:
        verdict = await audit_chain.verify(transaction, lines[0]["audit_head"])
    assert verdict.faults == ()
    assert 0 < lines[0]["audit_rows"] <= verdict.rows


async def test_only_the_clock_has_it_written(town: Town) -> None:
    """No person can."""
    with pytest.raises(Refused, match="not something a person can ask for"):
        await town.ask(ANN, "note-audit-head")
