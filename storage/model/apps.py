"""Apps and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checks.model import Audience, DataClass, Exposure, Placement


class Role(StrEnum):
    """What a person takes on for an app."""

    OWNER = "owner"
    BACKUP = "backup"


class Acceptance(StrEnum):
    """Ownership is an act: whoever is named is asked, and answers."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


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
