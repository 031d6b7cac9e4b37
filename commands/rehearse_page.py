"""`/page-owner --dry-run NAME`: who would be told of a page, when and how. It writes nothing and tells nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from commands.masked_address import masked
from commands.page_chain import make_chain
from commands.page_news import PageRehearsal, Rehearsed, RehearsedPerson
from commands.page_targets import known_words, reach
from commands.rights import Action, may, parts_of
from commands.words import first_word
from commands.world import Person, World
from storage.model import App, Owner, Page

DRY_RUN = "--dry-run"
_WORD = re.compile(r"(?:--|—|–)dry-run", re.IGNORECASE)  # as chat programs spoil it


def wants_rehearsal(text: str) -> str | None:
    """Return the app's name where *text* asks for a rehearsal; None for a page, also one that speaks of the option."""
    first, rest = first_word(text)
    if _WORD.fullmatch(first):
        return first_word(rest)[0]
    return first if first and _WORD.fullmatch(rest) else None


async def rehearse(app: App, named: Sequence[Owner], person: Person, world: World) -> PageRehearsal:
    """Return whom a page of *person* for *app* would tell."""
    steps, notes = await make_chain(app, named, world)
    now, house = world.clock.now(), world.house
    page = Page("", app.id, "", person.id, None, now, steps, due_at=now)
    found = await reach([replace(page, position=place) for place in range(len(steps))], world)
    after, made, told = timedelta(0), [], set[str]()
    for place, step in enumerate(steps):
        reached = found["", place]
        people = tuple(
            RehearsedPerson(one.target, _shown(one.target, one.address, person, world), one.failed) for one in reached
        )
        reachable = [one.target for one in reached if not one.failed]
        is_known = bool(reachable) and place + 1 < len(steps) and set(reachable) <= told
        words = f"{known_words(step, reachable)}: the next step follows at once." if is_known else ""
        made.append(Rehearsed(replace(step, known={}), after, people, words))
        told |= set(reachable)
        if reachable and not is_known:
            after += step.wait
    return PageRehearsal(app, tuple(made), notes, house.second_routes, house.second_route_after)


def _shown(target: str, address: str, person: Person, world: World) -> str:
    """Return *address* whole to whoever it belongs to, and to admins."""
    return address if target == person.id or may(Action.SEE_ADDRESSES, parts_of(person, world)) else masked(address)
