"""
Whom a page goes to, in which order, and what is next. The chain is frozen into the page when it is made.

The setting GROUNDCREW_ESCALATION says the order; an app may have a user group or a schedule told after its backup. The
reliability channel always ends it, and is told again until somebody answers. Whoever is known not to be reachable is
left out, and the page says so; the others are looked up anew when their step is due (commands/page_targets.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commands.escalates_to import GROUP, SCHEDULE, Escalation, parse
from commands.on_call import who_is_on
from commands.people import mention, unfit
from commands.steady_directory import SteadyDirectory, steady
from commands.world import World
from storage import on_call
from storage.model import Acceptance, App, Owner, Page, PageState, Role, Step, StepKind

RELIABILITY = "reliability"


@dataclass(frozen=True, slots=True)
class Next:
    """What a due page does: the step at *index* is told; the one at *position* follows at *due_at*."""

    step: Step
    index: int
    position: int
    due_at: datetime
    is_last: bool  # the end of the chain, which repeats


def next_step(page: Page, now: datetime) -> Next | None:
    """
    Return what *page* does at *now*; None where nobody is told now: it is answered, or not due. Pure.

    However late it is, one step goes out now and the next after its wait: nobody is woken who might not be needed.
    """
    if page.state is not PageState.TRIGGERED or page.due_at is None or page.due_at > now:
        return None
    index = min(page.position, len(page.steps) - 1)
    step = page.steps[index]
    return Next(step, index, page.position + 1, now + step.wait, index == len(page.steps) - 1)


def coming(page: Page) -> tuple[Step | None, datetime | None]:
    """Return who is told next unless somebody answers, and when; None where nobody is."""
    if page.due_at is None or page.state is not PageState.TRIGGERED:
        return None, None
    return page.steps[min(page.position, len(page.steps) - 1)], page.due_at


async def make_chain(app: App, named: Sequence[Owner], world: World) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Return the steps of a page for *app*, and sentences on whom they leave out. Never raises what Slack does."""
    world, directory = steady(world)
    maker = _Maker(app, named, world, directory)
    words = words_of(app, world)
    parts = await asyncio.gather(*(maker.part(word) for word in words))
    steps: list[Step] = []
    for step, _ in parts:
        if step is not None and (step.kind, step.target) not in [(one.kind, one.target) for one in steps]:
            steps.append(step)
    notes = [note for _, note in parts if note]
    if Role.OWNER in words and not any(step.role == Role.OWNER for step in steps):
        notes.insert(0, f"No reachable owner: {_first(steps)} is told first.")
    if directory.is_away:
        notes.append("Slack does not answer me just now: I go by what I knew before.")
    return tuple(steps), tuple(notes)


def words_of(app: App, world: World) -> tuple[str, ...]:
    """Return the words of the chain of *app*, in order: the setting's, with its own after the backup's."""
    words = [word for word in world.house.escalation if word != RELIABILITY]
    if app.escalates_to:
        people = [place for place, word in enumerate(words) if word in set(Role)]
        words.insert(people[-1] + 1 if people else 0, app.escalates_to)
    return (*words, RELIABILITY)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the steps for *app*, each with a sentence where it cannot be told."""

    app: App
    named: Sequence[Owner]
    world: World
    directory: SteadyDirectory

    async def part(self, word: str) -> tuple[Step | None, str]:
        """Return the step that *word* stands for, or None and why not (an empty text where nobody expects it)."""
        house = self.world.house
        if word in set(Role):
            return await self._person(Role(word), house.owner_wait if word == Role.OWNER else house.backup_wait)
        if word == "channel":
            return await self._channel(house.channel_wait)
        if word == RELIABILITY:
            return Step(RELIABILITY, house.reliability_channel, house.repeat_every), ""
        escalation = parse(word)
        if escalation.role == GROUP:
            return await self._group(escalation, house.group_wait)
        return await self._schedule(escalation, house.group_wait)

    async def _person(self, role: Role, wait: timedelta) -> tuple[Step | None, str]:
        one = next((one for one in self.named if one.role is role), None)
        if one is None:
            return None, ""
        name = mention(one.person)
        if one.acceptance is Acceptance.DECLINED:
            return None, f"{name} said that they are not its {role}."
        person = await self.world.directory.person(one.person)
        reason = unfit(person)
        if reason or person is None:
            return None, f"{name}, its {role}, {reason}."
        return Step(role.value, one.person, wait, known={one.person: person.email}), ""

    async def _channel(self, wait: timedelta) -> tuple[Step | None, str]:
        channel = self.app.channel
        if not channel or channel == self.world.house.reliability_channel:
            return None, ""
        if await self.world.directory.is_member(channel):
            return Step("channel", channel, wait), ""
        return None, "I am not in the app's channel, so it is not told: type /invite @Groundcrew there."

    async def _group(self, escalation: Escalation, wait: timedelta) -> tuple[Step | None, str]:
        """Freeze a user group; where Slack is away it goes by its handle, and is looked up when it is due."""
        target = escalation.target
        found = await self.world.directory.find_group(target)
        if found is None and not self.directory.is_away:
            return None, f"There is no user group {escalation.name} any more, so it is not told."
        members = await self.world.directory.group_members(found) if found else ()
        return Step(GROUP, found or target, wait, escalation.name, await self._known(members)), ""

    async def _schedule(self, escalation: Escalation, wait: timedelta) -> tuple[Step | None, str]:
        async with self.world.database.read() as transaction:
            found = await on_call.find(transaction, escalation.target)
        if found is None:
            return None, f"There is no on-call schedule {escalation.name} any more, so nobody of it is told."
        now = self.world.clock.now()
        people = await self.directory.asked(who_is_on(found.id, self.world, now), ())
        return Step(SCHEDULE, found.id, wait, found.name, await self._known(people)), ""

    async def _known(self, people: Sequence[str]) -> dict[str, str]:
        """Return the reachable ones of *people* with their addresses, as they are now."""
        found = [await self.world.directory.person(one) for one in people]
        return {one.id: one.email for one in found if one is not None and not unfit(one)}


def _first(steps: Sequence[Step]) -> str:
    first = steps[0]
    if first.kind is StepKind.PERSON:
        return f"the backup {mention(first.target)}"
    if first.kind is StepKind.CHANNEL:
        return "a channel"
    return first.name or "a user group" if first.kind is StepKind.GROUP else f"whoever is on call for {first.name}"
