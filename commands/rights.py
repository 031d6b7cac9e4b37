"""
Who may do what, as one table: the parts that a person can have towards an app, a page or a rota, and what each may do.

They are looked up when somebody acts, from whom Slack says it is, never from a value in a button. `demand` refuses in
words that name who may; `Command.give` writes every such refusal down. What is open to every member is in the table
too: guests, bots and people of other workspaces have no part in anything.

Silencing an app and waiving a check have no row, since no order does either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from commands.command import Denied, Request
from commands.people import unfit
from commands.world import Person, World
from storage.model import Acceptance, App, Owner, Role


class Part(StrEnum):
    """What somebody is: in the workspace, or towards what they act on."""

    MEMBER = "member"
    ADMIN = "admin"  # of the workspace, or named in GROUNDCREW_ADMINS
    APPROVER = "approver"  # in the user group GROUNDCREW_APPROVERS
    OWNER = "owner"  # accepted
    BACKUP = "backup"  # accepted
    REGISTRANT = "registrant"  # registered the app, of which nobody has accepted anything yet
    ASKED = "asked"  # whether they answer for the app
    ON_PATH = "on path"  # of the page or rota, or reads it in a channel that is


class Action(StrEnum):
    """What is done, as the audit log names it where it was refused."""

    SEE_APPS = "see apps"
    READ_REPORTS = "read reports"
    READ_PRIVATE_FINDINGS = "read private findings"
    CHECK = "check apps"
    REGISTER = "register apps"
    EDIT = "change app"
    TRANSFER = "hand over app"
    ANSWER_QUESTION = "answer for app"
    ASK_ADMINS = "ask admins"
    ALLOW_PRIVATE = "allow private"
    ALLOW_PROBE = "allow probe"
    PROBE_ROUTES = "probe routes"
    PAGE = "page owner"
    ANSWER_PAGE = "answer page"
    SEE_ADDRESSES = "see addresses"
    PAGE_FREELY = "page without a limit"
    SEE_ON_CALL = "see on-call"
    MANAGE_ON_CALL = "manage on-call"
    MAKE_ON_CALL = "make on-call"


@dataclass(frozen=True, slots=True)
class Right:
    """
    Who may do one thing. *doing* says it to whoever is no member; *refusal* and *example* to members who may not.

    `{app}` stands for the app's name. *unowned* may too where nobody owns the app: nobody accepted, or the owner is
    gone.
    """

    doing: str
    parts: frozenset[Part]
    refusal: str = ""
    example: str = ""
    unowned: frozenset[Part] = frozenset()


_MEMBERS = frozenset({Part.MEMBER})
_ADMINS = frozenset({Part.ADMIN})
_HOLDERS = frozenset({Part.OWNER, Part.BACKUP, Part.REGISTRANT, Part.ADMIN})

RIGHTS: Mapping[Action, Right] = {
    Action.SEE_APPS: Right("see the apps", _MEMBERS),
    Action.READ_REPORTS: Right("read reports", _MEMBERS),
    Action.READ_PRIVATE_FINDINGS: Right(
        "read reports",
        frozenset({Part.OWNER, Part.BACKUP, Part.APPROVER, Part.ADMIN}),
        "This code is private: only those who answer for it, approvers and admins may read its findings.",
    ),
    Action.CHECK: Right("check apps", _MEMBERS),
    Action.REGISTER: Right("register apps", _MEMBERS),
    Action.EDIT: Right(
        "change apps", _HOLDERS, "Only the owner of {app}, its backup and admins may change it.", "/apps {app}"
    ),
    Action.TRANSFER: Right(
        "hand over apps",
        frozenset({Part.OWNER, Part.REGISTRANT, Part.ADMIN}),
        "Only the owner of {app} and admins may hand it over; where nobody owns it, its backup and approvers may, too.",
        "/apps {app}",
        unowned=frozenset({Part.BACKUP, Part.APPROVER}),
    ),
    Action.ANSWER_QUESTION: Right(
        "answer for an app",
        frozenset({Part.ASKED}),
        "Somebody else was asked whether they answer for this app; only they can say so.",
    ),
    Action.ASK_ADMINS: Right("ask for an app", _MEMBERS),
    Action.ALLOW_PRIVATE: Right(
        "let me read private code",
        _ADMINS,
        "Only an admin can let me read private code: ask one of them to press it.",
    ),
    Action.ALLOW_PROBE: Right(
        "let me look at live apps", _ADMINS, "Only an admin can let me look at a live app: ask one of them to press it."
    ),
    Action.PROBE_ROUTES: Right(
        "change apps", _HOLDERS, "Only the owner of {app}, its backup and admins may decide that."
    ),
    Action.PAGE: Right("page an owner", _MEMBERS),
    Action.ANSWER_PAGE: Right(
        "answer a page",
        frozenset({Part.ON_PATH, Part.OWNER, Part.BACKUP, Part.ADMIN}),
        "You may not answer this page: it is for those who answer for {app}. If you know more, page them.",
        "/page-owner {app} what you know",
    ),
    Action.SEE_ADDRESSES: Right("see where others are reached", _ADMINS),  # else they stand there masked
    Action.PAGE_FREELY: Right("page without a limit", _ADMINS),
    Action.SEE_ON_CALL: Right("see who is on call", _MEMBERS),
    Action.MAKE_ON_CALL: Right(
        "make on-call schedules",
        _ADMINS,
        "Only an admin can make or remove an on-call schedule, or have it follow a calendar: ask one of them.",
        "/on-call",
    ),
    Action.MANAGE_ON_CALL: Right(
        "change who is on call",
        frozenset({Part.ON_PATH, Part.APPROVER, Part.ADMIN}),
        "Only those who are in this rota, approvers and admins may change it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Over:
    """
    What is acted on: an app with who is *named* for it, a *question* to somebody, a page's or rota's *path*.

    *path* holds people and channels, *channel* is where the button was pressed; *subject* names it to the audit log
    where that is not the app.
    """

    app: App | None = None
    named: Sequence[Owner] = ()
    question: Owner | None = None
    path: Collection[str] = ()
    channel: str | None = None
    subject: str = ""
    owner_is_gone: bool = False

    @property
    def is_unowned(self) -> bool:
        """Whether nobody owns it: nobody has accepted, or whoever did is gone."""
        return self.owner_is_gone or not any(one.role is Role.OWNER for one in _accepted(self.named))


_NOTHING = Over()
_FEW = 3  # admins who are named in refusals; of many nobody knows whom it suits


async def demand(request: Request, world: World, action: Action, over: Over = _NOTHING) -> Person:
    """Return who asks; raises Denied, in words that name who may, where they may not do *action* to *over*."""
    person = await member(request, world, action)
    require(person, action, world, over, also=await approving(person, action, world, over))
    return person


async def member(request: Request, world: World, action: Action) -> Person:
    """Return who asks; raises Denied for guests, bots and people of other workspaces. `require` says the rest."""
    person = await world.directory.acting(request.person)
    if person is None or unfit(person):
        raise Denied(f"Only members of this workspace may {RIGHTS[action].doing}.", action)
    return person


def require(
    person: Person, action: Action, world: World, over: Over = _NOTHING, *, also: frozenset[Part] = frozenset()
) -> None:
    """Raise Denied where *person*, a member who is *also* that, may not do *action*; for use inside a transaction."""
    if not may(action, parts_of(person, world, over) | also, over):
        right, name = RIGHTS[action], over.app.name if over.app else ""
        raise Denied(
            right.refusal.format(app=name),
            action,
            subject=over.subject or (over.app.id if over.app else ""),
            example=right.example.format(app=name),
            ask=_who_may(right, world, over),
        )


def _who_may(right: Right, world: World, over: Over) -> tuple[str, ...]:
    """Return who is known to have one of the parts of *right*; no admins where they are many. Pure."""
    answering = [one.person for one in _accepted(over.named) if Part(one.role.value) in right.parts]
    admins = sorted(world.house.admins) if Part.ADMIN in right.parts and len(world.house.admins) <= _FEW else []
    path = [one for one in sorted(over.path) if one[:1] in {"U", "W"}] if Part.ON_PATH in right.parts else []
    return tuple(dict.fromkeys([*answering, *admins, *path]))


def may(action: Action, parts: frozenset[Part], over: Over = _NOTHING) -> bool:
    """Whether somebody with these *parts* may do *action* to *over*. Pure."""
    right = RIGHTS[action]
    return bool(parts & (right.parts | right.unowned if over.is_unowned else right.parts))


def parts_of(person: Person, world: World, over: Over = _NOTHING) -> frozenset[Part]:
    """Return what *person* is, but for being an approver, which Slack must be asked for (`approving`)."""
    if unfit(person):
        return frozenset()
    held = _accepted(over.named)
    is_on_path = person.id in over.path or (over.channel is not None and over.channel in over.path)
    found = {
        Part.ADMIN: person.is_admin or person.id in world.house.admins,
        Part.REGISTRANT: over.app is not None and not held and over.app.registered_by == person.id,
        Part.ASKED: over.question is not None and over.question.person == person.id,
        Part.ON_PATH: is_on_path,
        **{Part(one.role.value): True for one in held if one.person == person.id},
    }
    return frozenset({Part.MEMBER, *(part for part, holds in found.items() if holds)})


async def approving(person: Person, action: Action, world: World, over: Over = _NOTHING) -> frozenset[Part]:
    """Return that *person* is an approver, where that could make a difference; nobody is where no group is set."""
    right = RIGHTS[action]
    if not world.house.approvers or Part.APPROVER not in right.parts | right.unowned:
        return frozenset()
    if may(action, parts_of(person, world, over), over):
        return frozenset()
    group = await world.directory.find_group(world.house.approvers)
    members = await world.directory.group_members(group) if group else ()
    return frozenset({Part.APPROVER}) if person.id in members else frozenset()


async def owner_is_gone(named: Sequence[Owner], world: World) -> bool:
    """Whether whoever accepted to own the app cannot answer for it any more: deactivated, or now a guest."""
    owners = [one.person for one in _accepted(named) if one.role is Role.OWNER]
    return any([bool(unfit(await world.directory.person(one))) for one in owners])


def responsible(named: Sequence[Owner]) -> tuple[str, ...]:
    """Return who accepted to answer for the app."""
    return tuple(one.person for one in _accepted(named))


def _accepted(named: Sequence[Owner]) -> list[Owner]:
    return [one for one in named if one.acceptance is Acceptance.ACCEPTED]
