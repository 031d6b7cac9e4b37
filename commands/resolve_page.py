"""[Resolve]: it is over. Exactly one person ends a page, acknowledged or not."""

from __future__ import annotations

from datetime import datetime

from commands.answer_page import Answer, give
from commands.command import Command, Request
from commands.news import Said
from commands.world import World
from storage import pages
from storage.database import Transaction


async def _mark(transaction: Transaction, world: World, page_id: str, person: str, now: datetime) -> bool:
    del world  # only the other way to answer needs it
    return await pages.resolve(transaction, page_id, person, now)


_ANSWER = Answer(_mark, "resolved", "resolve page", "over")


async def run(request: Request, world: World) -> Said:
    """End the page and tell whoever paged; raises Refused for whoever comes second."""
    app = await give(_ANSWER, request, world)
    return Said(f"The page for {app.name} is resolved.")


command = Command("resolve-page", run)
