"""
What orders have to say: frozen values that the bot renders. News survives JSON both ways, since the outbox keeps it.

A view (bot/views) is a pure function of one of these; what a card needs is in it, so that nothing is looked up later.

The orders behind its buttons and forms, with the id that each takes (as the button's value, the form's memory):
accept-app and decline-app, `<app id>:<role>`; name-somebody (a form), the same, with the field "person";
check-again, an app's id or a report's; show-details and show-fix-prompt, a report's; register-app as a button, a
report's, and as a form the fields of RegisterForm; acknowledge-page, resolve-page, still-on-it and
show-page-log, a page's; ask-private and
ask-probe, an app's; allow-private and allow-probe, a request's; probe-routes, `<app id>:on` or `:off`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.model import Placement, Report, Verdict
from commands.affected import Affected
from commands.on_call_news import OnCallShown
from commands.page_news import Paged, PageLog, PageRehearsal, StillOnIt
from storage.leave_requests import PrivateRequest, ProbeRequest
from storage.model import App, CheckRequest, Owner, Page, Role


@dataclass(frozen=True, slots=True)
class Said:
    """One plain sentence or two, for the person who asked. *example* is shown as code, ready to copy."""

    text: str
    example: str = ""
    did_you_mean: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last report of an app, in short."""

    report_id: str
    revision: str | None
    checked_at: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Card:
    """An app: who answers for it, what data, where it may run, what it was last checked at, its open pages."""

    app: App
    owners: tuple[Owner, ...]
    last: LastCheck | None = None
    open_pages: tuple[Page, ...] = ()
    trouble: str = ""  # what the reader should know about reaching the channel or the repository
    asked_in: str | None = None  # the channel where an admin is asked to let the bot read its private code
    probe_asked_in: str | None = None  # the same for a look at it where it runs
    may_probe: bool = False  # the bot may look at it where it runs
    unseen_since: datetime | None = None  # its code cannot be looked at; its thread says why


@dataclass(frozen=True, slots=True)
class Registered:
    """An app was registered; *asked* are the people who were asked to accept it, *notes* what to know besides."""

    card: Card
    asked: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """
    The form of /register-app; *fields* are its initial values by name. *app_id* where it changes an app.

    Its fields: name, repository, purpose, live_url, built_with, data (DataClass), audience (Audience), exposure
    (Exposure), wanted (Placement), channel (an id), owner, backup (people's ids), escalates_to (`@group` or
    `on-call:NAME`). Only name and repository must be filled in; without an owner it is whoever submits it. The form is
    given to register-app, with *app_id* as its memory.
    """

    fields: dict[str, str]
    app_id: str | None = None


@dataclass(frozen=True, slots=True)
class OwnershipAsked:
    """To the person: will you answer for this app? *answer* is filled in once they (or somebody) answered."""

    app: App
    role: Role
    person: str
    asked_by: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class NameSomebodyForm:
    """The form behind "Not me, it is ...", which asks who it is."""

    app: App
    role: Role


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """To the person who asked: the check runs, and where its answer will stand."""

    request: CheckRequest
    name: str
    where: str  # a sentence: "in the thread of billing-bot in #apps"
    place: int = 0  # in the line of those who wait; 0: its turn is now
    wait: timedelta | None = None  # about, until its turn; None where nobody can tell


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How far a check is: *stage* is fetching, reading, checking or judging."""

    name: str
    stage: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict. *app* is None for an address nobody registered. *report_id* opens details and the fix prompt."""

    name: str
    report_id: str
    report: Report
    app: App | None = None
    asked_by: str | None = None
    hide_findings: bool = False  # this place may see counts only
    may_ask: bool = False  # an admin, letting the bot use its token, would have more looked at
    may_ask_probe: bool = False  # an admin, letting the bot look at it where it runs, would have more looked at


@dataclass(frozen=True, slots=True)
class Unchanged:
    """
    A verdict in which nothing is different from the one that was told at *since* in the same place.

    *hide_findings* as of Checked.
    """

    app: App
    report_id: str
    placement: Placement
    since: datetime
    checked_at: datetime
    revision: str | None
    hide_findings: bool = False


@dataclass(frozen=True, slots=True)
class CheckRefused:
    """A check that could not be made, and why, in a sentence; *mend* is the command by which its app is mended."""

    name: str
    reason: str
    app: App | None = None
    repository: str = ""
    asked_in: str | None = None  # the channel where an admin is asked to let the bot read it
    mend: str = ""


@dataclass(frozen=True, slots=True)
class PrivateAsked:
    """
    To the admins: may the bot use its own access to this app's repository? Once answered it says by whom.

    *readers* are the people who answer for the app, and so would see what is found.
    """

    request: PrivateRequest
    app: App
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProbeAsked:
    """
    To the admins: may the bot look at this app where it runs? Once answered it says by whom.

    *owners* are the people who answer for the app.
    """

    request: ProbeRequest
    app: App
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Everything a report holds, for the person who pressed [Details]."""

    name: str
    report: Report


@dataclass(frozen=True, slots=True)
class FixPrompt:
    """The prompt that mends all blocking findings, to paste into an AI builder."""

    name: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Regressed:
    """
    What got worse since the report before, told once in the app's thread and edited in place.

    *new* are sentences for findings that stand now and did not, *gone* those of them mended since, *lost* checks that
    can no longer be looked at. *closed_at* is set when nothing of it stands any more.
    """

    app: App
    owner: str | None
    new: tuple[str, ...]
    lost: tuple[str, ...]
    gone: tuple[str, ...]
    before: Verdict | None
    after: Verdict
    revision: str | None
    since: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AppRow:
    """One line of a list of apps."""

    app: App
    owner: str | None
    accepted: bool
    verdict: Verdict | None
    checked_at: datetime | None
    open_pages: int
    note: str = ""
    unseen_since: datetime | None = None  # as of Card


@dataclass(frozen=True, slots=True)
class AppList:
    """A list of apps; *total* where not all are shown; *asked* is what was asked for, *hint* the next step."""

    title: str
    rows: tuple[AppRow, ...]
    total: int
    hint: str = ""


News = (
    Said
    | Card
    | Registered
    | RegisterForm
    | OwnershipAsked
    | NameSomebodyForm
    | CheckStarted
    | CheckProgress
    | Checked
    | Unchanged
    | CheckRefused
    | PrivateAsked
    | ProbeAsked
    | Details
    | FixPrompt
    | Regressed
    | Affected
    | Paged
    | PageLog
    | PageRehearsal
    | StillOnIt
    | AppList
    | OnCallShown
)

#: News by name, for the outbox, which keeps the name beside the JSON.
KINDS: dict[str, type] = {kind.__name__: kind for kind in News.__args__}
