"""
Whom a due step comes down to, now: a page's chain is frozen, and people are not.

Whoever holds the role at this moment, the members of the user group, whoever is on call. Where Slack cannot be asked
it is whom the step knew when the page was made: somebody is told rather than nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commands.on_call import who_is_on
from commands.people import mention, unfit
from commands.steady_directory import SteadyDirectory, steady
from commands.world import World
from storage import owners
from storage.model import Acceptance, Page, Role, Step, StepKind

_log = logging.getLogger(__name__)

#: People of one user group or schedule who are told at once.
MOST = 10


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody or some channel that a step comes down to: *failed* says why it cannot be told, where it cannot."""

    target: str
    address: str = ""  # the e-mail address, for second routes
    failed: str = ""


def known_words(step: Step, people: Sequence[str]) -> str:
    """Say that *step* comes down to *people*, all of whom an earlier step told."""
    named = step.name or f"the {step.role}"
    who = ", ".join(mention(one) for one in people)
    verbs = ("is", "was") if len(people) == 1 else ("are", "were")
    return f"{named[:1].upper()}{named[1:]} {verbs[0]} {who} now, who {verbs[1]} told already"


async def reach(pages: Sequence[Page], world: World) -> Mapping[tuple[str, int], tuple[Reached, ...]]:
    """Return whom the next step of each of *pages* comes down to, by its id and position. Never raises."""
    world, directory = steady(world)
    due = [(page, page.steps[min(page.position, len(page.steps) - 1)]) for page in pages]
    found = await asyncio.gather(*(_or_why(page, step, world, directory) for page, step in due))
    return {(page.id, page.position): one for (page, _), one in zip(due, found, strict=True)}


async def _or_why(page: Page, step: Step, world: World, directory: SteadyDirectory) -> tuple[Reached, ...]:
    try:
        return await _of_step(page, step, world, directory)
    except Exception:  # noqa: BLE001 - the page goes on to its next step, and the other pages to theirs
        _log.exception("page %s: its step for %s could not be looked up", page.id, step.target)
        return (Reached(step.target, failed="could not be looked up; my log says why"),)


async def _of_step(page: Page, step: Step, world: World, directory: SteadyDirectory) -> tuple[Reached, ...]:
    if step.kind is StepKind.CHANNEL:
        return (Reached(step.target),)  # whether it hears us the sender learns
    if step.kind is StepKind.PERSON:
        return (await _holder(page, step, world),)
    if step.kind is StepKind.GROUP:
        people = await _members(step, world)
    else:
        people = await directory.asked(who_is_on(step.target, world, world.clock.now()), ())
    if not people and directory.is_away:
        people = tuple(step.known)
        if not people:
            return (Reached(step.target, failed="cannot be looked up while Slack does not answer"),)
    return await _of_many(dict.fromkeys(people), step, world)


async def _holder(page: Page, step: Step, world: World) -> Reached:
    """Return whoever holds the role of *step* now."""
    role = Role(step.role)
    async with world.database.read() as transaction:
        named = await owners.of_app(transaction, page.app_id)
    one = next((one for one in named if one.role is role), None)
    if one is None:
        return Reached(step.target, failed=f"is not its {role} any more, and nobody else is")
    if one.acceptance is Acceptance.DECLINED:
        return Reached(one.person, failed=f"said that they are not its {role}")
    return await _person(one.person, step, world)


async def _person(person_id: str, step: Step, world: World) -> Reached:
    person = await world.directory.person(person_id)
    failed = unfit(person)
    email = person.email if person is not None else ""
    return Reached(person_id, "" if failed else email or step.known.get(person_id, ""), failed)


async def _members(step: Step, world: World) -> tuple[str, ...]:
    """Return the members of a user group now."""
    group: str | None = step.target
    if step.target.startswith("@"):  # Slack was away when the page was made
        group = await world.directory.find_group(step.target)
    return await world.directory.group_members(group) if group else ()


async def _of_many(people: Iterable[str], step: Step, world: World) -> tuple[Reached, ...]:
    """Return each of *people*; beyond the first ones who can be told, how many are not. Of nobody, why that is."""
    found = [await _person(one, step, world) for one in people]
    reachable = [one for one in found if not one.failed]
    if not found:
        why = "has no members" if step.kind is StepKind.GROUP else "has nobody on call now"
        return (Reached(step.target, failed=why),)
    unreachable = [one for one in found if one.failed][:MOST]
    left = len(reachable) - MOST
    more = [Reached(step.target, failed=f"has {left} more people, who are not told: {MOST} are the most")]
    return (*reachable[:MOST], *unreachable, *(more if left > 0 else []))
