"""A registry that fails for a moment costs no check: neither its work, nor its end, nor hours of waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from checks import runner
from checks.interview import Stage
from checks.runner import Progress
from commands import check_hold, run_check, tell_checked
from commands.start_check import HOLD
from storage import check_line, check_requests, processes
from storage.database import Unavailable
from storage.model import CheckRequest, Process
from tests.commands.repository import Repository
from tests.world import ANN, APPS, Town

Act = Callable[..., Awaitable[Any]]
_PATIENCE_S = 20.0  # with what would otherwise be waited for without end


async def promised(town: Town, repository: Repository) -> str:
    """Have Ann ask for a check of an address, while the process p1 lives, and give its id."""
    now = town.clock.now()
    async with town.world.database.write() as transaction:
        await processes.start(transaction, Process("p1", "worker", "here", 1, "1", now, now))
    answer = await town.ask(ANN, "check-app", str(repository))
    return str(answer.request.id)


async def again(town: Town, repository: Repository) -> str:
    """Have Ann ask once more."""
    return str((await town.ask(ANN, "check-app", str(repository))).request.id)


async def make(town: Town, by: str = "p1") -> None:
    """Have the process *by* make the check whose turn it is."""
    await town.ask("clock", "run-check", by=by)


async def row(town: Town, request_id: str) -> CheckRequest:
    """Return the check as it stands."""
    async with town.world.database.read() as transaction:
        found = await check_requests.get(transaction, request_id)
    assert found is not None
    return found


def failing_once(real: Act, error: Exception, *, done: bool = False) -> Act:
    """Give *real* so that its first call raises *error*, where *done* after it was done."""
    errors = [error]

    async def act(*given: Any, **named: Any) -> Any:
        if done and errors:
            await real(*given, **named)
        if errors:
            raise errors.pop()
        return await real(*given, **named)

    return act


async def test_an_end_that_the_registry_did_not_take_is_written_again(
    town: Town, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What took minutes is not made anew, whether the end was not written or only its answer was lost."""
    monkeypatch.setattr(run_check, "_PAUSE_S", 0.0)
    for done in (False, True):
        request_id = await promised(town, repository) if not done else await again(town, repository)
        tell = failing_once(tell_checked.tell_checked, Unavailable("the connection was lost"), done=done)
        monkeypatch.setattr(run_check, "tell_checked", tell)
        await make(town)
        found = await row(town, request_id)
        assert (found.done_at is not None, found.attempts) == (True, 1)
    await town.deliver()
    assert len(town.verdicts(APPS)) == 2


async def test_an_end_that_fails_otherwise_lets_the_check_go(
    town: Town, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process lives and is at it no more: whoever comes next makes it, at once."""
    request_id = await promised(town, repository)
    monkeypatch.setattr(run_check, "tell_checked", failing_once(tell_checked.tell_checked, OSError("a fault of ours")))
    with pytest.raises(OSError, match="a fault of ours"):
        await make(town)
    await make(town, by="p2")
    found = await row(town, request_id)
    assert (found.done_at is not None, found.attempts) == (True, 2)


async def test_a_claim_whose_answer_was_lost_is_taken_up_by_its_process(
    town: Town, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row says that this process holds it, and it does not know: its next turn makes it."""
    request_id = await promised(town, repository)
    claim = failing_once(run_check._claim, Unavailable("the connection was lost"), done=True)
    monkeypatch.setattr(run_check, "_claim", claim)
    with pytest.raises(Unavailable):
        await make(town)
    assert (await row(town, request_id)).held_by == "p1"
    await make(town, by="p2")
    assert (await row(town, request_id)).done_at is None, "nobody else can know that p1 does not make it"
    await make(town)
    assert (await row(town, request_id)).done_at is not None


async def test_what_a_process_is_at_it_does_not_take_up_again(
    town: Town, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another turn of the same process, while it makes the one check there is, finds none."""
    request_id = await promised(town, repository)
    begun, may_end = asyncio.Event(), asyncio.Event()
    check = runner.check_repository

    async def slow(*given: Any, **named: Any) -> Any:
        begun.set()
        await may_end.wait()
        return await check(*given, **named)

    monkeypatch.setattr(run_check, "check_repository", slow)
    first = asyncio.create_task(make(town))
    await begun.wait()
    async with asyncio.timeout(_PATIENCE_S):
        await make(town)
    assert (await row(town, request_id)).attempts == 1
    may_end.set()
    await first
    assert (await row(town, request_id)).done_at is not None


async def test_a_hold_and_a_step_that_could_not_be_written_are_the_next_time(
    town: Town, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither ends the check, nor the telling of its later steps."""
    request_id = await promised(town, repository)
    now = town.clock.now()
    async with town.world.database.write() as transaction:
        wanted = await check_line.claim_next(transaction, "p1", now, now + HOLD)
    assert wanted is not None
    monkeypatch.setattr(check_hold, "_EXTEND_S", 0.0)
    monkeypatch.setattr(check_hold, "_PACE_S", 0.0)
    town.clock.time += timedelta(seconds=20)
    held = asyncio.Event()
    told: list[CheckRequest] = []
    keep_hold = failing_once(check_requests.keep_hold, OSError("the database restarts"))
    place_of = tell_checked.place_of

    async def keep(*given: Any) -> bool:
        kept = await keep_hold(*given)
        held.set()
        return bool(kept)

    def place(one: CheckRequest) -> Any:
        told.append(one)
        if len(told) == 1:
            raise OSError("the database restarts")
        return place_of(one)

    monkeypatch.setattr(check_requests, "keep_hold", keep)
    monkeypatch.setattr(check_hold, "place_of", place)
    async with asyncio.timeout(_PATIENCE_S), check_hold.held(town.world, wanted, None) as telling:
        while len(told) < 2:
            telling(Progress(Stage.FETCHING, len(told), 9))
            await asyncio.sleep(0)
        await held.wait()
    extended = (await row(town, request_id)).held_until
    assert extended is not None
    assert extended >= now + timedelta(seconds=20)
