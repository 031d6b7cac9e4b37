"""Ends a check that was promised: keeps its report and tells it where it was asked for, all in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from checks import policy
from checks.model import Outcome, Report
from checks.verdict import judge
from commands.cards import context_of, post_card
from commands.follow_regression import follow
from commands.news import Checked, CheckRefused, Unchanged
from commands.private_code import ask_admins, may_ask
from commands.probe_rights import aimed_at, may_probe
from commands.rights import responsible
from commands.watch_news import clear_trouble, keep_trouble, tell_trouble
from commands.world import World
from storage import apps, check_requests, owners, reports
from storage.database import Transaction
from storage.leave_requests import probe_requests
from storage.model import App, CheckRequest, Destination, Standing
from storage.reports import Saved

#: For how long a verdict in a thread is taken to be known there; later it is told whole again.
_REMEMBERED = timedelta(days=1)


def place_of(wanted: CheckRequest) -> Destination:
    """Return where the outcome of a check is told: an app's in its thread, an address's where it was asked for."""
    if wanted.app_id is not None:
        return Destination(app_id=wanted.app_id)
    if wanted.channel is None:
        return Destination(person=wanted.asked_by)
    return Destination(channel=wanted.channel, thread=wanted.thread)


def aimed(wanted: CheckRequest, app: App, world: World) -> CheckRequest:
    """Return the request as it has to be made now: of what *app* has, with the rights that hold for it."""
    return aimed_at(replace(wanted, repository=app.repository, with_token=app.reads_private), app, world)


async def tell_checked(world: World, wanted: CheckRequest, report: Report, *, is_private: bool) -> bool:
    """
    Keep *report* under the id of the request, and tell the verdict, what got worse, and the card.

    Returns False, and tells nothing, where the check has to be made again: of another repository, or with other rights.
    """
    async with world.database.write() as transaction:
        if await _is_stale(transaction, world, wanted):
            return False
        # Only now, since somebody may have asked for it while it ran.
        fresh = await check_requests.get(transaction, wanted.id)
        if fresh is None or not await check_requests.finish(transaction, wanted.id, world.clock.now()):
            return True
        app = await apps.get(transaction, wanted.app_id) if wanted.app_id else None
        saved = Saved(wanted.id, wanted.app_id, is_private, report)
        if app is None:
            await _tell_address(transaction, world, fresh, saved)
        else:
            await _tell_app(transaction, world, fresh, app, saved)
    return True


async def tell_refused(world: World, wanted: CheckRequest, news: CheckRefused, *, is_hidden: bool = False) -> bool:
    """
    End a check that could not be made; what only the clock asked for is trouble with the app's repository.

    *is_hidden*: the code host shows it to nobody without leave, so that an admin is asked for it. Returns False, and
    tells nothing, where the check has to be made again.
    """
    async with world.database.write() as transaction:
        if await _is_stale(transaction, world, wanted):
            return False
        fresh = await check_requests.get(transaction, wanted.id)
        if fresh is None or not await check_requests.finish(transaction, wanted.id, world.clock.now()):
            return True
        if is_hidden and news.app is not None:
            news = replace(news, asked_in=await ask_admins(transaction, world, news.app))
        if fresh.asked_by is None:
            assert news.app is not None
            await tell_trouble(transaction, world, news.app, news.reason, news.asked_in)
            return True
        if news.app is not None:  # told below, so that the next look need not tell it again
            await keep_trouble(transaction, world, news.app, news.reason)
        for to in _places(fresh, news.app):
            await world.messenger.post(transaction, to, news, key=f"check:{wanted.id}")
        if news.app is not None:
            await post_card(transaction, world, news.app.id)
    return True


async def _is_stale(transaction: Transaction, world: World, wanted: CheckRequest) -> bool:
    """Whether the app has another repository, or other rights, than those it was read with; then let the check go."""
    if wanted.app_id is None:
        return False
    await apps.lock(transaction, wanted.app_id)
    app = await apps.get(transaction, wanted.app_id)
    if app is None or aimed(wanted, app, world) == wanted:
        return False
    await check_requests.release(transaction, wanted)
    return True


def _without_packages(saved: Saved) -> Saved:
    """Return *saved* as messages take it: the packages are rows now, hundreds of them, and nobody is told them all."""
    return replace(saved, report=replace(saved.report, packages=()))


async def _tell_address(transaction: Transaction, world: World, wanted: CheckRequest, saved: Saved) -> None:
    await reports.save(transaction, saved.id, None, saved.report, is_private=saved.is_private)
    saved = _without_packages(saved)
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
    saved = _without_packages(saved)
    await apps.change_watch(transaction, app.id, revision=saved.report.revision)
    await clear_trouble(transaction, world, app)
    if before is not None:
        await follow(transaction, world, app, before.report, saved)
    if wanted.asked_by is not None or before is None:
        readers = responsible(named) if saved.is_private else ()
        waits = await probe_requests.open_of(transaction, app.id) is not None
        probes = bool(app.live_url) and not waits and not may_probe(app, world)
        for to in _places(wanted, app, readers):
            hide = saved.is_private and to.person not in readers
            asks = may_ask(app, saved.report.verdict, world)
            news = Checked(app.name, saved.id, saved.report, app, wanted.asked_by, hide_findings=hide, may_ask=asks)
            news = replace(news, may_ask_probe=probes)
            said = await _shortened(transaction, world, news, to, saved)
            await world.messenger.post(transaction, to, said, key=f"check:{saved.id}")
    await post_card(transaction, world, app.id)


async def _shortened(
    transaction: Transaction, world: World, news: Checked, to: Destination, saved: Saved
) -> Checked | Unchanged:
    """Return *news*, or that nothing changed where *to* was told the same not long ago: thirty lines are read once."""
    assert news.app is not None
    found = await reports.last_told(transaction, news.app.id, to, kind=Checked.__name__, prefix="check:")
    if found is None or not _stands_above(found[1], news.app, to):
        return news
    told, report = found[0], saved.report
    if told.is_private != saved.is_private or not _is_same(told.report, report):
        return news
    if world.clock.now() - told.report.checked_at > _REMEMBERED:
        return news
    return Unchanged(
        news.app,
        saved.id,
        report.verdict.placement,
        told.report.checked_at,
        report.checked_at,
        report.revision,
        hide_findings=news.hide_findings,
    )


def _stands_above(told: Standing, app: App, to: Destination) -> bool:
    """Whether what was *told* is seen where the next message to *to* goes: the app's thread may have begun anew."""
    if to.app_id is None:
        return True
    return told.channel == app.thread_channel and app.thread is not None and float(told.ts) > float(app.thread)


def _is_same(one: Report, other: Report) -> bool:
    """Whether two reports say the same, whenever they were made and of whichever commit."""
    return _told_of(one) == _told_of(other)


def _told_of(report: Report) -> tuple[object, ...]:
    """Return what *report* tells, without figures in its words, such as the number of commits that nobody reviewed."""
    held = [(it.check, it.outcome, it.allows) for it in report.verdict.held_back]
    return (
        *(report.repository, report.context, report.partial, report.suppressed, report.verdict.placement, held),
        *((it.check, it.outcome, it.reason if it.outcome is Outcome.NOT_CHECKED else "") for it in report.results),
        *((it.fingerprint, it.blocking, it.path, it.line) for result in report.results for it in result.findings),
    )


def _places(wanted: CheckRequest, app: App | None, readers: tuple[str, ...] = ()) -> list[Destination]:
    """Return where an outcome is told: where it belongs, to whoever asked from elsewhere, and to *readers*."""
    people = list(readers)
    here = app is None or wanted.channel in {app.thread_channel, app.channel} - {None}
    if wanted.asked_by is not None and not here and wanted.asked_by not in people:
        people.append(wanted.asked_by)
    return [place_of(wanted), *(Destination(person=person) for person in people)]
