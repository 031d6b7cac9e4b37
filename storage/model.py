"""
The nouns of the registry: frozen values, no behaviour but what follows from their own fields.

People, channels and messages are named by Slack's ids. Times are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from checks.model import Audience, DataClass, Placement


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


@dataclass(frozen=True, slots=True)
class App:
    """One registered app. *key* is the name as it is compared (NFKC, case-folded); *thread* the root message's ts."""

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
    wanted: Placement = Placement.PRODUCTION
    channel: str | None = None
    thread: str | None = None


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
    """One step of a page's chain, frozen when the page is made: who is told, and how long to wait for an answer."""

    role: str  # owner, backup, channel, reliability
    target: str  # a person's or channel's id
    wait: timedelta
    is_person: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery of a page: *step* is the index in the chain; *repeat* counts from 0 at the last step."""

    step: int
    target: str
    at: datetime
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """
    A page and its own log.

    *due_at* is when the next step goes out; None once somebody acknowledged. *position* is the index of the next step;
    at the end of the chain the last one repeats.
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


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A check that somebody was promised; it is worked off after a restart too. *app_id* None: a bare address."""

    id: str
    repository: str
    asked_by: str | None  # None: the clock
    asked_at: datetime
    app_id: str | None = None
    channel: str | None = None  # where it was asked for
    thread: str | None = None
    with_token: bool = False
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes: a person (direct message), a channel, a thread in it, or the thread of an app."""

    person: str | None = None
    channel: str | None = None
    thread: str | None = None
    app_id: str | None = None  # the app's thread, wherever its root is when the message is sent


@dataclass(frozen=True, slots=True)
class Message:
    """
    One row of the outbox.

    *key* names the message: a later row with the same key and destination edits the message that stands there. *kind*
    names the type of news in *news* (JSON).
    """

    id: int
    key: str
    to: Destination
    kind: str
    news: dict[str, Any]
    urgent: bool
    made_at: datetime
    due_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what, when; *detail* holds before and after, never a secret."""

    id: int
    at: datetime
    who: str
    what: str
    subject: str
    detail: dict[str, Any]
