"""
The clock's order to look at the apps whose turn it is: what changed is checked at once, everything else at least daily.

Looking is one `git ls-remote`; each app has its turn at another moment.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from checks.gather.git import Hidden
from checks.gather.local_git import git_folder, head
from checks.gather.remote import ls_remote
from checks.model import CheckError
from commands.cards import post_card
from commands.command import Command, Request
from commands.people import clock_only
from commands.private_code import ask_admins, sentence
from commands.start_check import MOST, promise_for_app, start
from commands.targets import target_of
from commands.watch_news import clear_trouble, tell_trouble
from commands.world import World
from storage import apps, check_line, reports
from storage.model import App, Watch

_AT_ONCE = 8  # questions to code hosts
_MOST = 200  # apps in one round; the next follows within seconds


async def run(request: Request, world: World) -> None:
    """Look at every app whose turn it is, and promise the checks that follow from it."""
    clock_only(request)
    now = world.clock.now()
    turn = asyncio.Semaphore(_AT_ONCE)

    async def take_turn(app: App, watch: Watch) -> None:
        async with turn:
            await _look(world, app, watch, now)

    await asyncio.gather(*(take_turn(app, watch) for app, watch in await _due(world, now)))


async def _due(world: World, now: datetime) -> list[tuple[App, Watch]]:
    """Return the apps whose turn it is, with their next turn set."""
    async with world.database.read() as transaction:
        due = await apps.next_watch(transaction)
    if due is None or due > now:
        return []
    found = []
    async with world.database.write() as transaction:
        for watch in await apps.due_watches(transaction, now, _MOST):
            app = await apps.get(transaction, watch.app_id)
            assert app is not None
            found.append((app, watch))
            # From its own turn on, so that turns stay spread out; from now where the bot was away for long.
            due_at = watch.due_at + world.house.look_every
            await apps.change_watch(
                transaction, app.id, due_at=due_at if due_at > now else now + world.house.look_every
            )
    return found


async def _look(world: World, app: App, watch: Watch, now: datetime) -> None:
    try:
        revision = await _revision(app, world)
    except CheckError as error:
        reason = sentence(error, app.repository, world, with_token=app.reads_private)
        async with world.database.write() as transaction:
            asked_in = await ask_admins(transaction, world, app) if isinstance(error, Hidden) else None
            await tell_trouble(transaction, world, app, reason, asked_in)
        return
    async with world.database.write() as transaction:
        checked = (await reports.verdicts(transaction, [app.report_id or ""])).get(app.report_id or "")
        is_old = checked is None or now - checked[0] >= world.house.check_every
        if revision == watch.revision and not is_old:
            if await clear_trouble(transaction, world, app):
                await post_card(transaction, world, app.id)
            return
        if await check_line.waiting(transaction, now, clock=True) >= MOST:
            return  # its next turn sees the same change
        promise = await promise_for_app(transaction, world, app, None)
    if not promise.joined:
        await start(world, promise)


async def _revision(app: App, world: World) -> str | None:
    """Return the commit at the app's HEAD now, None for a plain folder; raises CheckError with a sentence."""
    engine = world.house.engine
    target = target_of(app.repository, world)
    if target.address is not None:
        return (await ls_remote(target.address, engine, with_token=app.reads_private)).revision
    assert target.folder is not None
    folder = git_folder(target.folder)
    return None if folder is None else await head(folder)


command = Command("look-at-apps", run)
