"""
/page-owner: something is wrong with an app, and whoever answers for it must know.

The page is a row before the command answers; commands/escalate_pages.py delivers it, the first step like every other.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from commands.command import Command, Refused, Request
from commands.news import Paged
from commands.page_chain import make_chain
from commands.page_copies import on_path, paged, show_page
from commands.people import with_names
from commands.rights import Action, Over, demand, may, parts_of
from commands.words import close_to, first_word, readable
from commands.world import Person, World
from storage import apps, audit, owners, pages
from storage.database import Transaction
from storage.model import App, Owner, Page
from storage.names import is_help

_EXAMPLE = "/page-owner billing-bot invoices are sent twice"
_LONGEST = 1000  # characters; more is not read at night
_JOIN_WITHIN = timedelta(seconds=10)


async def run(request: Request, world: World) -> Paged:
    """Make the page, or join the one that the same person made a moment ago."""
    person = await demand(request, world, Action.PAGE)
    name, what = first_word(request.text)
    if not name or is_help(name):
        raise Refused("Whom? /page-owner NAME and what is wrong.", example=_EXAMPLE)
    app, named = await _app(name, world)
    if not what:
        raise Refused(
            f"Say what is wrong with {app.name}, in a few words.", example=f"/page-owner {app.name} it is down"
        )
    what = await with_names(world, readable(what, _LONGEST, "What is wrong"))
    steps, notes = await make_chain(app, named, world)
    now = world.clock.now()
    page = Page(secrets.token_hex(8), app.id, what, person.id, request.channel, now, steps, due_at=now, notes=notes)
    async with world.database.write() as transaction:
        await apps.lock(transaction, app.id)
        running = await pages.recent(transaction, app.id, person.id, now - _JOIN_WITHIN)
        if running is not None:
            joined = await _join(transaction, world, running, what)
            return paged(joined, app, may_answer=_may_answer(joined, person, request, world), joined=True)
        await pages.add(transaction, page)
        detail = {"page": page.id, "what": what, "chain": [step.target for step in steps]}
        await audit.write(transaction, now, who=person.id, what="page owner", subject=app.id, detail=detail)
        await show_page(transaction, world, page.id)
        transaction.afterwards("nudge", world.clock.nudge)
    return paged(page, app, may_answer=_may_answer(page, person, request, world))


def _may_answer(page: Page, person: Person, request: Request, world: World) -> bool:
    over = Over(path=on_path(page), channel=request.channel)
    return may(Action.ANSWER_PAGE, parts_of(person, world, over))


async def _app(name: str, world: World) -> tuple[App, tuple[Owner, ...]]:
    async with world.database.read() as transaction:
        app = await apps.named(transaction, name)
        if app is not None:
            return app, await owners.of_app(transaction, app.id)
        names = await apps.names(transaction)
    close = close_to(name, names)
    example = f"/page-owner {close[0]} it is down" if close else "/apps all"
    raise Refused(f"There is no app called “{name}”.", example=example, did_you_mean=close)


async def _join(transaction: Transaction, world: World, page: Page, what: str) -> Page:
    said = page.what.split("\n")
    together = page.what if what in said else "\n".join([*said, what])[:_LONGEST]
    await pages.join(transaction, page.id, together)
    return await show_page(transaction, world, page.id)


command = Command(
    "page-owner",
    run,
    slash="/page-owner",
    usage="/page-owner NAME WHAT IS WRONG",
    example=_EXAMPLE,
    summary="Page whoever answers for an app; unanswered pages go on to the backup and the channels.",
)
