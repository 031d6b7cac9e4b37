"""
The auditor's order: finds promises that are late, lost or left over, mends what it can, and says each once.

It trusts nobody who works the promises off: it reads the rows alone, and runs in every process that hears Slack, apart
from the sender and from the lead's clock (bot/auditor.py). What it mends it mends by the orders that exist.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from commands import escalate_pages
from commands.audit_told import tell
from commands.command import CLOCK, Command, Request
from commands.moments import clock_time, length
from commands.page_copies import show_page
from commands.people import clock_only
from commands.world import World
from storage import overdue
from storage.database import Transaction
from storage.model import PageState

_log = logging.getLogger(__name__)

LATE = timedelta(seconds=60)  # a step of a page
LOST = timedelta(minutes=3)  # a message of a page, of which no row waits
UNHEARD = timedelta(minutes=5)  # a page of which nobody could be told at all
LEFT = timedelta(minutes=5)  # what somebody asked for and nobody worked off
UNMADE = timedelta(minutes=2)  # a check, behind the end of its hold


class Kind(StrEnum):
    """What can be wrong with a promise; each is told in a message of its own."""

    LATE = "late"
    LOST = "lost"
    UNHEARD = "unheard"
    NOTHING_NEXT = "nothing-next"
    TOO_FAR = "too-far"
    NOT_OVER = "not-over"
    LEFT = "left"
    UNMADE = "unmade"


#: What is said of each kind, above its list.
SAID = {
    Kind.LATE: "Steps of pages were not taken when they were due. The auditor takes them now:",
    Kind.LOST: "Messages of pages were lost. The auditor sends them again:",
    Kind.UNHEARD: "Nobody could be told of these pages yet, by any route:",
    Kind.NOTHING_NEXT: "Open pages had nobody who would be told next. The auditor has put that right:",
    Kind.TOO_FAR: "The clock was set back, and pages would have waited for that long. The auditor goes on with them:",
    Kind.NOT_OVER: "Pages that are resolved had steps that were still due. The auditor has put that right:",
    Kind.LEFT: "What people asked for more than five minutes ago is not done:",
    Kind.UNMADE: "Checks were begun and left; nobody goes on with them:",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One promise that is not kept; *key* names it, *words* say it."""

    kind: Kind
    key: str
    words: str


async def run(request: Request, world: World) -> tuple[Fault, ...]:
    """Look, mend and tell; return what was found."""
    clock_only(request)
    found = await look(world)
    await settle(world, found)
    return found


async def look(world: World) -> tuple[Fault, ...]:
    """Return every promise that is not kept now. It changes nothing."""
    now = world.clock.now()
    async with world.database.read() as transaction:
        return (*await _pages(transaction, world), *await _work(transaction, now))


async def settle(world: World, found: Sequence[Fault]) -> None:
    """Mend what can be mended of *found*, and tell it; an empty one is told to be over."""
    kinds = {fault.kind for fault in found}
    try:
        if kinds & {Kind.LOST, Kind.NOTHING_NEXT, Kind.TOO_FAR, Kind.NOT_OVER}:
            await _mend(world)
        if kinds & {Kind.LATE, Kind.NOTHING_NEXT, Kind.TOO_FAR}:
            await escalate_pages.run(Request(CLOCK), world)
    except Exception:  # noqa: BLE001 - what cannot be mended must still be told
        _log.exception("the auditor could not mend what it found")
    await tell(world, {kind: (words, _of(found, kind)) for kind, words in SAID.items()})
    if found:
        world.clock.nudge()


def _of(found: Sequence[Fault], kind: Kind) -> dict[str, str]:
    return {fault.key: fault.words for fault in found if fault.kind is kind}


async def _pages(transaction: Transaction, world: World) -> list[Fault]:
    now, faults = world.clock.now(), []
    for page in await overdue.late_steps(transaction, now - LATE):
        assert page.due_at is not None
        words = f"{page.app}: due at {clock_time(page.due_at, now)}, {length(now - page.due_at)} late"
        faults.append(Fault(Kind.LATE, f"{page.id}:{page.due_at.timestamp():.0f}", words))
    lost = await overdue.unsaid(transaction, now - LOST)
    names = await overdue.names(transaction, list(lost))
    for page_id, numbers in lost.items():
        words = f"{names[page_id]}: {len(numbers)} {'message' if len(numbers) == 1 else 'messages'}"
        faults.append(Fault(Kind.LOST, f"{page_id}:{max(numbers)}", words))
    for kind, pages in (
        (Kind.UNHEARD, await overdue.unheard(transaction, now - UNHEARD)),
        (Kind.NOTHING_NEXT, await overdue.without_due(transaction)),
        (Kind.TOO_FAR, await _too_far(transaction, world)),
        (Kind.NOT_OVER, await overdue.due_though_over(transaction)),
    ):
        faults += [Fault(kind, page.id, f"{page.app} ({page.state})") for page in pages]
    return faults


async def _too_far(transaction: Transaction, world: World) -> tuple[overdue.PageRow, ...]:
    return await overdue.too_far(transaction, world.clock.now(), world.house.ack_stale + LATE)


async def _work(transaction: Transaction, now: datetime) -> list[Fault]:
    left = await overdue.orders_left(transaction, now - LEFT)
    unmade = await overdue.checks_left(transaction, now - UNMADE)
    return [
        *(Fault(Kind.LEFT, f"{kind}:{at.isoformat()}", f"a {kind} of {clock_time(at, now)}") for kind, at in left),
        *(Fault(Kind.UNMADE, one, f"{place}: since {clock_time(at, now)}") for one, place, at in unmade),
    ]


async def _mend(world: World) -> None:
    now = world.clock.now()
    async with world.database.write() as transaction:
        stuck = (*await overdue.without_due(transaction), *await _too_far(transaction, world))
        for page in stuck:
            is_open = page.state is PageState.TRIGGERED
            await overdue.set_due(transaction, page, now if is_open else now + world.house.ack_stale)
        for page in await overdue.due_though_over(transaction):
            await overdue.set_due(transaction, page, None)
        for page_id, numbers in (await overdue.unsaid(transaction, now - LOST)).items():
            await show_page(transaction, world, page_id, new=numbers)


command = Command("audit-pages", run)
