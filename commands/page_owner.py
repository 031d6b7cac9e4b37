"""
/page-owner: something is wrong with an app, and whoever answers for it must know.

The page is a row before the command answers; commands/escalate_pages.py delivers it, the first step like every other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from commands.command import CLOCK, Command, Refused, Request
from commands.moments import clock_time
from commands.page_chain import make_chain
from commands.page_copies import on_path, paged, show_page
from commands.page_news import Paged, PageRehearsal
from commands.page_request import this_request
from commands.people import with_names
from commands.rehearse_page import DRY_RUN, rehearse, wants_rehearsal
from commands.rights import Action, Over, demand, may, parts_of
from commands.steady_directory import steady
from commands.words import close_to, first_word, readable
from commands.world import Person, World
from storage import apps, audit, owners, pages
from storage.database import Transaction
from storage.model import App, Owner, Page, PageState
from storage.names import is_help

_EXAMPLE = "/page-owner billing-bot invoices are sent twice"
_LONGEST = 1000  # characters; more is not read at night
_JOIN_WITHIN = timedelta(seconds=10)
_SAME_WITHIN = timedelta(minutes=2)  # the same words: whoever saw no answer types them again
_HOUR = timedelta(hours=1)


async def run(request: Request, world: World) -> Paged | PageRehearsal:
    """Make the page, or join the one that the same person made a moment ago; or say whom it would tell."""
    world, _ = steady(world)  # a page is made whether Slack can be asked or not
    person = await demand(request, world, Action.PAGE)
    rehearsed = wants_rehearsal(request.text)
    if rehearsed is not None:
        return await rehearse(*await _app(rehearsed, world), person, world)
    name, what = first_word(request.text)
    if is_help(name):
        raise Refused(command.help, example=_EXAMPLE)
    if not name:
        raise Refused("Whom? /page-owner NAME and what is wrong.", example=_EXAMPLE)
    app, named = await _app(name, world)
    if not what:
        raise Refused(
            f"Say what is wrong with {app.name}, in a few words.", example=f"/page-owner {app.name} it is down"
        )
    what = await with_names(world, readable(what, _LONGEST, "What is wrong"))
    steps, notes = await make_chain(app, named, world)
    now = world.clock.now()
    page = Page(request.id_of("page"), app.id, what, person.id, request.channel, now, steps, due_at=now, notes=notes)
    page = replace(page, request_id=this_request())
    return await _make(page, app, person, request, world)


async def _make(page: Page, app: App, person: Person, request: Request, world: World) -> Paged:
    now = page.made_at
    async with world.database.write() as transaction:
        await apps.lock(transaction, app.id)
        await pages.alone(transaction, person.id)
        made = await pages.get(transaction, page.id)
        if made is not None:  # by a process that died before it could say so
            return paged(made, app, may_answer=_may_answer(made, person, request, world))
        window = (now - _JOIN_WITHIN, now + _JOIN_WITHIN)  # clocks of machines differ a little
        is_late, same_since = request.typed_at is not None, (request.typed_at or now) - _SAME_WITHIN
        running = await pages.recent(transaction, app.id, person.id, window, page.what, same_since, resolved=is_late)
        if running is not None:
            is_over = running.state is PageState.RESOLVED  # of what its person typed again since
            joined = running if is_over else await _join(transaction, world, running, page.what)
            return paged(joined, app, may_answer=_may_answer(joined, person, request, world), joined=True)
        await _admit(transaction, world, person, app, now)
        await pages.add(transaction, page)
        detail = {"page": page.id, "what": page.what, "chain": [step.target for step in page.steps]}
        await audit.write(transaction, now, who=person.id, what="page owner", subject=app.id, detail=detail)
        await show_page(transaction, world, page.id)
        transaction.afterwards("nudge", world.clock.nudge)
    return paged(page, app, may_answer=_may_answer(page, person, request, world))


async def _admit(transaction: Transaction, world: World, person: Person, app: App, now: datetime) -> None:
    """Refuse a person who has made too many pages within an hour: they tire people who must be woken by the next."""
    most = world.house.pages_per_hour
    if person.id == CLOCK or may(Action.PAGE_FREELY, parts_of(person, world)):
        return
    before = await pages.made_before(transaction, person.id, most)
    if before is not None and before > now - _HOUR:
        raise Refused(
            f"You have made {most} pages within an hour, and that is the most. Nobody was told of this one. "
            f"You can page again at {clock_time(before + _HOUR, now)}; an admin can page {app.name} at once."
        )


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
    example = f"/page-owner {close[0]} it is down" if close else "/register-app"
    first = "" if close else " It has to be registered first."
    raise Refused(f"There is no app called “{name}”.{first}", example=example, did_you_mean=close)


async def _join(transaction: Transaction, world: World, page: Page, what: str) -> Page:
    said = page.what.split("\n")
    together = page.what if what in said else "\n".join([*said, what])[:_LONGEST]
    await pages.join(transaction, page.id, together)
    return await show_page(transaction, world, page.id)


command = Command(
    "page-owner",
    run,
    slash="/page-owner",
    usage="/page-owner [--dry-run] NAME WHAT IS WRONG",
    example=_EXAMPLE,
    summary="Page whoever answers for an app; unanswered pages go on to the backup and the channels.",
    more=(f"With {DRY_RUN} it says who would be told, when and how, and tells nobody.",),
)
