"""Pages: their chains, their logs, their answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class PageState(StrEnum):
    """PagerDuty's words for the life of a page."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class StepKind(StrEnum):
    """What a step's target is, and so how it is turned into people and channels when the step is due."""

    PERSON = "person"
    GROUP = "group"  # a user group of the workspace
    CHANNEL = "channel"
    SCHEDULE = "schedule"  # an on-call schedule


#: A step's kind follows from its role; pages of older versions have it by that too.
STEP_KINDS = {
    "owner": StepKind.PERSON,
    "backup": StepKind.PERSON,
    "group": StepKind.GROUP,
    "on-call": StepKind.SCHEDULE,
    "channel": StepKind.CHANNEL,
    "reliability": StepKind.CHANNEL,
}


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step of a page's chain, frozen when the page is made: who is told, and how long to wait for an answer.

    *known* are the people behind *target* as they were then, each with their e-mail address (empty where nobody knows
    it): Slack may be away when the step is due. *name* is what people call the target where its id says nothing.
    """

    role: str  # one of STEP_KINDS
    target: str  # the id of a person, a user group or a channel, or the name of an on-call schedule
    wait: timedelta
    name: str = ""
    known: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> StepKind:
        """What the target is."""
        return STEP_KINDS[self.role]


#: Entries of a page's log, the newest, whose messages are still edited; after hours nobody reads the oldest.
SHOWN = 40
#: The route of an entry that says only why nobody was told: what it was meant for is gone.
NO_ROUTE = "none"


@dataclass(frozen=True, slots=True)
class Told:
    """
    One delivery of a page: *step* is the index in the chain, *target* the person or channel that it came down to.

    *meant* is what the frozen step said, `role:target`. *repeat* counts from 0 the times that the target was told by
    this route. *route* is empty for Slack, else the name of a second route or NO_ROUTE; *address* is where the person
    is reached outside of Slack. *failed* says why it did not reach its target, where it did not. Where Slack took it,
    it stands at *ts* in *channel* since *delivered_at*; *seen_at* is when whoever was told first did something with it.
    """

    step: int
    target: str
    at: datetime
    repeat: int = 0
    failed: str = ""
    route: str = ""
    meant: str = ""
    address: str = ""
    delivered_at: datetime | None = None
    seen_at: datetime | None = None
    channel: str = ""
    ts: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """
    A page and its own log.

    *due_at* is when the next step goes out; once somebody acknowledged, when they are asked whether they are still on
    it, and after *reminded_at*, when it is open again. *position* is the index of the next step; past the end of the
    chain the last one repeats. *notes* are sentences on what the chain had to do without, and on answers that went
    stale. *joined* counts the pages of the same person that were added to this one, *reopened* how often it was opened
    again. *request_id* is what the log calls the request that made it; all that the clock does for it goes by it, too.
    """

    id: str
    app_id: str
    what: str
    by: str
    channel: str | None  # where it was asked for
    made_at: datetime
    steps: tuple[Step, ...]
    state: PageState = PageState.TRIGGERED
    position: int = 0
    due_at: datetime | None = None
    told: tuple[Told, ...] = ()
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    notes: tuple[str, ...] = ()
    joined: int = 0
    reminded_at: datetime | None = None
    reopened: int = 0
    request_id: str = ""
