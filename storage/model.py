"""The nouns of the registry: frozen values. People, channels and messages go by Slack's ids; times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from checks.model import Audience, DataClass, Exposure, Placement, Verdict


class Role(StrEnum):
    """What a person takes on for an app."""

    OWNER = "owner"
    BACKUP = "backup"


class Acceptance(StrEnum):
    """Ownership is an act: whoever is named is asked, and answers."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


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
class App:
    """
    One registered app. *key* is the name as it is compared (storage.names.name_key).

    *channel* is where its people are, None where nobody named one. *thread_channel* and *thread* (a ts) are where its
    card stands, the root of its thread; None until it was sent. *reads_private*: an admin has let the bot use its own
    access to *repository*. *probes_live*: an admin has let it look at *live_url*; *probes_routes*: its owner lets its
    routes be asked there. Another repository, or another address, ends what was let. *escalates_to* is who is told of a
    page after the backup: `group:ID:@handle` or `on-call:NAME` (commands/escalates_to.py); empty for nobody.
    """

    id: str
    name: str
    key: str
    repository: str
    registered_by: str
    registered_at: datetime
    purpose: str = ""
    live_url: str = ""
    built_with: str = ""
    data: DataClass | None = None
    audience: Audience | None = None
    exposure: Exposure | None = None
    wanted: Placement = Placement.PRODUCTION
    channel: str | None = None
    thread_channel: str | None = None
    thread: str | None = None
    report_id: str | None = None  # the last report
    reads_private: bool = False
    probes_live: bool = False
    probes_routes: bool = False
    escalates_to: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """
    When an app's repository is looked at next, and what was seen last.

    *revision* is its HEAD as last seen, *trouble* the sentence why it cannot be seen, since *trouble_since*. *version*
    counts the troubles, so that each has a message of its own.
    """

    app_id: str
    due_at: datetime
    revision: str | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Owner:
    """A person asked to answer for an app, and what they said."""

    app_id: str
    role: Role
    person: str
    acceptance: Acceptance
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None = None


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
    stale. *joined* counts the pages of the same person that were added to this one.
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


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """
    A check that somebody was promised; it is worked off after a restart too. *app_id* None: a bare address.

    Whoever runs it, the process *held_by*, holds it until *held_until* and extends that; *attempts* counts the starts,
    of which *begun_at* is the last.
    """

    id: str
    repository: str
    asked_by: str | None  # None: the clock
    asked_at: datetime
    app_id: str | None = None
    channel: str | None = None  # where it was asked for
    thread: str | None = None
    with_token: bool = False
    live_url: str = ""
    may_probe: bool = False
    probes_routes: bool = False
    done_at: datetime | None = None
    attempts: int = 0
    held_until: datetime | None = None
    held_by: str | None = None
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """
    A process that runs on this registry; its *id* is another at each start.

    *beats* counts its signs of life, *seen_at* is the last. *stopped_at*: it ended, or was taken for dead.
    """

    id: str
    role: str  # bot, worker, all
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    beats: int = 0
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """
    What only one process may hold. *holder* is None where it was given up.

    *fence* rises with each new holder, *beats* with each extension. *until* tells people how long it holds; whether its
    holder is alive others see by *beats*, since no machine's clock can be trusted for that.
    """

    name: str
    holder: str | None
    until: datetime
    fence: int
    beats: int


@dataclass(frozen=True, slots=True)
class RegressionEntry:
    """
    One thing that got worse: a finding that was not there, or a check that can no longer be looked at (*is_lost*).

    *key* is `check:fingerprint`, or the check's id for a loss of sight.
    """

    key: str
    sentence: str
    is_lost: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Regression:
    """What got worse in an app and was told; open until nothing of it stands. An app has at most one open."""

    id: str
    app_id: str
    opened_at: datetime
    before: Verdict | None
    entries: tuple[RegressionEntry, ...]
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """
    Where a message goes: a person (direct message), a channel, a thread in it, or the thread of an app.

    With *app_id* it is the app's thread, wherever its root stands when the message is sent. With *is_root* besides it
    is that root itself, the app's card, sent to *channel*. *route* is empty for Slack, else the name of a second route
    (email, webhook, pagerduty), and *address* where it goes there.
    """

    person: str | None = None
    channel: str | None = None
    thread: str | None = None
    app_id: str | None = None
    is_root: bool = False
    route: str = ""
    address: str = ""

    @property
    def place(self) -> str:
        """One word that is equal where a message with the same key is an edit of the other."""
        if self.route:
            return f"{self.route}:{self.address}"
        if self.app_id:
            return f"{'root' if self.is_root else 'app'}:{self.app_id}"
        if self.person:
            return f"person:{self.person}"
        return f"channel:{self.channel}:{self.thread or ''}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands in Slack: its channel and ts."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Message:
    """
    One row of the outbox, as its sender gets it.

    *key* names the message: with *stands* it edits the one that stands there under the same key, else it is new. *kind*
    names the type of news in *news* (JSON). *to* names a person or a channel (and thread); an app's thread is resolved
    already. *token* is opaque and the same at every attempt, so that a sender in doubt can look for it.

    *tried_at* is when it was handed over last, where nobody knows whether it arrived. *diverted* says why it goes to the
    reliability channel instead. *told* is the entry (page, number) of a page's log that it delivers.
    """

    id: int
    token: str
    key: str
    to: Destination
    kind: str
    news: dict[str, Any]
    urgent: bool
    made_at: datetime
    due_at: datetime
    attempts: int = 0  # earlier ones, which failed or of which nobody knows
    stands: Standing | None = None
    held_by: str = ""
    tried_at: datetime | None = None
    diverted: str = ""
    told: tuple[str, int] | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One thing that came in and was kept before it was acknowledged; *id* is its sender's own id for it.

    *held_by* is the process that works it off, *attempts* counts how often one took it over from another.
    """

    id: str
    kind: str
    body: dict[str, Any]
    received_at: datetime
    attempts: int = 0
    done_at: datetime | None = None
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """
    Who did what to what, when; *detail* holds before and after, never a secret.

    *digest* is of the row itself and of *previous*, the digest of the row before.
    """

    id: int
    at: datetime
    who: str
    what: str
    subject: str
    detail: dict[str, Any]
    request_id: str
    previous: str
    digest: str
