"""Orders that wait go round between people, pages first, and nobody takes all the room there is."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot import fair_line, work
from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.fair_line import AT_ONCE, FairLine, Turn
from bot.incoming import Incoming
from bot.redact import Redactor
from commands.command import CLOCK, Request
from storage import model
from tests.bot.slack_server import slack_server
from tests.world import ANN, CY, DEE, Town


def asked(key: str, person: str, order: str = "apps") -> Incoming:
    """A command that somebody typed."""
    return Incoming(key, "slash", order, Request(person, "all"), "T1")


def line_of(*all_asked: Incoming) -> FairLine:
    """A line in which all that wait."""
    line = FairLine()
    for one in all_asked:
        line.add(Turn(one, 0.0))
    return line


def begun(line: FairLine) -> list[Turn]:
    """What may begin now, in order."""
    return list(iter(line.take, None))


def taken(line: FairLine) -> list[str]:
    """The keys of what may begin now, in order."""
    return [one.incoming.key for one in begun(line)]


def test_turns_go_round_between_people() -> None:
    """Whoever has three waiting is next again once everybody else was."""
    line = line_of(asked("a1", ANN), asked("a2", ANN), asked("a3", ANN), asked("b1", CY), asked("c1", DEE))
    assert taken(line) == ["a1", "b1", "c1", "a2", "a3"]


def test_a_page_waits_for_nothing_else() -> None:
    """Nor does its answer, whosever it is."""
    line = line_of(asked("a1", ANN), asked("a2", ANN, "page-owner"), asked("b1", CY, "acknowledge-page"))
    assert taken(line) == ["a2", "b1", "a1"]


def test_one_person_has_not_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders that take long leave room for others, but for a page they do."""
    monkeypatch.setattr(fair_line, "_SHARE", 2)
    line = line_of(*(asked(f"a{number}", ANN) for number in (1, 2, 3)), asked("a4", ANN, "page-owner"), asked("b1", CY))
    page, first, other = begun(line)
    assert [one.incoming.key for one in (page, first, other)] == ["a4", "a1", "b1"]
    line.left(first)
    assert taken(line) == ["a2"]
    line.clear()
    line.left(first)
    line.left(page)
    assert taken(line) == []


def crowd(order: str = "apps", kind: str = "slash") -> list[Incoming]:
    """A hundred people who ask for the same."""
    return [Incoming(f"{order}{one}", kind, order, Request(f"U{one}"), "T1") for one in range(100)]


def of_one(person: str, order: str = "apps") -> list[Incoming]:
    """A hundred things that one person asks for."""
    return [asked(f"{person}{number}", person, order) for number in range(100)]


def test_what_nobody_waits_for_comes_last() -> None:
    """Home tabs, pushes, and what a process left but for its pages, whoever it is of."""
    line = FairLine()
    line.add(Turn(asked("left", CY), 0.0, is_left=True))
    line.add(Turn(asked("left page", CY, "page-owner"), 0.0, is_left=True))
    line.add(Turn(Incoming("home", "home", "apps", Request(ANN), "T1"), 0.0))
    line.add(Turn(Incoming("push", "push", "note-push", Request(CLOCK), "T1"), 0.0))
    line.add(Turn(Incoming("form", "form", "register-app", Request(ANN), "T1"), 0.0))
    line.add(Turn(asked("page", DEE, "page-owner"), 0.0))
    assert taken(line) == ["left page", "page", "form", "left", "home", "push"]


@pytest.mark.parametrize(
    ("hung", "next_ones", "places"),
    [
        (crowd(), crowd(kind="home"), 4),
        (crowd(kind="home"), crowd(), 4),
        (crowd() + crowd(kind="home"), crowd("page-owner"), 4),
        (of_one(ANN), of_one(CY), 8),
        (of_one(ANN), of_one(ANN, "page-owner"), 8),
        (of_one(ANN, "page-owner"), of_one(CY, "page-owner"), 8),
    ],
    ids=["commands", "home tabs", "all but pages", "one person's", "one person's but pages", "one person's pages"],
)
def test_whatever_hangs_leaves_places(hung: list[Incoming], next_ones: list[Incoming], places: int) -> None:
    """No line but that of pages takes all places, nor does one person, be it with pages."""
    line = line_of(*hung)
    assert len(begun(line)) >= 16
    for one in next_ones:
        line.add(Turn(one, 0.0))
    assert [one.incoming for one in begun(line)] == next_ones[:places]


class Slow:
    """Orders that are done once they are let go; *begun* says which were begun."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.go_on = asyncio.Event()

    async def run(self, incoming: Incoming, *_: Any) -> None:
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


@pytest.mark.parametrize("what", ["push", "home", "form", "left", "page"])
async def test_a_page_begins_while_others_hang(what: str, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred pushes, Home tabs, forms or pages of one person, or what a dead process left: none takes all places."""
    slow = Slow()
    async with slack_server() as (_, slack):
        dispatch = Dispatch(town.world, Answers(town.world, slack), Redactor(), "T1", "Acme")
        monkeypatch.setattr(dispatch.work, "orders", slow)
        monkeypatch.setattr("bot.dispatch._FORM_S", 0.0)
        if what == "left":
            for one in crowd():
                await dispatch.intake.keep(model.Incoming(one.row_id, "slash", one.kept(), town.clock.now()))
            for _ in range(10):
                await dispatch.work.recover()
        for number in range(100 if what != "left" else 0):
            one = asked(f"a{number}", ANN, "page-owner" if what == "page" else "apps")
            if what in {"push", "home"}:
                by = Request(CLOCK if what == "push" else f"U{number}")
                await dispatch.take_silently(replace(one, kind=what, request=by))
            else:
                await (dispatch.take_form if what == "form" else dispatch.take)(one, nothing)
        await dispatch.take(asked("b", DEE, "page-owner"), nothing)
        async with asyncio.timeout(20):
            while "b" not in slow.begun:  # noqa: ASYNC110 - it is a value, and no event
                await asyncio.sleep(0.01)
        assert len(slow.begun) < AT_ONCE
        await dispatch.stop()


async def nothing(**_: Any) -> None:
    """Acknowledge."""


async def test_a_page_leaves_its_place_before_it_is_answered(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Slack hangs over the answers to pages, the next page begins all the same."""
    answered, go_on = 0, asyncio.Event()

    async def give(*_: Any) -> None:
        nonlocal answered
        answered += 1
        if answered == 2 * AT_ONCE:
            go_on.set()
        await go_on.wait()

    monkeypatch.setattr(Answers, "give", give)
    async with slack_server() as (_, slack):
        dispatch = Dispatch(town.world, Answers(town.world, slack), Redactor(), "T1", "Acme")
        for number in range(2 * AT_ONCE):
            await dispatch.take(asked(f"a{number}", ANN, "page-owner"), nothing)
        async with asyncio.timeout(30):
            await go_on.wait()
            while dispatch.work._tasks:
                await asyncio.gather(*dispatch.work._tasks)
        await dispatch.stop()
