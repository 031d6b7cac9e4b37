"""
Who is told of a page beside its people and channels: a user group or an on-call schedule, read and kept as one text.

    group:@sre  on-call:payments          as somebody writes it, in a setting or in a form
    group:S012:@sre  on-call:4f1c:payments    as it is kept: the id stays when the name changes
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from commands.words import close_to
from commands.world import World
from storage import on_call

GROUP, SCHEDULE = "group", "on-call"
EXAMPLES = "a user group such as @sre, or an on-call schedule such as on-call:payments"
_ID = re.compile(r"S[A-Z0-9]{3,20}")
_MENTION = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|(@?[^>]*))?>")


@dataclass(frozen=True, slots=True)
class Escalation:
    """A user group or an on-call schedule: *role* is GROUP or SCHEDULE, *target* its id, or its name as written."""

    role: str
    target: str
    name: str

    @property
    def kept(self) -> str:
        """The text that is kept of it."""
        return f"{self.role}:{self.target}:{self.name}"

    @property
    def written(self) -> str:
        """How a person writes it."""
        return self.name or self.target if self.role == GROUP else f"{SCHEDULE}:{self.name}"


def parse(text: str) -> Escalation:
    """Read what was kept, or what a setting says."""
    role, _, rest = text.partition(":")
    target, _, name = rest.partition(":")
    return Escalation(role, target, name or target)


async def read(text: str, world: World) -> Escalation | str:
    """Return what somebody wrote, looked up; a sentence where there is no such group or schedule."""
    text = text.strip()
    mention = _MENTION.fullmatch(text)
    group = text.removeprefix(f"{GROUP}:")
    if mention or group.startswith("@") or _ID.fullmatch(group):
        found = await world.directory.find_group(group)
        if found is None:
            return f"I see no user group {group if not mention else mention[2] or 'like that'} here. Name {EXAMPLES}."
        name = (mention[2] or "") if mention else group.removeprefix(found)
        return Escalation(GROUP, found, f"@{name.removeprefix('@')}" if name else "")
    name = re.sub(rf"^{SCHEDULE}[:\s]\s*", "", text)
    async with world.database.read() as transaction:
        schedule = await on_call.find(transaction, name)
        names = [one.name for one in await on_call.all_of(transaction)]
    if schedule is not None:
        return Escalation(SCHEDULE, schedule.id, schedule.name)
    near = close_to(name, names)
    hint = f"Did you mean {SCHEDULE}:{near[0]}?" if near else "/on-call shows those there are."
    return f"There is no on-call schedule “{name}”. Name {EXAMPLES}. {hint}"
