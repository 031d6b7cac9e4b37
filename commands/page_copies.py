"""Every message that shows a page: each says who was told when, what comes next and who answered, edited in place."""

from __future__ import annotations

from collections.abc import Collection

from commands.cards import post_card
from commands.page_chain import coming
from commands.page_news import Paged
from commands.world import World
from storage import apps, pages
from storage.database import Transaction
from storage.model import NO_ROUTE, SET, SHOWN, App, Destination, Page, StepKind, Told

_ONCE_A_STATE = ("email", "pagerduty")  # routes by which only a new state is told; the webhook may mirror the page


async def show_page(
    transaction: Transaction, world: World, page_id: str, *, new: Collection[int] = (), turned: bool = False
) -> Page:
    """
    Have every message about the page say how it stands; those of the entries *new* are sent first, as they are urgent.

    Mail and PagerDuty hear again only where its state *turned*. Whoever paged has a copy of their own.
    """
    page = await pages.get(transaction, page_id)
    assert page is not None
    app = await apps.get(transaction, page.app_id)
    assert app is not None
    for number, one in list(enumerate(page.told))[-SHOWN:]:
        is_new = number in new
        is_quiet = one.route in _ONCE_A_STATE and not is_new and not turned
        if one.failed or one.route == NO_ROUTE or is_quiet:
            continue
        to = destination(page, one)
        news = paged(page, app, to.person)
        await world.messenger.post(
            transaction, to, news, key=_key(page, one), urgent=is_new or bool(one.route), told=(page.id, number)
        )
    if not _is_first(page):
        to = Destination(person=page.by)
        news = paged(page, app, page.by, may_answer=page.by in on_path(page) | world.house.admins)
        await world.messenger.post(transaction, to, news, key=f"page:{page.id}")
    if not new:  # the app's card says whether somebody is on it, not who was told
        await post_card(transaction, world, app.id)
    return page


def destination(page: Page, one: Told) -> Destination:
    """Return where the entry *one* of a page's log goes."""
    person = None if is_channel(page, one) or one.target == one.route else one.target
    if one.route:
        return Destination(person=person, route=one.route, address=one.address or SET)
    return Destination(person=person) if person else Destination(channel=one.target)


def is_channel(page: Page, one: Told) -> bool:
    """Whether the target of the entry *one* is a channel; else it is a person."""
    return one.step < len(page.steps) and page.steps[one.step].kind is StepKind.CHANNEL


def on_path(page: Page) -> set[str]:
    """Return the people and channels that *page* goes to or went to, who may answer it."""
    return {step.target for step in page.steps} | {one.target for one in page.told if one.route != NO_ROUTE}


def paged(page: Page, app: App, target: str | None = None, *, may_answer: bool = True, joined: bool = False) -> Paged:
    """Return the news of how *page* stands."""
    step, at = coming(page)
    return Paged(page, app, target, step, at, may_answer, joined)


def _is_first(page: Page) -> bool:
    """Whether whoever paged was told by the first step, and so needs no copy."""
    first = [one for one in page.told if one.at == page.told[0].at and one.step == page.told[0].step]
    return any(one.target == page.by and one.route == "" and not one.failed for one in first)


def _key(page: Page, one: Told) -> str:
    """Name the message; a repetition is a message of its own, and so is what follows a copy: an edit wakes nobody."""
    if one.repeat:
        return f"page:{page.id}:{one.repeat}"
    follows_copy = one.route == "" and one.target == page.by and not _is_first(page)
    return f"page:{page.id}:told" if follows_copy else f"page:{page.id}"
