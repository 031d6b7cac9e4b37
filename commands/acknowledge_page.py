"""[Acknowledge]: somebody has the page, and nobody else is told. Exactly one person wins."""

from __future__ import annotations

from datetime import datetime

from commands.answer_page import Answer, give
from commands.command import Command, Request
from commands.news import Said
from commands.world import World
from storage import pages
from storage.database import Transaction


async def _mark(transaction: Transaction, world: World, page_id: str, person: str, now: datetime) -> bool:
    return await pages.acknowledge(transaction, page_id, person, now, stale_at=now + world.house.ack_stale)


_ANSWER = Answer(_mark, "acknowledged", "acknowledge page", "answer", urgent=True)


async def run(request: Request, world: World) -> Said:
    """Stop the escalation and tell whoever paged; raises Refused for whoever comes second."""
    app = await give(_ANSWER, request, world)
    return Said(f"You have acknowledged the page for {app.name}: nobody else is told. Press Resolve when it is over.")


command = Command("acknowledge-page", run)
