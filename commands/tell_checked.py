"""Ends a check that was promised: keeps its report and tells it where it was asked for, all in one transaction."""

from __future__ import annotations

from dataclasses import replace

from checks import policy
from checks.model import Report
from checks.verdict import judge
from commands.cards import context_of, post_card
from commands.follow_regression import follow
from commands.news import Checked, CheckRefused
from commands.reading_rights import responsible
from commands.start_check import Promise, promise_for_app, start
from commands.watch_news import clear_trouble, tell_trouble
from commands.world import World
from storage import apps, check_requests, owners, reports
from storage.database import Transaction
from storage.model import App, CheckRequest, Destination
from storage.reports import Saved


def place_of(wanted: CheckRequest) -> Destination:
    """Return where the outcome of a check is told: an app's in its thread, an address's where it was asked for."""
    if wanted.app_id is not None:
        return Destination(app_id=wanted.app_id)
    if wanted.channel is None:
        return Destination(person=wanted.asked_by)
    return Destination(channel=wanted.channel, thread=wanted.thread)


async def tell_checked(world: World, wanted: CheckRequest, report: Report, *, is_private: bool) -> None:
    """Keep *report* under the id of the request, and tell the verdict, what got worse, and the card."""
    again: Promise | None = None
    async with world.database.write() as transaction:
        # Only now, since somebody may have asked for it while it ran.
        fresh = await check_requests.get(transaction, wanted.id)
        if fresh is None or not await check_requests.finish(transaction, wanted.id, world.clock.now()):
            return
        app = await apps.get(transaction, wanted.app_id) if wanted.app_id else None
        saved = Saved(wanted.id, wanted.app_id, is_private, report)
        if app is None:
            await _tell_address(transaction, world, fresh, saved)
        elif app.repository == wanted.repository:
            await _tell_app(transaction, world, fresh, app, saved)
        else:
            # The app was given another repository while this one was read.
            again = await promise_for_app(transaction, world, app, None)
    if again is not None:
        await start(world, again)


async def tell_refused(world: World, wanted: CheckRequest, news: CheckRefused) -> None:
    """End a check that could not be made; what only the clock asked for is trouble with the app's repository."""
    async with world.database.write() as transaction:
        fresh = await check_requests.get(transaction, wanted.id)
        if fresh is None or not await check_requests.finish(transaction, wanted.id, world.clock.now()):
            return
        if fresh.asked_by is None:
            assert news.app is not None
            await tell_trouble(transaction, world, news.app, news.reason)
            return
        for to in _places(fresh, news.app):
            await world.messenger.post(transaction, to, news, key=f"check:{wanted.id}")


async def _tell_address(transaction: Transaction, world: World, wanted: CheckRequest, saved: Saved) -> None:
    await reports.save(transaction, saved.id, None, saved.report, is_private=saved.is_private)
    news = Checked(wanted.repository, saved.id, saved.report, None, wanted.asked_by, hide_findings=saved.is_private)
    key, to = f"check:{saved.id}", place_of(wanted)
    await world.messenger.post(transaction, to, news, key=key)
    if saved.is_private:  # only an admin can have asked
        whole = replace(news, hide_findings=False)
        await world.messenger.post(transaction, Destination(person=wanted.asked_by), whole, key=key)


async def _tell_app(transaction: Transaction, world: World, wanted: CheckRequest, app: App, saved: Saved) -> None:
    named = await owners.of_app(transaction, app.id)
    context = context_of(app, named)
    if context != saved.report.context:  # somebody accepted it, or changed it, while it was read
        verdict = judge(saved.report.results, context, policy.load(world.house.engine.policy))
        saved = replace(saved, report=replace(saved.report, context=context, verdict=verdict))
    before = await reports.last_of(transaction, app.id)
    await reports.save(transaction, saved.id, app.id, saved.report, is_private=saved.is_private)
    await apps.change_watch(transaction, app.id, revision=saved.report.revision)
    await clear_trouble(transaction, world, app)
    if before is not None:
        await follow(transaction, world, app, before.report, saved)
    if wanted.asked_by is not None or before is None:
        readers = responsible(named) if saved.is_private else ()
        for to in _places(wanted, app, readers):
            hide = saved.is_private and to.person not in readers
            news = Checked(app.name, saved.id, saved.report, app, wanted.asked_by, hide_findings=hide)
            await world.messenger.post(transaction, to, news, key=f"check:{saved.id}")
    await post_card(transaction, world, app.id)


def _places(wanted: CheckRequest, app: App | None, readers: tuple[str, ...] = ()) -> list[Destination]:
    """Return where an outcome is told: where it belongs, to whoever asked from elsewhere, and to *readers*."""
    people = list(readers)
    here = app is None or wanted.channel in {app.thread_channel, app.channel} - {None}
    if wanted.asked_by is not None and not here and wanted.asked_by not in people:
        people.append(wanted.asked_by)
    return [place_of(wanted), *(Destination(person=person) for person in people)]
