"""What people are called, what makes somebody unfit to answer for an app, and orders that none of them gives."""

from __future__ import annotations

import re

from commands.command import CLOCK, Denied, Request
from commands.world import Person, World


def clock_only(request: Request) -> None:
    """Refuse an order that only the clock gives."""
    if request.person != CLOCK:
        raise Denied("That is not something a person can ask for.", "order of the clock")


def unfit(person: Person | None) -> str:
    """Return why *person* cannot answer for an app or be paged, or an empty text."""
    if person is None:
        return "is not in this workspace"
    if person.is_gone:
        return "is deactivated"
    if person.is_bot:
        return "is a bot"
    if person.is_outsider:
        return "is of another workspace"
    return "is a guest" if person.is_guest else ""


async def with_names(world: World, text: str) -> str:
    """Return *text* with `@ann` and `#apps` where Slack put ids, such as `<@U1|ann>`: they are shown as they stand."""
    names = {}
    for mark, kind, slack_id, label in set(re.findall(r"(<([@#])([A-Z0-9]+)(?:\|([^<>]*))?>)", text)):
        known = await world.directory.channel_name(slack_id) if kind == "#" and not label else label
        names[mark] = await handle(world, slack_id) if kind == "@" else f"#{known or slack_id}"
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text


def mention(person_id: str) -> str:
    """
    Return a mark in a page's notes of which bot.views.text.with_marks makes a mention, and plain texts a name.

    A note stands for ever, and Slack may be away when it is written.
    """
    return f"<!person^{person_id}>"


async def handle(world: World, person_id: str) -> str:
    """Return what to call somebody in a sentence: @ann."""
    person = await world.directory.person(person_id)
    return f"@{person.handle or person.name}" if person else person_id
