"""Checks wait in a line that is bounded and fair, and whoever waits is told the place in it."""

from datetime import timedelta

import pytest

from bot.views import progress
from commands import start_check
from commands.command import Refused
from commands.news import CheckStarted
from storage import check_line, check_requests
from storage.model import CheckRequest
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, MONDAY, Town

HOLD = start_check.HOLD


async def ask(town: Town, person: str, repository: Repository, many: int = 1) -> CheckStarted:
    """Have *person* ask for checks of an address, and give the last answer."""
    for _ in range(many):
        town.clock.time += timedelta(seconds=1)
        answer = await town.ask(person, "check-app", str(repository))
    assert isinstance(answer, CheckStarted)
    return answer


async def test_whoever_waits_is_told_the_place(town: Town, repository: Repository) -> None:
    """Two are made at once and each takes two minutes; whoever asked for less stands before who asked for more."""
    async with town.world.database.write() as transaction:
        then = town.clock.now()
        done = CheckRequest("done", "x", CY, then, begun_at=then, done_at=then + timedelta(minutes=2))
        await check_requests.add(transaction, done)
    answers = [await ask(town, ANN, repository) for _ in range(5)]
    assert [one.place for one in answers] == [0, 0, 1, 2, 3]
    assert [one.wait and one.wait / timedelta(minutes=1) for one in answers] == [None, None, 2, 2, 4]
    assert (await ask(town, BO, repository)).place == 0, "next to one of Ann's five"
    async with town.world.database.write() as transaction:
        for _ in range(2):
            assert await check_line.claim_next(transaction, "", town.clock.now(), town.clock.now() + HOLD)
    answer = await ask(town, CY, repository)
    assert (answer.place, answer.wait) == (1, timedelta(minutes=2))


def test_the_place_is_said_in_words() -> None:
    """Such that they stay true: nobody edits that answer."""
    request = CheckRequest("q", "x", ANN, MONDAY)
    said = progress.started(CheckStarted(request, "billing", "here", 3, timedelta(minutes=4))).blocks
    assert "Others wait too: it was 3rd in line then, about 4 minutes from its turn." in str(said)
    assert "in line" not in str(progress.started(CheckStarted(request, "billing", "here")).blocks)


async def test_nobody_fills_the_line(town: Town, repository: Repository) -> None:
    """A sixth check that would wait is refused, in words; another person's is not, and what is done counts no more."""
    first = await ask(town, ANN, repository)
    await ask(town, ANN, repository, 4)
    with pytest.raises(
        Refused, match=r"5 checks that you asked for wait already\. Ask again when one of them is done\."
    ):
        await ask(town, ANN, repository)
    await ask(town, BO, repository)
    async with town.world.database.write() as transaction:
        assert await check_requests.finish(transaction, first.request.id, town.clock.now())
    await ask(town, ANN, repository)


async def test_the_line_is_bounded(town: Town, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a length nobody is promised a check that would take hours, however few they asked for."""
    monkeypatch.setattr(start_check, "MOST", 3)
    await ask(town, ANN, repository, 2)
    await ask(town, BO, repository)
    with pytest.raises(Refused, match="3 checks wait already, so yours would take hours"):
        await ask(town, CY, repository)


async def test_to_register_is_never_refused_for_that(town: Town, repository: Repository) -> None:
    """A new app is checked whoever waits: the check belongs to another act."""
    await ask(town, ANN, repository, 5)
    await town.ask(ANN, "register-app", f"billing {repository} --channel #apps")
    async with town.world.database.read() as transaction:
        assert await check_line.waiting(transaction, town.clock.now(), ANN) == 6


async def test_a_job_that_was_lost_is_started_again(town: Town, repository: Repository) -> None:
    """Whatever became of it: the row of the promise has the clock start another, and only one a few minutes."""
    answer = await ask(town, ANN, repository)
    town.jobs.waiting.clear()
    for minutes, jobs in ((0, 1), (1, 0), (10, 1), (10, 1)):
        town.clock.time += timedelta(minutes=minutes)
        before = set(town.jobs.waiting)
        await town.ask("clock", "recheck-apps")
        assert len(set(town.jobs.waiting) - before) == jobs
    assert all(one.startswith(f"{answer.request.id}:0") for _, one in town.jobs.waiting)
