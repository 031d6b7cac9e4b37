"""One command, followed by its id: from what Slack sent, over rows and jobs, to the message that came of it."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bot import log, metrics, tracing
from bot.app import Bot
from bot.redact import Redactor
from bot.slack import Slack
from commands.command import CLOCK, Request, all_commands
from tests.bot.faulty_slack import FaultySlack
from tests.bot.running_bot import running_bot
from tests.bot.sending import sender_of, settle, ticks
from tests.bot.span_collector import Collector, about, collector
from tests.commands.repository import Repository
from tests.workspace_client import WorkspaceClient
from tests.world import ANN, APPS, CY, Town

__all__ = ["collector"]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Give what is logged, as JSON; afterwards the loggers are as they were."""
    root, dbos = logging.getLogger(), logging.getLogger("dbos")
    before = (root.handlers, root.level, dbos.handlers, dbos.level, dbos.propagate)
    stream = io.StringIO()
    log.set_up("INFO", Redactor(), "json", stream)
    yield stream
    root.handlers, root.level, dbos.handlers, dbos.level, dbos.propagate = before


@pytest.fixture
def collected(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Collector:
    """Give a collector that traces are sent to."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    assert tracing.set_up({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address})
    return collector


def _checks_done() -> float:
    return metrics.REGISTRY.get_sample_value("groundcrew_check_seconds_count", {"outcome": "done"}) or 0


async def ids_in(bot: Bot, query: str) -> set[str]:
    """The request ids that *query* finds in the registry."""
    async with bot.world.database.read() as transaction:
        return set((await transaction.connection.execute(text(query))).scalars())


async def test_one_command_is_followed_to_the_message_that_came_of_it(
    tmp_path: Path,
    workspace: WorkspaceClient,
    repository: Repository,
    written: io.StringIO,
    collected: Collector,
) -> None:
    """The id of /check-app stands in its inbox row, its order, its check, its messages and their lines and spans."""
    checks = _checks_done()
    try:
        async with running_bot(tmp_path / "home", workspace) as bot:
            ann = await workspace.person("ann")
            await ann.command(f"/check-app {repository}")
            await ann.wait_for(lambda message: "may run" in message.words or "nowhere" in message.words.lower())
            async with asyncio.timeout(20):
                while "a verdict was sent" not in written.getvalue():  # noqa: ASYNC110 - the sender tells nothing else
                    await asyncio.sleep(0.05)
                while _checks_done() == checks:  # noqa: ASYNC110 - the job ends after its message went out
                    await asyncio.sleep(0.05)
            asked = "SELECT request_id FROM check_requests"
            (request_id,) = await ids_in(bot, asked)
            assert await ids_in(bot, "SELECT request_id FROM outbox WHERE kind = 'Checked'") == {request_id}
            (body,) = await ids_in(bot, "SELECT body FROM inbox WHERE kind = 'slash'")
            assert json.loads(body)["request_id"] == request_id
    finally:
        await asyncio.to_thread(tracing.end)
    events = [
        line["event"]
        for line in map(json.loads, written.getvalue().splitlines())
        if line.get("request_id") == request_id
    ]
    assert events[0] == "check-app: done"
    assert any(event.startswith("a verdict was sent (") for event in events)
    assert _checks_done() == checks + 1
    ours = [one for one in collected.spans if about(one).get("groundcrew.request_id") == request_id]
    assert {one.name for one in ours} == {"take in", "order", "check", "check stage", "send"}
    assert len({one.trace_id for one in ours}) == 1


async def test_the_lines_of_a_delivery_name_the_page_and_its_app(town: Town, written: io.StringIO) -> None:
    """With two pages open it can be told which of them went where, and by which request."""
    await town.ask(ANN, "register-app", "billing-bot https://github.com/acme/billing", at=APPS)
    with log.bound(request_id="0a1b2c3d4e5f"):
        page = (await town.ask(CY, "page-owner", "billing-bot it is down")).page
    await all_commands()["escalate-pages"].run(Request(CLOCK), town.world)
    slack = FaultySlack(ticks(town), Random(1))  # noqa: S311 - a story
    await settle(town, sender_of(town, Slack(slack.client(), Redactor())), 5)
    lines = [line for line in map(json.loads, written.getvalue().splitlines()) if line.get("page") == page.id]
    told = [line for line in lines if line["event"] == f"a page was sent (person:{ANN})"]
    assert [(line["app"], line["request_id"]) for line in told] == [("billing-bot", "0a1b2c3d4e5f")]
