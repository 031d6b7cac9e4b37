"""
Routes where being signed in is enough: nobody asks whether the record is the caller's, or what the caller may do.

A route counts when it asks who is calling (an open one is open-route's), reaches for a record that the request names,
and nothing that runs on the call compares the caller with anything or asks for a role. It is *sure* where the record
belongs to somebody: the request itself names the owner, or elsewhere the app ties the same table to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.code.bodies import is_personal
from checks.facts.records.access import Access, Doing, same_table
from checks.facts.records.records import Records
from checks.facts.routes.bodies import Body
from checks.facts.routes.public_routes import Leave, public_by_design
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served

_MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE", "ANY"})
#: Columns that say whose a record is: certainly, and perhaps (who made it need not own it).
_OWNER = re.compile(
    r"(?:user|owner|author|tenant|org|organi[sz]ation|workspace|account|profile|seller|buyer|host|creator)_?(?:id|uuid|fk)"
    r"|(?:user|owner)_email|user|owner|author"
)
#: Columns that name a person who may or may not have an account here.
_PARTY = re.compile(r"(?:patient|student|customer|member|assignee|client|employee|guest)_?(?:id|uuid|fk|email)")
_MAKER = re.compile(
    r"(?:created|uploaded|submitted|added|posted|requested|booked)_?by(?:_?(?:id|user))?|\w*_?user_?id|clerk_?id"
)
_PEOPLE = re.compile(r"(?:app|auth|custom|site|my)?(?:user|profile|account|member|customer|patient|student|employee)s?")
_NAMES_ONE = re.compile(r"(?:_|^)?(?:id|pk|uuid|guid|_id|email|username|\w+_id|\w+Id|\w+_pk|number|key)$")
_CAPABILITY = re.compile(
    r"token|invite|secret|hash|signature|(?:^|_)otp|reset|share|verification|unsubscribe|slug", re.IGNORECASE
)
_ADMIN = re.compile(r"(?:^|[/_\-.:])(?:_?admin\w*|superadmin|backoffice|moderation)(?=$|[/_\-.?])", re.IGNORECASE)
_MACHINE = re.compile(r"webhook|cron|/hooks?/|stripe|/health|callback|internal", re.IGNORECASE)
_PRIVILEGED = re.compile(
    r"(?:is_?)?(?:admin|super_?user|staff)|role|role_?id|user_?role|account_?type|permissions?", re.IGNORECASE
)
#: What is paid for: whoever may set it has it for nothing, unless the payment is asked what it was for.
_PAID = re.compile(
    r"credits|balance|is_?premium|is_?pro|(?:subscription_?)?(?:plan|tier)(?:_?(?:id|type|name|tier|tier_?id))?"
    r"|subscription_?(?:status|type)"
)
_SUBSCRIPTION = re.compile(r"(?:[a-z]+_)?(?:subscription|membership)s?")
_WHO = re.compile(r"user|auth|login|logged|session|jwt|account|member|identity", re.IGNORECASE)
_ONE_SECRET = re.compile(r"api_?key|secret|cron|internal|webhook|signature|basic", re.IGNORECASE)
_ROLE_BY_NAME = re.compile(
    r"admin|staff|super_?user|roles?(?![a-z])|Role|permission|has_?perm|moderator|is_?owner|scopes", re.IGNORECASE
)
_WORST = ("delete", "change", "read", "list")


@dataclass(frozen=True, slots=True)
class Unasked:
    """
    One route that does not ask enough. *kind* is record, admin, privilege or everybody.

    *table* is what it reaches for, *operation* what it does with it, *named* the column by which the request names the
    owner, *sure* whether the record is certainly somebody's.
    """

    route: Served
    kind: str
    table: str
    operation: str
    named: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Authorisation:
    """The routes that do not ask enough; *asked* is how many ask who is calling, *unread* what was read in part."""

    unasked: tuple[Unasked, ...]
    asked: int = 0
    served: int = 0
    unread: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


def derive(routes: Routes, records: Records) -> Authorisation:
    """Return which of *routes* let whoever is signed in act on what is not theirs."""
    records = replace(records, tied=records.tied | _tied(routes, records))
    found = [one for route in routes.served for one in [_judged(route, records)] if one is not None]
    asked = sum(route.guard in {"guarded", "unknown"} for route in routes.served)
    return Authorisation(tuple(found), asked, len(routes.served), routes.unread, routes.servers)


def _judged(route: Served, records: Records) -> Unasked | None:
    found = _found(route, records)
    return replace(found, sure=False) if found is not None and "shelved" in route.traits else found


def _found(route: Served, records: Records) -> Unasked | None:
    doings = [(body, doing) for body in route.bodies for doing in [records.of(body)] if doing is not None]
    if _asks_for_role(route, doings):
        # Who is nobody yet has no role: what an open registration compares is the role that it was sent.
        sent = None if route.guard in {"guarded", "unknown"} else _privilege(route, doings, records)
        return replace(sent, sure=False) if sent is not None else None
    raised = _privilege(route, doings, records)
    if raised is not None:
        return raised
    if not _is_asked(route) or not _knows_callers(route, doings):
        return None
    if _asks_whose(doings):
        return None
    if _ADMIN.search(route.path):
        return _admin(route, doings, records)
    return _record(route, doings, records) or _everybody(route, doings, records)


def _is_asked(route: Served) -> bool:
    """Whether *route* asks who is calling, and no row level security behind it decides under their own session."""
    if route.guard not in {"guarded", "unknown"} or public_by_design(route) is Leave.PUBLIC:
        return False
    by_database = "as_caller" in route.traits and "service_role" not in route.traits
    return not by_database and not _MACHINE.search(route.path)


def _asks_for_role(route: Served, doings: Iterable[tuple[Body, Doing]]) -> bool:
    """Whether something on the way asks what the caller may do; a middleware over all paths asks for some of them."""
    for body, doing in doings:
        over_all = body.part == "guard" and body.path.rpartition("/")[2].partition(".")[0] in {"middleware", "proxy"}
        if "role" in doing.uses and (not over_all or _ADMIN.search(route.path)):
            return True
    named = [body.name.rpartition(".")[2] for body in route.bodies if body.part in {"guard", "outside"}]
    return any(_ROLE_BY_NAME.search(name) for name in (*named, route.by))


def _knows_callers(route: Served, doings: Iterable[tuple[Body, Doing]]) -> bool:
    """Whether the callers are told apart at all: one secret for everybody tells nobody apart."""
    if any("user" in doing.uses for _, doing in doings) or any(body.part == "outside" for body in route.bodies):
        return True
    guards = [body.name.rpartition(".")[2] for body in route.bodies if body.part == "guard"]
    return any(_WHO.search(name) and not _ONE_SECRET.search(name) for name in (*guards, route.by))


def _asks_whose(doings: Iterable[tuple[Body, Doing]]) -> bool:
    """Whether something compares the caller with a record; far from the handler, only with what the request names."""
    return any("matched" in doing.uses or ("owner" in doing.uses and body.part == "handler") for body, doing in doings)


def _tied(routes: Routes, records: Records) -> frozenset[str]:
    """Return the tables that functions reach for which some handler hands the caller: `getOrders(user.id)`."""
    found: set[str] = set()
    for route in routes.served:
        doings = [(body, doing) for body in route.bodies for doing in [records.of(body)] if doing is not None]
        handed = _followed(doings)[0]
        for body, doing in doings:
            if body.part == "called" and body.called in handed:
                found.update(same_table(one.table) for one in doing.accesses if one.given or one.operation == "create")
    return frozenset(table for table in found if not _PEOPLE.fullmatch(table))


def _followed(doings: list[tuple[Body, Doing]]) -> tuple[set[str], set[str]]:
    """Return the names of functions that get the caller, and of those that get something of the request."""
    handed = {name for body, doing in doings if body.part == "handler" for name in doing.hands}
    passed = {name for body, doing in doings if body.part == "handler" for name in doing.passes}
    for body, doing in doings:  # nearest first: what was handed the caller, or a part of the request, may pass it on
        if body.called in handed:
            handed.update(doing.passes)
        elif body.part == "called" and body.called in passed:
            passed.update(doing.passes)
    return handed, passed


def _accesses(doings: list[tuple[Body, Doing]]) -> Iterator[Access]:
    """Yield what the handler reaches for, and functions that get something of the request and not the caller."""
    handed, passed = _followed(doings)
    for body, doing in doings:
        if body.part == "handler":
            yield from doing.accesses
        elif body.part == "called" and body.called not in handed:
            yield from (one if body.called in passed else replace(one, given=False) for one in doing.accesses)


def _record(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return the access of *route* to a record that the request names, the worst first."""
    found: list[Unasked] = []
    for access in _accesses(doings):
        if access.caller or not access.given or access.operation == "create":
            continue
        if any(_CAPABILITY.search(column) for column in access.columns):
            return None  # who holds the link may follow it
        one = _of_access(route, access, records)
        if one is not None:
            found.append(one)
    return min(found, key=lambda one: (not one.sure, _WORST.index(one.operation)), default=None)


def _of_access(route: Served, access: Access, records: Records) -> Unasked | None:
    table = same_table(access.table)
    columns = records.columns.get(table, frozenset())
    named = next((column for column in access.columns if _is(_OWNER, column)), "")
    people = _is(_PEOPLE, access.table)
    operation = access.operation
    changes = operation in {"delete", "change"} or (route.method in _MUTATING and route.method != "POST")
    if named and not people:
        return Unasked(route, "record", access.table, operation, named, sure=True)
    party = any(_is(_PARTY, column) for column in access.columns)
    if not party and not any(_is(_NAMES_ONE, column) for column in access.columns):
        return None
    tied = table in records.tied
    owned = any(_is(_OWNER, column) for column in columns)
    # Whoever is signed in may change it: that may be meant, but for a catalogue it is an editor's to do.
    theirs = tied or owned or any(_is(_MAKER, column) for column in columns) or is_personal(access.table)
    if not (party or people or theirs or changes):
        return None
    sure = tied and not party and (changes if people else owned)
    return Unasked(route, "record", access.table, operation, sure=sure)


def _everybody(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return the list of everybody's records that *route* gives to whoever is signed in."""
    if route.method not in {"GET", "ANY"}:
        return None
    for access in _accesses(doings):
        all_of_them = not access.given and not access.caller and not any(_is(_NAMES_ONE, one) for one in access.columns)
        if access.operation == "list" and all_of_them:
            tied = same_table(access.table) in records.tied and "renders" not in route.traits
            if _is(_PEOPLE, access.table) or tied:
                return Unasked(route, "everybody", access.table, "list")
    return None


def _admin(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return that an administrator's route asks for no role, where the app has roles."""
    has_roles = records.asks_roles or any(
        _is(_PRIVILEGED, column) for columns in records.columns.values() for column in columns
    )
    if not has_roles or any(_ROLE_BY_NAME.search(body.called or body.name) for body in route.bodies):
        return None
    keepers = [body for body, doing in doings if "user" in doing.uses and body.part != "handler"]
    if any(_ROLE_BY_NAME.search(body.path.rpartition("/")[2]) for body in keepers):
        return None  # a guard of the administrators' own
    worst = [access for access in _accesses(doings) if not access.caller]
    if not worst and not route.traits & {"reads", "stores", "writes", "runs"}:
        return None
    table = worst[0].table if worst else ""
    return Unasked(route, "admin", table, "change" if route.method in _MUTATING else "read", sure=records.asks_roles)


def _privilege(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return that the body of a request may say what a user may do, or has paid for; a payment's own call may."""
    machine = _MACHINE.search(route.path) is not None
    for access in _accesses(doings):
        people, pays = _is(_PEOPLE, access.table), _is(_SUBSCRIPTION, access.table)
        if not access.sets or not (people or pays):
            continue
        rights = (name for name in access.sets if people and _is(_PRIVILEGED, name))
        paid = (name for name in access.sets if not machine and _is(_PAID, name))
        named = next(rights, "") or next(paid, "")
        if named:
            return Unasked(route, "privilege", access.table, access.operation, named, sure=False)
        columns = records.columns.get(same_table(access.table), frozenset())
        held = next((column for column in columns if _is(_PRIVILEGED, column)), "")
        if people and "*" in access.sets and held:
            return Unasked(route, "privilege", access.table, access.operation, held, sure=True)
    return None


def _is(pattern: re.Pattern[str], name: str) -> bool:
    """Whether *name*, in any way of writing, is of *pattern*."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return pattern.fullmatch(plain) is not None or pattern.fullmatch(name) is not None


source = Derived(fact=Authorisation, needs=(Routes, Records), derive=derive)
