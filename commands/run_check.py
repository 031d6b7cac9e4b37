"""
Makes one more check that was promised, the one whose turn it is, and says what came of it.

The row of the request is held while the check runs, and extended; when the process that makes it dies, another takes it
up as soon as that is seen (storage/check_line.py). What a living process holds without being at it, since the answer to
a commit was lost, it takes up itself. Report, regression, verdict and card are one transaction with the end of the
request, which only one of two can bring about.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import structlog

from checks.gather.git import Hidden
from checks.gather.remote import ls_remote
from checks.gather.target import Target
from checks.model import CheckError, Context, Report
from checks.runner import check_repository
from commands import check_steps
from commands.cards import context_of
from commands.check_hold import held
from commands.command import Command, Request
from commands.news import CheckRefused
from commands.people import clock_only
from commands.private_code import sentence
from commands.probe_rights import live_of
from commands.start_check import HOLD
from commands.targets import target_of
from commands.tell_checked import aimed, tell_checked, tell_refused
from commands.world import World
from storage import apps, check_line, check_requests, owners
from storage.database import Database
from storage.errors import Unavailable, in_words
from storage.model import App, CheckRequest, Owner

_log = logging.getLogger(__name__)
_PAUSE_S = 1.0  # before the registry is written to again that did not take it
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Hands:
    """The ids of the checks that this process is *at*; one claims at a time, until its check is among them."""

    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: set[str] = field(default_factory=set)


_HANDS: WeakKeyDictionary[Database, _Hands] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A check to be made, of *app* where it is one's, for which *named* answer."""

    wanted: CheckRequest
    app: App | None
    named: Sequence[Owner]


async def run(request: Request, world: World) -> None:
    """Make the check that is next in the line, for the process that *request* names under "by"; none may be."""
    clock_only(request)
    while not await _make(world, request.fields.get("by", "")):
        pass  # its app was given another repository, or other rights, while it was read


async def _make(world: World, holder: str) -> bool:
    """Make one check; return False where what came of it holds for the app no more, so that it waits again."""
    hands = _HANDS.setdefault(world.database, _Hands())
    async with hands.claiming:
        claimed = await _claim(world, holder, hands.at)
        if claimed is None:
            return True
        hands.at.add(claimed.wanted.id)
    check_steps.say(check_steps.BEGUN)
    wanted = claimed.wanted
    try:
        # A check that the clock asked for goes by an id of its own.
        with structlog.contextvars.bound_contextvars(request_id=wanted.request_id or wanted.id):
            return await _made_or_left(world, claimed)
    finally:
        hands.at.discard(wanted.id)


async def _claim(world: World, holder: str, at: Collection[str]) -> _Claimed | None:
    """Hold the check that is next, aimed at what its app has now; None where none waits."""
    now = world.clock.now()
    async with world.database.write() as transaction:
        wanted = await check_line.claim_next(transaction, holder, now, now + HOLD, at=at)
        if wanted is None:
            return None
        app = await apps.get(transaction, wanted.app_id) if wanted.app_id else None
        if app is not None and aimed(wanted, app, world) != wanted:
            wanted = replace(aimed(wanted, app, world), attempts=1)
            await check_requests.aim(transaction, wanted)
        return _Claimed(wanted, app, await owners.of_app(transaction, app.id) if app else ())


async def _made_or_left(world: World, claimed: _Claimed) -> bool:
    """Make the check and tell what came of it, as `_make` does; where that fails let others make it."""
    try:
        return await _made(world, claimed)
    except asyncio.CancelledError:  # the bot is being stopped: whoever comes next begins it again without waiting
        check_steps.say(check_steps.FAILED)
        await _released(world, claimed.wanted, begun=False)
        raise
    except Exception:
        check_steps.say(check_steps.FAILED)
        while not await _released(world, claimed.wanted, begun=True):  # noqa: ASYNC110 - nothing tells that the database is back
            await asyncio.sleep(_PAUSE_S)
        raise


async def _made(world: World, claimed: _Claimed) -> bool:
    wanted, app = claimed.wanted, claimed.app
    name = app.name if app else wanted.repository
    if wanted.attempts > _ATTEMPTS:
        reason = f"It was begun {_ATTEMPTS} times and never came to an end. Whoever runs the bot finds why in its log."
        return await _ended(world, wanted, CheckRefused(name, reason, app, wanted.repository))
    try:
        target = target_of(wanted.repository, world)
    except CheckError as error:  # registered where folders or other hosts may be read
        news = CheckRefused(name, str(error), app, wanted.repository)
        if app:
            reason = f"Its address is {wanted.repository[:200]}. {error}"
            news = replace(news, reason=reason, mend=f"/register-app {app.name}")
        return await _ended(world, wanted, news)
    context = context_of(app, claimed.named) if app else Context()
    try:
        report, is_private = await _check(world, wanted, app, target, context)
    except CheckError as error:
        reason = sentence(error, wanted.repository, world, with_token=wanted.with_token)
        news = CheckRefused(name, reason, app, wanted.repository)
        return await _ended(world, wanted, news, is_hidden=isinstance(error, Hidden))
    return await _ended(world, wanted, report, is_private=is_private)


async def _ended(
    world: World,
    wanted: CheckRequest,
    came: Report | CheckRefused,
    *,
    is_private: bool = False,
    is_hidden: bool = False,
) -> bool:
    """Tell what *came* of the check as soon as the registry takes it: what took minutes is not thrown away for that."""
    check_steps.say(check_steps.DONE if isinstance(came, Report) else check_steps.REFUSED)
    while True:
        try:
            if isinstance(came, Report):
                return await tell_checked(world, wanted, came, is_private=is_private)
            return await tell_refused(world, wanted, came, is_hidden=is_hidden)
        except Unavailable as error:  # an end that was written all the same is not written twice
            _log.warning("the end of a check waits for the registry: %s", error)
        await asyncio.sleep(_PAUSE_S)


async def _released(world: World, wanted: CheckRequest, *, begun: bool) -> bool:
    """Let others make the check; False where the database is away."""
    try:
        async with world.database.write() as transaction:
            await check_requests.release(transaction, wanted, begun=begun)
    except Exception as error:  # noqa: BLE001 - each database has errors of its own
        _log.warning("a check could not be let go: %s", in_words(error))
        return False
    return True


async def _check(
    world: World, wanted: CheckRequest, app: App | None, target: Target, context: Context
) -> tuple[Report, bool]:
    engine = world.house.engine
    with_token = wanted.with_token and engine.token is not None
    async with held(world, wanted, app) as telling:
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


command = Command("run-check", run)
