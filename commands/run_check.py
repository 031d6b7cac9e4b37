"""
Makes one more check that was promised, the one whose turn it is, and says what came of it.

The row of the request is held while the check runs, and extended; when the process that makes it dies, another takes it
up as soon as that is seen, and at the latest when the hold runs out. Report, regression, verdict and card are one
transaction with the end of the request, which only one of two can bring about.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from checks.gather.git import Hidden
from checks.gather.remote import ls_remote
from checks.gather.target import Target
from checks.model import CheckError, Context, Report
from checks.runner import Progress, check_repository
from commands import check_steps
from commands.cards import context_of
from commands.command import Command, Request
from commands.news import CheckProgress, CheckRefused
from commands.people import clock_only
from commands.private_code import sentence
from commands.probe_rights import live_of
from commands.start_check import HOLD
from commands.targets import target_of
from commands.tell_checked import aimed, place_of, tell_checked, tell_refused
from commands.world import World
from storage import apps, check_line, check_requests, owners
from storage.model import App, CheckRequest, Owner

_log = logging.getLogger(__name__)
_EXTEND_S = HOLD.total_seconds() / 3
_PACE_S = 1.0  # one edit a second is what Slack takes
_ATTEMPTS = 3


async def run(request: Request, world: World) -> None:
    """Make the check that is next in the line, for the process that *request* names under "by"; none may be."""
    clock_only(request)
    while not await _make(world, request.fields.get("by", "")):
        pass  # its app was given another repository, or other rights, while it was read


async def _make(world: World, holder: str) -> bool:
    """Make one check; return False where what came of it holds for the app no more, so that it waits again."""
    now = world.clock.now()
    async with world.database.write() as transaction:
        wanted = await check_line.claim_next(transaction, holder, now, now + HOLD)
        if wanted is None:
            return True
        app = await apps.get(transaction, wanted.app_id) if wanted.app_id else None
        if app is not None and aimed(wanted, app, world) != wanted:
            wanted = replace(aimed(wanted, app, world), attempts=1)
            await check_requests.aim(transaction, wanted)
        named = await owners.of_app(transaction, app.id) if app else ()
    check_steps.say(check_steps.BEGUN)
    # A check that the clock asked for goes by an id of its own.
    with structlog.contextvars.bound_contextvars(request_id=wanted.request_id or wanted.id):
        return await _made(world, wanted, app, named)


async def _made(world: World, wanted: CheckRequest, app: App | None, named: Sequence[Owner]) -> bool:
    """Make the check *wanted*, of which *named* answer for its app, and tell what came of it, as `_make` does."""
    name = app.name if app else wanted.repository
    if wanted.attempts > _ATTEMPTS:
        reason = f"It was begun {_ATTEMPTS} times and never came to an end. Whoever runs the bot finds why in its log."
        return await tell_refused(world, wanted, CheckRefused(name, reason, app, wanted.repository))
    try:
        report, is_private = await _check(world, wanted, app, context_of(app, named) if app else Context())
    except CheckError as error:
        reason = sentence(error, wanted.repository, world, with_token=wanted.with_token)
        news = CheckRefused(name, reason, app, wanted.repository)
        check_steps.say(check_steps.REFUSED)
        return await tell_refused(world, wanted, news, is_hidden=isinstance(error, Hidden))
    except asyncio.CancelledError:  # the bot is being stopped: whoever comes next begins it again without waiting
        await _released(world, wanted, begun=False)
        raise
    except Exception:
        while not await _released(world, wanted, begun=True):  # noqa: ASYNC110 - nothing tells that the database is back
            await asyncio.sleep(_PACE_S)
        raise
    return await tell_checked(world, wanted, report, is_private=is_private)


async def _released(world: World, wanted: CheckRequest, *, begun: bool) -> bool:
    """Let others make the check; False where the database is away."""
    try:
        async with world.database.write() as transaction:
            await check_requests.release(transaction, wanted, begun=begun)
    except Exception as error:  # noqa: BLE001 - each database has errors of its own
        _log.warning("a check could not be let go: %s", type(error).__name__)
        return False
    return True


async def _check(world: World, wanted: CheckRequest, app: App | None, context: Context) -> tuple[Report, bool]:
    engine = world.house.engine
    target = target_of(wanted.repository, world)
    with_token = wanted.with_token and engine.token is not None
    async with _held(world, wanted, app) as telling:
        live = live_of(wanted)
        report = await check_repository(target, context, engine, telling, with_token=with_token, live=live)
    # Every time in the registry is of one clock, else ages are wrong.
    report = replace(report, checked_at=world.clock.now())
    return report, with_token and not await _is_public(target, world)


async def _is_public(target: Target, world: World) -> bool:
    """Whether the code can be read without the bot's own access; where that cannot be found out it counts as not."""
    if target.address is None:
        return True
    try:
        await ls_remote(target.address, world.house.engine)
    except CheckError:
        return False
    return True


class _Telling:
    """Takes every step of a check, and tells the newest at most once a second."""

    def __init__(self) -> None:
        self.newest: Progress | None = None
        self.changed = asyncio.Event()

    def __call__(self, progress: Progress) -> None:
        if self.newest is None or progress.stage is not self.newest.stage:
            check_steps.say(progress.stage.value)
        self.newest = progress
        self.changed.set()


@asynccontextmanager
async def _held(world: World, wanted: CheckRequest, app: App | None) -> AsyncIterator[_Telling]:
    """Hold the request and tell how far its check is, until the context is left."""
    telling = _Telling()
    tasks = [asyncio.create_task(_hold(world, wanted))]
    if wanted.asked_by is not None:
        tasks.append(asyncio.create_task(_tell(world, wanted, app, telling)))
    try:
        yield telling
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _hold(world: World, wanted: CheckRequest) -> None:
    holder = wanted.held_by or ""
    while True:
        await asyncio.sleep(_EXTEND_S)
        async with world.database.write() as transaction:
            held = await check_requests.keep_hold(transaction, wanted.id, holder, world.clock.now() + HOLD)
        if not held:
            return  # this process was taken for dead, and another makes it: whoever ends first is heard


async def _tell(world: World, wanted: CheckRequest, app: App | None, telling: _Telling) -> None:
    name = app.name if app else wanted.repository
    while True:
        await telling.changed.wait()
        telling.changed.clear()
        progress = telling.newest
        assert progress is not None
        news = CheckProgress(name, progress.stage.value, progress.done, progress.total)
        async with world.database.write() as transaction:
            await world.messenger.post(transaction, place_of(wanted), news, key=f"check:{wanted.id}")
        await asyncio.sleep(_PACE_S)


command = Command("run-check", run)
