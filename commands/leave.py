"""What the leaves that only an admin gives have in common: the request they answer, and who comes second."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from commands.command import Refused
from commands.moments import clock_time
from commands.people import handle
from commands.world import World


class Asked(Protocol):
    """A request to the admins, such as storage.leave_requests.PrivateRequest."""

    @property
    def id(self) -> str:
        """Its own id."""

    @property
    def app_id(self) -> str:
        """The app it is about."""

    @property
    def answered_at(self) -> datetime | None:
        """When it was closed; None while it is open."""

    @property
    def allowed_by(self) -> str | None:
        """The admin who said yes; None where it was not needed any more."""


_Asked = TypeVar("_Asked", bound=Asked)


def still_asked(asked: _Asked | None) -> _Asked:
    """Return *asked*, which a button means; raises Refused where it is not known any more."""
    if asked is None:
        raise Refused("I do not know that request any more.")
    return asked


async def too_late(asked: Asked, world: World, *, about: str) -> Refused:
    """Return what is said of *asked*, which is closed; *about* is what the app may have another of by now."""
    if asked.allowed_by is None:
        return Refused(f"The app has another {about} now, so there is nothing to allow here any more.")
    assert asked.answered_at is not None
    at = clock_time(asked.answered_at, world.clock.now())
    return Refused(f"Already allowed by {await handle(world, asked.allowed_by)} at {at}.")
