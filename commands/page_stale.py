"""
An acknowledgement that goes stale: whoever gave it is asked once whether they are still on it, then the page reopens.

It goes on behind the step by which they were told, since that one did not help; from the start where that was the end.
"""

from __future__ import annotations

from datetime import datetime

from commands.moments import for_reader
from commands.page_copies import show_page
from commands.page_news import StillOnIt
from commands.people import mention
from commands.world import World
from storage import apps, audit, pages
from storage.database import Transaction
from storage.model import Destination, Page


async def go_on(transaction: Transaction, world: World, page: Page) -> bool:
    """Ask whoever acknowledged *page*, or open it again where they were asked; True where its next step is due now."""
    now = world.clock.now()
    person = page.acknowledged_by
    assert person is not None
    detail = {"page": page.id, "acknowledged_by": person}
    if page.reminded_at is None:
        await pages.remind(transaction, page, now, now + world.house.ack_stale)
        await audit.write(transaction, now, who="clock", what="remind of page", subject=page.app_id, detail=detail)
        await show_question(transaction, world, page, now, urgent=True, opens_at=now + world.house.ack_stale)
        return False
    said = f"{mention(person)} acknowledged it"
    if page.acknowledged_at is not None:
        said += f" ({for_reader(page.acknowledged_at)})"
    said += f" and did not say that they are still on it: open again since {for_reader(now)}."
    await pages.note(transaction, page, said)
    await pages.reopen(transaction, page, position_after(page), now)
    await audit.write(transaction, now, who="clock", what="reopen page", subject=page.app_id, detail=detail)
    await show_question(transaction, world, page, page.reminded_at, answer="It is open again: others are told now.")
    await show_page(transaction, world, page.id, turned=True)
    return True


def position_after(page: Page) -> int:
    """Return the step with which *page* goes on when its acknowledgement is stale. Pure."""
    theirs = [one.step for one in page.told if one.target == page.acknowledged_by and not one.failed]
    last = (theirs or [one.step for one in page.told] or [-1])[-1]
    return last + 1 if last + 1 < len(page.steps) else 0


async def show_question(
    transaction: Transaction,
    world: World,
    page: Page,
    asked_at: datetime,
    *,
    urgent: bool = False,
    opens_at: datetime | None = None,
    answer: str = "",
) -> None:
    """Have the question that was put at *asked_at* to whoever acknowledged *page* say how it stands."""
    app = await apps.get(transaction, page.app_id)
    assert app is not None
    to, key = Destination(person=page.acknowledged_by), f"still-on-it:{page.id}:{int(asked_at.timestamp())}"
    await world.messenger.post(transaction, to, StillOnIt(page, app, opens_at, answer), key=key, urgent=urgent)
