"""What both ways to answer a page have in common: who may, what whoever paged is told, and whoever comes second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from commands.command import Refused, Request
from commands.moments import clock_time
from commands.news import Said
from commands.page_copies import on_path, show_page
from commands.page_stale import show_question
from commands.people import handle
from commands.rights import Action, Over, demand, member
from commands.steady_directory import PATIENCE_S, steady
from commands.world import Person, World
from storage import apps, audit, owners, pages
from storage.database import Transaction
from storage.model import App, Destination, Page, PageState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One of the two ways to answer a page.

    *mark* (of page, person and time) is true for exactly one caller. *word* says to whoever paged what was done,
    *order* to the audit log; *key* names the message to whoever paged, which overtakes reports where it is *urgent*.
    """

    mark: Callable[[Transaction, World, str, str, datetime], Awaitable[bool]]
    word: str
    order: str
    key: str
    urgent: bool = False


async def give(answer: Answer, request: Request, world: World) -> App:
    """Answer the page and tell whoever paged; return its app, or raise Refused for whoever may not or comes second."""
    person, page, app = await pressing(request, world)
    world, _ = steady(world)
    name, now = await handle(world, person.id), world.clock.now()
    async with world.database.write() as transaction:
        won = await answer.mark(transaction, world, page.id, person.id, now)
        await see(transaction, page.id, request, now)
        if won:
            detail = {"page": page.id}
            await audit.write(transaction, now, who=person.id, what=answer.order, subject=app.id, detail=detail)
            current = await show_page(transaction, world, page.id, turned=True)
            if current.reminded_at is not None and current.acknowledged_by:
                over = f"{name} has {answer.word} it at {clock_time(now, now)}."
                await show_question(transaction, world, current, current.reminded_at, answer=over)
            if page.by != person.id:
                told = Said(f"{name} has {answer.word} your page for {app.name} at {clock_time(now, now)}.")
                to, key = Destination(person=page.by), f"{answer.key}:{page.id}:{now.timestamp():.0f}"
                await world.messenger.post(transaction, to, told, key=key, urgent=answer.urgent)
    if not won:
        raise await too_late(page.id, world)
    return app


async def see(transaction: Transaction, page_id: str, request: Request, now: datetime) -> None:
    """Write down that whoever asks did something with the page."""
    place = {"channel": request.channel or "", "ts": request.message or ""}
    await pages.seen(transaction, page_id, request.person, now, **place)


async def pressing(request: Request, world: World) -> tuple[Person, Page, App]:
    """
    Return who presses a button of a page, the page and its app; raises Refused for whoever may not.

    They may who are on the page's path: its people, those in a channel that was told (the button was pressed there),
    whoever accepted the app meanwhile, and admins. While Slack cannot be asked, its people still may: a page must not
    go on because of that.
    """
    async with world.database.read() as transaction:
        page = await pages.get(transaction, request.fields.get("id", ""))
        app = await apps.get(transaction, page.app_id) if page else None
        named = await owners.of_app(transaction, app.id) if app else ()
    if page is None or app is None:
        await member(request, world, Action.ANSWER_PAGE)
        raise Refused("I do not know that page any more.", example="/apps NAME")
    over = Over(app, named, path=on_path(page), channel=request.channel)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await demand(request, world, Action.ANSWER_PAGE, over), page, app
    except Refused:
        raise
    except Exception:
        if request.person not in on_path(page):
            raise
        _log.warning("Slack cannot be asked who %s is; they were told of the page and answer it", request.person)
        return Person(request.person, request.person), page, app


async def too_late(page_id: str, world: World) -> Refused:
    """Return the answer to whoever comes second: who won, and when."""
    async with world.database.read() as transaction:
        page = await pages.get(transaction, page_id)
    assert page is not None
    resolved = page.state is PageState.RESOLVED
    person, at = (page.resolved_by, page.resolved_at) if resolved else (page.acknowledged_by, page.acknowledged_at)
    if person is None or at is None:
        return Refused("Nobody is on it any more: the page is open again. Press Acknowledge if you are.")
    word = "resolved" if resolved else "acknowledged"
    world, _ = steady(world)
    return Refused(f"Already {word} by {await handle(world, person)} at {clock_time(at, world.clock.now())}.")
