"""
Promises a check: a row before the answer, and the work apart from it. One check at a time for each app.

What is promised is bounded: nobody may fill the line for others, and nobody is promised what takes hours. Whoever has
to wait is told the place in the line.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from commands.command import Refused, Request
from commands.news import CheckStarted
from commands.probe_rights import aimed_at
from commands.world import World
from storage import apps, check_line, check_requests, processes
from storage.database import Transaction
from storage.model import App, CheckRequest

#: For how long a check is held by whoever makes it; they extend it every third of that.
HOLD = timedelta(seconds=30)
#: How many checks may wait: of one person, and of all people. What the clock asks for waits behind them, and as many.
MOST_OF_ONE, MOST = 5, 500
_IN_PRIVATE = "in a direct message"


@dataclass(frozen=True, slots=True)
class Promise:
    """A check that will be made, and whether it was *joined*: one of the same app was under way."""

    request: CheckRequest
    joined: bool = False


async def promise_for_app(
    transaction: Transaction, world: World, app: App, asked: Request | None, *, bounded: bool = False
) -> Promise:
    """
    Promise a check of *app*, asked for by a person, or by the clock (None). The caller starts it when committed.

    An app has one check at a time. With *bounded*, raises Refused where too many wait already; what belongs to another
    act is never refused for that.
    """
    await apps.lock(transaction, app.id)
    request_id = secrets.token_hex(8) if asked is None else asked.id_of(f"check {app.id}")
    made = await check_requests.get(transaction, request_id)
    if made is not None:
        return Promise(made)
    running = await check_requests.running_for(transaction, app.id)
    if running is not None:
        if asked is None or running.asked_by is not None:
            return Promise(running, joined=True)
        # The clock asked first and would say nothing; now somebody waits for the answer.
        await check_requests.ask_too(transaction, running.id, asked.person, asked.channel, asked.thread)
        return Promise(await _get(transaction, running.id), joined=True)
    if bounded and asked is not None:
        await _refuse_too_many(transaction, world, asked.person)
    blank = _blank(request_id, world, asked, app.repository, with_token=app.reads_private)
    request = aimed_at(replace(blank, app_id=app.id), app, world)
    await check_requests.add(transaction, request)
    return Promise(request)


async def promise_for_address(
    transaction: Transaction, world: World, repository: str, asked: Request, *, with_token: bool
) -> tuple[Promise, bool]:
    """
    Promise a check of an address that nobody registered; False where the same request has promised it before.

    Raises Refused where too many checks wait already.
    """
    request_id = asked.id_of("check")
    made = await check_requests.get(transaction, request_id)
    if made is not None:
        return Promise(made), False
    await _refuse_too_many(transaction, world, asked.person)
    request = _blank(request_id, world, asked, repository, with_token=with_token)
    await check_requests.add(transaction, request)
    return Promise(request), True


async def answerable(request: Request, world: World) -> Request:
    """Return *request* without its place where the bot may not speak there: the answer then is a direct message."""
    if request.channel is None or await world.directory.is_member(request.channel):
        return request
    return replace(request, channel=None, thread=None, message=None)


async def start(world: World, promise: Promise) -> None:
    """Have a promised check begin; it must be committed."""
    await world.jobs.start("run-check", turn_of(promise.request))


def turn_of(request: CheckRequest) -> str:
    """Return what names this attempt at a check: after one that was cut off there is another to be made."""
    began = request.begun_at
    return f"{request.id}:{0 if began is None else round(began.timestamp() * 1000)}"


async def started(world: World, promise: Promise, name: str, app: App | None) -> CheckStarted:
    """Return the answer to whoever asked for the check."""
    place = promise.request.channel or ""
    where = "here, where everybody sees it" if place.startswith(("C", "G")) else "here" if place else _IN_PRIVATE
    async with world.database.read() as transaction:
        in_line = await check_line.place_of(transaction, promise.request.id, world.clock.now())
        working = [one for one in await processes.running(transaction) if one.role != "bot"]
    if app is not None:
        channel = app.thread_channel or app.channel or world.house.reliability_channel
        where = f"in the thread of {app.name} in <#{channel}>"
    if promise.joined:
        where += f", from the check of it that {'runs already' if in_line is None else 'waits for its turn'}"
    hands = world.house.checks_at_once * max(1, len(working))
    return CheckStarted(promise.request, name, where, *_until_its_turn(in_line, hands))


def _until_its_turn(place: check_line.Place | None, hands: int) -> tuple[int, timedelta | None]:
    """Return the place in the line and about how long it takes until its turn; 0 where its turn is now."""
    before = 0 if place is None else place.ahead + place.running
    if place is None or before < hands:
        return 0, None
    rounds = before // hands  # the checks of a round end together, more or less
    return before - hands + 1, None if place.usual is None else rounds * place.usual


async def _refuse_too_many(transaction: Transaction, world: World, person: str) -> None:
    now = world.clock.now()
    if await check_line.waiting(transaction, now, person) >= MOST_OF_ONE:
        raise Refused(f"{MOST_OF_ONE} checks that you asked for wait already. Ask again when one of them is done.")
    if await check_line.waiting(transaction, now) >= MOST:
        raise Refused(f"{MOST} checks wait already, so yours would take hours. Please ask again later.")


def _blank(request_id: str, world: World, asked: Request | None, repository: str, *, with_token: bool) -> CheckRequest:
    return CheckRequest(
        id=request_id,
        repository=repository,
        asked_by=asked.person if asked else None,
        asked_at=world.clock.now(),
        channel=asked.channel if asked else None,
        thread=asked.thread if asked else None,
        with_token=with_token,
    )


async def _get(transaction: Transaction, request_id: str) -> CheckRequest:
    request = await check_requests.get(transaction, request_id)
    assert request is not None
    return request
