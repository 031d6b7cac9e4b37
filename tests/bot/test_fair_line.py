"""Orders that wait go round between people, pages first, and nobody takes all the room there is."""

import asyncio
from typing import Any

import pytest

from bot import fair_line, work
from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.fair_line import FairLine
from bot.incoming import Incoming
from bot.redact import Redactor
from commands.command import Request
from tests.bot.slack_server import slack_server
from tests.world import ANN, CY, DEE, Town


def asked(key: str, person: str, order: str = "apps") -> Incoming:
    """A command that somebody typed."""
    return Incoming(key, "slash", order, Request(person, "all"), "T1")


def taken(line: FairLine) -> list[str]:
    """What may begin now, in order."""
    return [one[0].key for one in iter(line.take, None)]


def test_turns_go_round_between_people() -> None:
    """Whoever has three waiting is next again once everybody else was."""
    line = FairLine()
    for one in (asked("a1", ANN), asked("a2", ANN), asked("a3", ANN), asked("b1", CY), asked("c1", DEE)):
        line.add(one, 0.0)
    assert taken(line) == ["a1", "b1", "c1", "a2", "a3"]


def test_a_page_waits_for_nothing_else() -> None:
    """Nor does its answer, whosever it is."""
    line = FairLine()
    for one in (asked("a1", ANN), asked("a2", ANN, "page-owner"), asked("b1", CY, "acknowledge-page")):
        line.add(one, 0.0)
    assert taken(line) == ["a2", "b1", "a1"]


def test_one_person_has_not_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders that take long leave room for others, but for a page they do."""
    monkeypatch.setattr(fair_line, "_SHARE", 2)
    line = FairLine()
    first = asked("a1", ANN)
    for one in (first, asked("a2", ANN), asked("a3", ANN), asked("a4", ANN, "page-owner"), asked("b1", CY)):
        line.add(one, 0.0)
    assert taken(line) == ["a4", "a1", "b1"]
    line.left(first)
    assert taken(line) == ["a2"]
    line.clear()
    line.left(first)
    assert taken(line) == []


class Slow:
    """Orders that are done once they are let go; *begun* says which were begun."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.go_on = asyncio.Event()

    async def run(self, incoming: Incoming) -> None:
        """Run an order."""
        self.begun.add(incoming.key)
        await self.go_on.wait()


async def test_a_stuck_script_starves_nobody(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of commands of one person: what another types meanwhile is next, and what is too much is said."""
    monkeypatch.setattr(work, "_MOST", 200)
    monkeypatch.setattr(work, "_MOST_WITH_PAGES", 400)
    said: list[Any] = []

    async def ack(*words: Any) -> None:
        said.extend(words)

    async with slack_server() as (_, slack):
        dispatch = Dispatch(town.world, Answers(town.world, slack), Redactor(), "T1", "Acme")
        slow = Slow()
        monkeypatch.setattr(dispatch.work, "orders", slow)
        for number in range(200):
            await dispatch.take(asked(f"a{number}", ANN), ack)
        assert len(said) == 100, "half of the room is for others"
        assert "too much to do" in said[0]
        said.clear()
        await dispatch.take(asked("b", CY), ack)
        await dispatch.take(asked("page", ANN, "page-owner"), ack)
        assert said == []
        async with asyncio.timeout(60):
            while not {"b", "page"} <= slow.begun:  # noqa: ASYNC110 - it is a value, and no event
                await asyncio.sleep(0.01)
            assert len(slow.begun) < 100, "others of the first wait still"
            slow.go_on.set()
            while dispatch.work._tasks:
                await asyncio.gather(*dispatch.work._tasks)
        assert len(slow.begun) == 102
        await dispatch.stop()
