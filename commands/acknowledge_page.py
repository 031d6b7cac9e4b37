"""[Acknowledge]: somebody has the page, and nobody else is told. Exactly one person wins."""

from __future__ import annotations

from commands.answer_page import Answer, give
from commands.command import Command, Request
from commands.news import Said
from commands.world import World
from storage import pages

_ANSWER = Answer(pages.acknowledge, "acknowledged", "acknowledge page", "answer", urgent=True)


async def run(request: Request, world: World) -> Said:
    """Stop the escalation and tell whoever paged; raises Refused for whoever comes second."""
    app = await give(_ANSWER, request, world)
    return Said(f"You have acknowledged the page for {app.name}: nobody else is told. Press Resolve when it is over.")


command = Command("acknowledge-page", run)
