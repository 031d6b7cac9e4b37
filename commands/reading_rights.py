"""
Who may read what a check found in private code: whoever answers for the app, and admins. Everybody else sees counts.

Code is private where it could not be read without the bot's own access: then a finding would tell a colleague what the
code host does not let them read.
"""

from __future__ import annotations

from collections.abc import Sequence

from commands.people import is_admin
from commands.world import Person, World
from storage.model import Acceptance, Owner


def may_read(person: Person, named: Sequence[Owner], world: World, *, is_private: bool) -> bool:
    """Whether *person* may read the findings of an app with these owners (none: an address)."""
    return not is_private or person.id in responsible(named) or is_admin(person, world)


def responsible(named: Sequence[Owner]) -> tuple[str, ...]:
    """Return who accepted to answer for the app."""
    return tuple(one.person for one in named if one.acceptance is Acceptance.ACCEPTED)
