"""What both ways to answer a page have in common: who may, what whoever paged is told, and whoever comes second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from commands.command import Refused, Request
from commands.moments import clock_time
from commands.news import Said
from commands.page_copies import show_page
from commands.people import handle
from commands.rights import Action, Over, demand, member
from commands.world import Person, World
from storage import apps, audit, owners, pages
from storage.database import Transaction
from storage.model import App, Destination, Page, PageState


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One of the two ways to answer a page.

    *mark* is true for exactly one caller. *word* says to whoever paged what was done, *order* to the audit log; *key*
    names the message to whoever paged, which overtakes reports where it is *urgent*.
    """

    mark: Callable[[Transaction, str, str, datetime], Awaitable[bool]]
    word: str
    order: str
    key: str
    urgent: bool = False


async def give(answer: Answer, request: Request, world: World) -> App:
    """Answer the page and tell whoever paged; return its app, or raise Refused for whoever may not or comes second."""
    person, page, app = await _answering(request, world)
    name, now = await handle(world, person.id), world.clock.now()
    async with world.database.write() as transaction:
        won = await answer.mark(transaction, page.id, person.id, now)
        if won:
            detail = {"page": page.id}
            await audit.write(transaction, now, who=person.id, what=answer.order, subject=app.id, detail=detail)
            await show_page(transaction, world, page.id)
            if page.by != person.id:
                told = Said(f"{name} has {answer.word} your page for {app.name} at {clock_time(now, now)}.")
                to, key = Destination(person=page.by), f"{answer.key}:{page.id}"
                await world.messenger.post(transaction, to, told, key=key, urgent=answer.urgent)
        current = await pages.get(transaction, page.id)
    assert current is not None
    if not won:
        raise await _too_late(current, world)
    return app


async def _answering(request: Request, world: World) -> tuple[Person, Page, App]:
    """
    Return who answers, the page and its app; raises Refused for whoever may not.

    They may who are on the page's path: its people, those in a channel that was told (the button was pressed there),
    whoever accepted the app meanwhile, and admins.
    """
    await member(request, world, Action.ANSWER_PAGE)
    async with world.database.read() as transaction:
        page = await pages.get(transaction, request.fields.get("id", ""))
        app = await apps.get(transaction, page.app_id) if page else None
        named = await owners.of_app(transaction, app.id) if app else ()
    if page is None or app is None:
        raise Refused("I do not know that page any more.", example="/apps NAME")
    over = Over(app, named, path={step.target for step in page.steps}, channel=request.channel)
    return await demand(request, world, Action.ANSWER_PAGE, over), page, app


async def _too_late(page: Page, world: World) -> Refused:
    """Return the answer to whoever comes second: who won, and when."""
    resolved = page.state is PageState.RESOLVED
    person, at = (page.resolved_by, page.resolved_at) if resolved else (page.acknowledged_by, page.acknowledged_at)
    assert person is not None
    assert at is not None
    word = "resolved" if resolved else "acknowledged"
    return Refused(f"Already {word} by {await handle(world, person)} at {clock_time(at, world.clock.now())}.")
