"""Every message that shows a page: each says who was told when, what comes next and who answered, edited in place."""

from __future__ import annotations

from commands.cards import post_card
from commands.news import Paged
from commands.page_chain import coming
from commands.world import World
from storage import apps, pages
from storage.database import Transaction
from storage.model import App, Destination, Page, StepKind, Told

_REPEATS = 20  # repetitions that are still edited; after hours of them nobody reads the oldest


async def show_page(transaction: Transaction, world: World, page_id: str, *, new: Told | None = None) -> Page:
    """
    Have every message about the page say how it stands; the one to *new* is sent first, as it is urgent.

    Whoever paged has a copy of their own.
    """
    page = await pages.get(transaction, page_id)
    assert page is not None
    app = await apps.get(transaction, page.app_id)
    assert app is not None
    for one in page.told[-_REPEATS:]:
        if not one.failed:
            step = page.steps[one.step]
            to = Destination(person=one.target) if step.kind is StepKind.PERSON else Destination(channel=one.target)
            target = one.target if step.kind is StepKind.PERSON else None
            is_new = new is not None and (one.target, one.repeat) == (new.target, new.repeat)
            await world.messenger.post(
                transaction, to, paged(page, app, target), key=_key(page, one.repeat), urgent=is_new
            )
    if not any(one.target == page.by and not one.failed for one in page.told):
        to = Destination(person=page.by)
        news = paged(page, app, page.by, may_answer=page.by in on_path(page) | world.house.admins)
        await world.messenger.post(transaction, to, news, key=_key(page, 0))
    await post_card(transaction, world, app.id)
    return page


def on_path(page: Page) -> set[str]:
    """Return the people and channels that *page* goes to, who may answer it."""
    return {step.target for step in page.steps}


def paged(page: Page, app: App, target: str | None = None, *, may_answer: bool = True, joined: bool = False) -> Paged:
    """Return the news of how *page* stands."""
    step, at = coming(page)
    return Paged(page, app, target, step, at, may_answer, joined)


def _key(page: Page, repeat: int) -> str:
    """Name the message; a repetition is a message of its own, since an edit wakes nobody."""
    return f"page:{page.id}:{repeat}" if repeat else f"page:{page.id}"
