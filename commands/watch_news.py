"""A repository that cannot be looked at any more, and one that can again: told once each, in the app's thread."""

from __future__ import annotations

from commands.cards import post_card
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
    version = await keep_trouble(transaction, world, app, reason)
    if version is None:
        return
    rest = "Until then its verdict rests on the last look." if app.report_id else "Until then it has no verdict."
    news = CheckRefused(app.name, f"{reason} {rest}", app, app.repository, asked_in)
    await world.messenger.post(transaction, Destination(app_id=app.id), news, key=_key(app, version))
    await post_card(transaction, world, app.id)


async def keep_trouble(transaction: Transaction, world: World, app: App, reason: str) -> int | None:
    """Keep that the app's repository cannot be seen; return its number, or None where it is no new trouble."""
    watch = await apps.watch_of(transaction, app.id)
    if watch.trouble:
        await apps.change_watch(transaction, app.id, trouble=reason)
        return None
    version = watch.version + 1
    await apps.change_watch(transaction, app.id, trouble=reason, trouble_since=world.clock.now(), version=version)
    return version


async def clear_trouble(transaction: Transaction, world: World, app: App) -> bool:
    """Keep that the app's repository can be seen, and say so in its thread; False where there was no trouble."""
    watch = await apps.watch_of(transaction, app.id)
    if not watch.trouble:
        return False
    await apps.change_watch(transaction, app.id, trouble="", trouble_since=None)
    since = f" It could not since {clock_time(watch.trouble_since, world.clock.now())}." if watch.trouble_since else ""
    news = Said(f"The repository of {app.name} can be read again.{since}")
    await world.messenger.post(transaction, Destination(app_id=app.id), news, key=_key(app, watch.version))
    return True


def _key(app: App, version: int) -> str:
    return f"sight:{app.id}:{version}"
