"""Trigger ids: one use, three seconds, as in Slack."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from workspace.limits import TRIGGER_SECONDS
from workspace.wire import Refusal


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a person did that allows one view: who, in which channel, in which open view, and when (Unix seconds)."""

    person: str
    channel: str
    view: str
    at: float


class Triggers:
    """The trigger ids that were handed out. *clock* gives Unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[str, Trigger | None] = {}

    def issue(self, person: str, channel: str = "", view: str = "") -> str:
        """Make a trigger id for something that *person* just did."""
        now = self._clock()
        trigger_id = f"{int(now * 1000)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._given[trigger_id] = Trigger(person, channel, view, now)
        return trigger_id

    def use(self, trigger_id: str) -> Trigger:
        """Take a trigger id.

        Raises Refusal: ``invalid_trigger_id``, ``exchanged_trigger_id`` the second time,
        ``expired_trigger_id`` after three seconds.
        """
        if trigger_id not in self._given:
            raise Refusal("invalid_trigger_id")
        trigger = self._given[trigger_id]
        if trigger is None:
            raise Refusal("exchanged_trigger_id")
        if self._clock() - trigger.at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self._given[trigger_id] = None
        return trigger
