"""A repository that cannot be looked at any more, and one that can again: told once each, in the app's thread."""

from __future__ import annotations

from commands.moments import clock_time
from commands.news import CheckRefused, Said
from commands.world import World
from storage import apps
from storage.database import Transaction
from storage.model import App, Destination


async def tell_trouble(
    transaction: Transaction, world: World, app: App, reason: str, asked_in: str | None = None
) -> None:
    """
    Keep that the app's repository cannot be seen, and tell it unless that was told already.

    *asked_in* is the channel where an admin is asked to let the bot read it.
    """
    watch = await apps.watch_of(transaction, app.id)
    if watch.trouble:
        await apps.change_watch(transaction, app.id, trouble=reason)
        return
    version = watch.version + 1
    await apps.change_watch(transaction, app.id, trouble=reason, trouble_since=world.clock.now(), version=version)
    reason = f"{reason} Until then its verdict rests on the last look."
    news = CheckRefused(app.name, reason, app, app.repository, asked_in)
    await world.messenger.post(transaction, Destination(app_id=app.id), news, key=_key(app, version))


async def clear_trouble(transaction: Transaction, world: World, app: App) -> None:
    """Keep that the app's repository can be seen, and say so where the trouble was told."""
    watch = await apps.watch_of(transaction, app.id)
    if not watch.trouble:
        return
    await apps.change_watch(transaction, app.id, trouble="", trouble_since=None)
    since = f" It could not since {clock_time(watch.trouble_since, world.clock.now())}." if watch.trouble_since else ""
    news = Said(f"The repository of {app.name} can be read again.{since}")
    await world.messenger.post(transaction, Destination(app_id=app.id), news, key=_key(app, watch.version))


def _key(app: App, version: int) -> str:
    return f"sight:{app.id}:{version}"
