"""[Log]: everything a page did: who was told as what, by which route, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from commands.answer_page import see
from commands.command import Command, Refused, Request
from commands.masked_address import masked
from commands.page_chain import coming
from commands.page_news import PageLog
from commands.rights import Action, demand, may, parts_of
from commands.world import World
from storage import apps, pages


async def run(request: Request, world: World) -> PageLog:
    """Show the log of the page "id"; whoever was told of it has seen it by that."""
    person = await demand(request, world, Action.SEE_APPS)
    now = world.clock.now()
    async with world.database.write() as transaction:
        page_id = request.fields.get("id", "")
        await see(transaction, page_id, request, now)
        page = await pages.get(transaction, page_id)
        app = await apps.get(transaction, page.app_id) if page else None
    if page is None or app is None:
        raise Refused("I do not know that page any more.", example="/apps NAME")
    told = tuple(
        one
        if may(Action.SEE_ADDRESSES, parts_of(person, world)) or one.target == person.id
        else replace(one, address=masked(one.address))
        for one in page.told
    )
    page = replace(page, told=told, steps=tuple(replace(step, known={}) for step in page.steps))
    step, at = coming(page)
    return PageLog(page, app, step, at)


command = Command("show-page-log", run)
