"""What came in is worked off once: by the process that took it in, or by another when that one has ended."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from bot import answers, work
from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.fair_line import Turn
from bot.incoming import Incoming
from bot.redact import Redactor
from bot.slack import Slack
from bot.trouble import SlackTrouble
from commands.command import CLOCK, Request
from commands.news import Said
from storage import apps, inbox, model, processes
from storage.model import Process
from tests.bot.slack_server import SlackServer, slack_server
from tests.left_over import undone
from tests.storage.sample import an_app
from tests.world import CY, Town


@dataclass
class Office:
    """A town whose commands several processes work off."""

    town: Town
    server: SlackServer
    slack: Slack

    async def process(self, name: str) -> Dispatch:
        """Start a process."""
        now = self.town.clock.now()
        async with self.town.world.database.write() as transaction:
            await processes.start(transaction, Process(name, "bot", "host", 1, "1", now, now))
        return Dispatch(self.town.world, Answers(self.town.world, self.slack), Redactor(), "T1", "Acme", name)

    async def kill(self, name: str) -> None:
        """Have a process be found dead."""
        async with self.town.world.database.write() as transaction:
            await processes.stop(transaction, name, self.town.clock.now())

    async def left(self) -> list[Any]:
        """What is not worked off."""
        async with self.town.world.database.read() as transaction:
            return list(await undone(transaction))

    async def said(self) -> list[str]:
        """What Cy was told in direct messages."""
        await self.town.deliver()
        return [one.text for one in self.town.said(Said, CY)]


@pytest_asyncio.fixture
async def office(town: Town) -> AsyncIterator[Office]:
    """Give an office."""
    async with slack_server() as (server, slack):
        yield Office(town, server, slack)


def typed(text: str = "nosuch", key: str = "slash:1") -> Incoming:
    """A command whose answer comes as a direct message."""
    return Incoming(key, "slash", "apps", Request(CY, text), "T1")


async def ack(*_: Any) -> None:
    """Acknowledge."""


async def settle(dispatch: Dispatch) -> None:
    """Wait until everything that the process is at is worked off."""
    while dispatch.work._tasks:
        await asyncio.gather(*dispatch.work._tasks, return_exceptions=True)


async def test_a_process_leaves_alone_what_a_living_one_is_at(office: Office) -> None:
    """Once it is found dead its rows are taken over, by one of those that look at once."""
    first, *others = [await office.process(name) for name in ("p1", "p2", "p3")]
    await first._keep(typed())
    for other in others:
        await other.work.recover()
        assert not other.work._tasks
    await office.kill("p1")
    await asyncio.gather(*(other.work.recover() for other in others))
    for other in others:
        await settle(other)
    assert [text for text in await office.said() if "restarted" in text] != []
    assert len([text for text in await office.said() if "restarted" in text]) == 1
    assert await office.left() == []


async def test_a_process_that_was_taken_for_dead_does_not_do_it_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was stopped for minutes and goes on: what waited in it is another's by now, and stays so."""
    monkeypatch.setattr(work, "_WAITED_S", 0.0)
    stopped, other = await office.process("p1"), await office.process("p2")
    await stopped._keep(typed())
    await office.kill("p1")
    async with office.town.world.database.write() as transaction:
        (row,) = await inbox.take_over(transaction, "p2", (), 10)
    assert row.attempts == 1
    stopped.work.do_soon(Turn(typed(), 0.0, partial(stopped.answers.give, typed())))
    await settle(stopped)
    assert await office.said() == []
    assert [one.held_by for one in await office.left()] == ["p2"]
    await settle(other)


async def test_what_is_taken_over_is_no_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Be it a push, which nobody waits for, or what was left by another: whoever took it over works it off."""
    monkeypatch.setattr(work, "_WAITED_S", -1.0)
    stopped = await office.process("p1")
    push = Incoming("github:1", "push", "note-push", Request(CLOCK, fields={"repository": "x"}), "T1")
    await stopped._keep(push)
    await stopped._keep(typed())
    async with office.town.world.database.write() as transaction:
        rows = await inbox.take_over(transaction, "p2", (), 10)
    assert rows == ()
    await office.kill("p1")
    async with office.town.world.database.write() as transaction:
        rows = await inbox.take_over(transaction, "p2", (), 10)
    stopped.work.do_soon(Turn(push, 0.0))
    for row in rows:
        stopped.work._do_late(row)
    await settle(stopped)
    assert "could not be worked off" not in caplog.text
    assert [one.held_by for one in await office.left()] == ["p2", "p2"]


async def died_over(office: Office, orders: int, times: int) -> Dispatch:
    """Have so many processes end over so many orders of Cy's, and return the next one."""
    first = await office.process("first")
    for number in range(orders):
        await first._keep(typed(key=f"slash:{number}"))
    await office.kill("first")
    for number in range(times):
        process = await office.process(f"p{number}")
        async with office.town.world.database.write() as transaction:
            rows = await inbox.take_over(transaction, process.process_id, (), 10, suspects=number > 2)
        assert len(rows) == orders
        await office.kill(process.process_id)
    return await office.process("last")


async def test_an_order_that_brings_the_bot_down_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten processes died over it; the next says so instead of running it."""
    monkeypatch.setattr(work, "_SETTLED_S", -1.0)
    last = await died_over(office, 1, 10)
    await last.work.recover()
    await settle(last)
    (said,) = await office.said()
    assert "I did not do it" in said
    assert await office.left() == []


async def test_what_may_end_a_process_is_run_late_and_first_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four orders that three processes ended over, the next begins one once it has worked a while, then two."""
    last = await died_over(office, 4, 3)
    assert await last.work.recover() == 0
    monkeypatch.setattr(work, "_SETTLED_S", -1.0)
    assert [await last.work.recover() for _ in range(2)] == [1, 0]
    begun = []
    for _ in range(2):
        await settle(last)
        begun.append(await last.work.recover())
    await settle(last)
    assert begun == [2, 1]
    assert len([text for text in await office.said() if "restarted" in text]) == 4
    assert await office.left() == []


async def test_an_answer_is_given_again_and_its_order_is_not_run_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the registry does not take an answer, it is the answer that is tried again."""
    monkeypatch.setattr(answers, "_PAUSES_S", (0.0, 0.0, 0.0))
    runs, tries = [], []
    process = await office.process("p1")

    async def run(_: Any, incoming: Incoming, _waits: Any) -> Said:
        runs.append(incoming)
        return Said("done")

    async def give(_: Any, incoming: Incoming, news: Said) -> None:
        tries.append(news)
        if len(tries) < 3:
            raise OSError("the registry is away")

    monkeypatch.setattr("bot.orders.Orders.run", run)
    monkeypatch.setattr(Answers, "give", give)
    await process.take(typed(), ack)
    await settle(process)
    assert (len(runs), len(tries)) == (1, 3)
    assert await office.left() == []


async def test_what_cannot_be_read_any_more_is_left(office: Office) -> None:
    """A row as another version kept it does not come back for ever."""
    process = await office.process("p1")
    async with office.town.world.database.write() as transaction:
        await inbox.keep(transaction, [inbox_row("slash:9", {"kind": "slash"}, office)], {}, office.town.clock.now())
    await process.work.recover()
    await settle(process)
    assert await office.left() == []


def inbox_row(name: str, body: dict[str, Any], office: Office) -> Any:
    """A row that nobody holds."""
    return model.Incoming(name, "slash", body, office.town.clock.now())


async def test_a_push_is_taken_over_and_a_home_tab_is_not(office: Office) -> None:
    """Nobody is told of either: the app is looked at, and the tab is drawn anew when it is opened again."""
    async with office.town.world.database.write() as transaction:
        await apps.add(transaction, an_app(repository="https://github.com/acme/billing", report_id=None))
        await apps.watch(transaction, an_app().id, office.town.clock.now().replace(hour=10))
    first = await office.process("p1")
    repository = {"repository": "https://github.com/acme/billing"}
    await first._keep(Incoming("github:1", "push", "note-push", Request(CLOCK, fields=repository), "T1"))
    await first._keep(Incoming("event:1", "home", "apps", Request(CY), "T1"))
    await office.kill("p1")
    second = await office.process("p2")
    await second.work.recover()
    await settle(second)
    assert await office.left() == []
    assert await office.said() == []
    assert office.server.calls == []
    async with office.town.world.database.read() as transaction:
        assert (await apps.watch_of(transaction, an_app().id)).due_at == office.town.clock.now()


async def test_nobody_but_a_code_host_pushes(office: Office) -> None:
    """A person who forges a button for the order of a push is refused."""
    process = await office.process("p1")
    await process.take(Incoming("button:1", "button", "note-push", Request(CY, fields={"repository": "x"}), "T1"), ack)
    await settle(process)
    assert await office.said() == ["That is not something a person can ask for."]


async def test_what_was_left_is_begun_a_few_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much a dead process left, no more runs at once than ever; all of it is done, and soon."""
    monkeypatch.setattr(work, "_LATE", 5)
    monkeypatch.setattr(work, "_SOON_S", 0.0)
    monkeypatch.setattr(work, "_LOOK_S", 3600.0)
    first, second = await office.process("p1"), await office.process("p2")
    await asyncio.gather(*(first._keep(typed(key=f"slash:{number:02}")) for number in range(23)))
    await office.kill("p1")
    assert await second.work.recover() == 5
    await settle(second)
    looking = asyncio.create_task(second.work.keep_on())
    async with asyncio.timeout(30):
        while await office.left():  # noqa: ASYNC110 - it is worked off beside
            await asyncio.sleep(0.01)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert len([text for text in await office.said() if "restarted" in text]) == 23
    await second.stop()


async def test_looking_goes_on_while_the_registry_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is left is taken over once the registry is back."""
    monkeypatch.setattr(work, "_LOOK_S", 0.0)
    first, second = await office.process("p1"), await office.process("p2")
    await first._keep(typed())
    await office.kill("p1")
    recover, tries = work.Work.recover, 0

    async def fail(self: work.Work) -> int:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise SlackTrouble("away")
        return await recover(self)

    monkeypatch.setattr(work.Work, "recover", fail)
    looking = asyncio.create_task(second.work.keep_on())
    async with asyncio.timeout(30):
        while await office.left():  # noqa: ASYNC110 - it is worked off beside
            await asyncio.sleep(0.01)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert caplog.text.count("what was left could not be looked at") == 2
    await second.stop()
