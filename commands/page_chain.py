"""
Whom a page goes to, in which order, and what is next. The chain is frozen into the page when it is made.

Owner, backup, the app's channel, the reliability channel; the last is told again until somebody answers. Whoever cannot
be reached is left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.people import handle, unfit
from commands.world import World
from storage.model import Acceptance, App, Owner, Page, Role, Step, Told


@dataclass(frozen=True, slots=True)
class Next:
    """What a due page does: *step* is told, and written down as *told*; the one at *position* follows at *due_at*."""

    step: Step
    told: Told
    position: int
    due_at: datetime


def next_step(page: Page, now: datetime) -> Next:
    """Return what *page*, which is due, does at *now*. Pure."""
    last = len(page.steps) - 1
    index, repeat = min(page.position, last), max(0, page.position - last)
    step = page.steps[index]
    return Next(step, Told(index, step.target, now, repeat), page.position + 1, now + step.wait)


def coming(page: Page) -> tuple[Step | None, datetime | None]:
    """Return who is told next unless somebody answers, and when; None where nobody is."""
    if page.due_at is None:
        return None, None
    return page.steps[min(page.position, len(page.steps) - 1)], page.due_at


async def make_chain(app: App, named: Sequence[Owner], world: World) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Return the steps of a page for *app*, and sentences on whom they leave out."""
    house = world.house
    steps: list[Step] = []
    notes: list[str] = []
    for role, wait in ((Role.OWNER, house.owner_wait), (Role.BACKUP, house.backup_wait)):
        one = next((one for one in named if one.role is role), None)
        note = await _why_not(one, world)
        if note:
            notes.append(note)
        elif one is not None and one.person not in [step.target for step in steps]:
            steps.append(Step(role.value, one.person, wait))
    if not any(step.role == Role.OWNER for step in steps):
        notes.insert(0, f"No reachable owner: {await _instead(steps, world)} is told first.")
    if app.channel and app.channel != house.reliability_channel:
        if await world.directory.is_member(app.channel):
            steps.append(Step("channel", app.channel, house.channel_wait))
        else:
            notes.append("I am not in the app's channel, so it is not told: type /invite @Groundcrew there.")
    steps.append(Step("reliability", house.reliability_channel, house.repeat_every))
    return tuple(steps), tuple(notes)


async def _why_not(owner: Owner | None, world: World) -> str:
    """Return the sentence on an owner or backup who is named and not told, or an empty text."""
    if owner is None:
        return ""
    name = await handle(world, owner.person)
    if owner.acceptance is Acceptance.DECLINED:
        return f"{name} said that they are not its {owner.role}."
    reason = unfit(await world.directory.person(owner.person))
    return f"{name}, its {owner.role}, {reason}." if reason else ""


async def _instead(steps: Sequence[Step], world: World) -> str:
    return f"the backup {await handle(world, steps[0].target)}" if steps else "a channel"
