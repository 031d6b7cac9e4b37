"""Who answers for an app, in the words every view uses."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.text import person
from storage.model import Acceptance, Owner, Role

NOBODY = "*Nobody has accepted this app.*"


def owner_words(owner: Owner | None) -> str:
    """Say who has a role, and whether they took it on."""
    if owner is None:
        return "nobody"
    return {
        Acceptance.ACCEPTED: person(owner.person),
        Acceptance.ASKED: f"{person(owner.person)} (asked, not accepted yet)",
        Acceptance.DECLINED: f"nobody ({person(owner.person)} said no)",
    }[owner.acceptance]


def with_role(owners: Sequence[Owner], role: Role) -> Owner | None:
    """Return who is named for *role*."""
    return next((one for one in owners if one.role is role), None)


def answering(registered_by: str, people: Sequence[str]) -> str:
    """Say who registered an app and which *people* answer for it; not a whole sentence."""
    if tuple(people) == (registered_by,):
        return f"{person(registered_by)} registered it and answers for it"
    if not people:
        return f"{person(registered_by)} registered it, and nobody answers for it yet"
    verb = "answers" if len(people) == 1 else "answer"
    return f"{person(registered_by)} registered it; {' and '.join(map(person, people[:5]))} {verb} for it"


def is_accepted(owners: Sequence[Owner]) -> bool:
    """Whether an owner took the app on."""
    owner = with_role(owners, Role.OWNER)
    return owner is not None and owner.acceptance is Acceptance.ACCEPTED
