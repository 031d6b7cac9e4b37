"""
Routes where being signed in is enough: nobody asks whether the record is the caller's, or what the caller may do.

A route counts when it asks who is calling (an open one is open-route's), reaches for a record that the request names,
and nothing that runs on the call compares the caller with anything or asks for a role. It is *sure* where the record
belongs to somebody: the request itself names the owner, or elsewhere the app ties the same table to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.code.bodies import is_personal
from checks.facts.records.access import Access, Doing, same_table
from checks.facts.records.acts import message, others_name, shared
from checks.facts.records.beside import child, for_everybody, kind_of, muted, sibling
from checks.facts.records.records import Records
from checks.facts.records.rights import privilege
from checks.facts.records.unasked import (
    MACHINE,
    MAKER,
    MUTATING,
    OWNER,
    PARTY,
    PEOPLE,
    PRIVILEGED,
    Unasked,
    accesses_of,
    followed,
    is_one,
    owns,
    same_column,
)
from checks.facts.routes.bodies import Body
from checks.facts.routes.public_routes import Leave, public_by_design
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served

_NAMES_ONE = re.compile(r"(?:_|^)?(?:id|pk|uuid|guid|_id|email|username|\w+_id|\w+Id|\w+_pk|number|key)$")
_CAPABILITY = re.compile(
    r"token|invite|secret|hash|signature|(?:^|_)otp|reset|share|verification|unsubscribe|slug", re.IGNORECASE
)
_ADMIN = re.compile(r"(?:^|[/_\-.:])(?:_?admin\w*|superadmin|backoffice|moderation)(?=$|[/_\-.?])", re.IGNORECASE)
_WHO = re.compile(r"user|auth|login|logged|session|jwt|account|member|identity", re.IGNORECASE)
_ONE_SECRET = re.compile(r"api_?key|secret|cron|internal|webhook|signature|basic", re.IGNORECASE)
_ROLE_BY_NAME = re.compile(
    r"admin|staff|super_?user|roles?(?![a-z])|Role|permission|has_?perm|moderator|is_?owner|scopes", re.IGNORECASE
)
_WRITTEN_DOWN = re.compile(r"(?:[lL]ogs?|[hH]istory|[aA]udits?)$|audit", re.IGNORECASE)
_WORST = ("delete", "change", "read", "list")


@dataclass(frozen=True, slots=True)
class Authorisation:
    """The routes that do not ask enough; *asked* is how many ask who is calling, the rest is as of Routes."""

    unasked: tuple[Unasked, ...]
    asked: int = 0
    served: int = 0
    unread: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    unread_servers: tuple[str, ...] = ()


def derive(routes: Routes, records: Records) -> Authorisation:
    """Return which of *routes* let whoever is signed in act on what is not theirs."""
    records = replace(records, tied=records.tied | _tied(routes, records), ruled=_ruled(routes, records))
    shown = _shown(routes, records)
    found = [one for route in routes.served for one in [_judged(route, records, shown)] if one is not None]
    asked = sum(route.guard in {"guarded", "unknown"} for route in routes.served)
    return Authorisation(tuple(found), asked, len(routes.served), routes.unread, routes.servers, routes.unread_servers)


def _judged(route: Served, records: Records, shown: frozenset[str]) -> Unasked | None:
    found = _found(route, records)
    if found is None:
        return None
    told = found.operation == "read" and route.method == "GET" and same_table(found.table) in shown
    return replace(found, sure=False) if told or route.traits & {"shelved", "page"} else found


def _shown(routes: Routes, records: Records) -> frozenset[str]:
    """Return the tables whose records some page shows to anybody by their number: a catalogue, a public profile."""
    found: set[str] = set()
    for route in routes.served:
        if route.guard == "open" and route.method == "GET":
            doings = [(body, doing) for body in route.bodies for doing in [records.of(body)] if doing is not None]
            found.update(same_table(one.table) for one in accesses_of(doings) if one.operation == "read" and one.given)
    return frozenset(found)


def _found(route: Served, records: Records) -> Unasked | None:
    doings = [(body, doing) for body in route.bodies for doing in [records.of(body)] if doing is not None]
    if _asks_for_role(route, doings):
        # Who is nobody yet has no role: what an open registration compares is the role that it was sent.
        sent = None if route.guard in {"guarded", "unknown"} else privilege(route, doings, records)
        return replace(sent, sure=False) if sent is not None else None
    raised = privilege(route, doings, records)
    if raised is not None:
        return raised
    if not _is_asked(route) or not _knows_callers(route, doings):
        return None
    if _asks_whose(doings):
        return muted(route, doings) or message(route, doings, named_only=True) or child(route, doings)
    if _ADMIN.search(route.path):
        return _admin(route, doings, records)
    found = muted(route, doings) or for_everybody(route, doings) or _of_model(route, records)
    found = found or _record(route, doings, records) or _everybody(route, doings, records) or message(route, doings)
    found = found or others_name(route, doings, records) or shared(route, doings, records)
    return found or sibling(route, doings, records)


def _is_asked(route: Served) -> bool:
    """Whether *route* asks who is calling, and no row level security behind it decides under their own session."""
    if route.guard not in {"guarded", "unknown"} or public_by_design(route) is Leave.PUBLIC:
        return False
    by_database = "as_caller" in route.traits and "service_role" not in route.traits
    return not by_database and not MACHINE.search(route.path)


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
        handed = followed(doings)[0]
        for body, doing in doings:
            for one in doing.accesses if body.part == "called" and body.called in handed else ():
                columns = one.columns if one.operation != "create" else records.columns.get(same_table(one.table), ())
                if one.operation not in {"make", "send"} and any(owns(column, records) for column in columns):
                    found.add(same_table(one.table))
    return frozenset(table for table in found if not PEOPLE.fullmatch(table))


def _ruled(routes: Routes, records: Records) -> frozenset[tuple[str, str]]:
    """Return what routes that ask for a role reach for, each as (table, "read" or "write")."""
    found: set[tuple[str, str]] = set()
    for route in routes.served:
        doings = [(body, doing) for body in route.bodies for doing in [records.of(body)] if doing is not None]
        if _asks_for_role(route, doings):
            own = (doing for body, doing in doings if body.part == "handler")
            found |= {(same_table(one.table), kind_of(one)) for doing in own for one in doing.accesses}
    return frozenset(found)


def _record(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return the access of *route* to a record that the request names, the worst first."""
    found: list[Unasked] = []
    for access in accesses_of(doings):
        if access.caller or not access.given or access.operation in {"create", "make", "send"}:
            continue
        if any(_CAPABILITY.search(column) for column in access.columns):
            return None  # who holds the link may follow it
        one = _of_access(route, access, records)
        if one is None:
            continue
        # What is looked up far from a handler that changes something need not be what it answers.
        near = any(access is own for body, doing in doings if body.part == "handler" for own in doing.accesses)
        aside = not near and access.operation in {"read", "list"} and route.method not in {"GET", "ANY"}
        found.append(replace(one, sure=one.sure and not aside))
    worst = min(found, key=lambda one: (not one.sure, _WORST.index(one.operation)), default=None)
    if worst is not None and worst.operation == "read" and route.method in MUTATING and _makes_own(doings):
        return replace(
            worst, sure=False
        )  # it is looked up for the caller's own new record to speak of: a like, a reply
    return worst


def _makes_own(doings: list[tuple[Body, Doing]]) -> bool:
    """Whether a new record is made that is the caller's."""
    return any(one.operation in {"create", "make"} and one.caller for one in accesses_of(doings))


def _of_access(route: Served, access: Access, records: Records) -> Unasked | None:
    table = same_table(access.table)
    columns = records.columns.get(table, frozenset())
    named = next((column for column in access.columns if is_one(OWNER, column)), "")
    people = is_one(PEOPLE, access.table)
    operation = access.operation
    changes = operation in {"delete", "change"} or (route.method in MUTATING and route.method != "POST")
    if named and not people:
        declared = not columns or any(same_column(named) == same_column(column) for column in columns)
        return Unasked(route, "record", access.table, operation, named, sure=declared and owns(named, records))
    party = any(is_one(PARTY, column) for column in access.columns)
    if not party and not any(is_one(_NAMES_ONE, column) for column in access.columns):
        return None
    tied = table in records.tied
    owned = any(is_one(OWNER, column) for column in columns)
    # Whoever is signed in may change it: that may be meant, but for a catalogue it is an editor's to do.
    theirs = tied or owned or any(is_one(MAKER, column) for column in columns) or is_personal(access.table)
    if not (party or people or theirs or changes):
        return None
    theirs_alone = any(owns(column, records) for column in columns)
    # What was written down about a record is not that record.
    sure = tied and not party and (changes if people else theirs_alone) and not _WRITTEN_DOWN.search(access.table)
    return Unasked(route, "record", access.table, operation, sure=sure)


def _of_model(route: Served, records: Records) -> Unasked | None:
    """Return what a framework's own view, which picks among no records, does with those of a model that has owners."""
    table = same_table(route.model)
    if not route.model or PEOPLE.fullmatch(table):
        return None
    owned = any(owns(column, records) for column in records.columns.get(table, frozenset()))
    named = re.search(r"[{<]", route.path) is not None
    if not owned or (not named and route.method != "GET"):
        return None
    tied = table in records.tied
    if not named:
        return Unasked(route, "everybody", route.model, "list") if tied else None
    operation = {"GET": "read", "DELETE": "delete"}.get(route.method, "change")
    # Whoever is signed in may be meant to read what others wrote: only a change is surely the owner's.
    return Unasked(route, "record", route.model, operation, sure=tied and operation != "read")


def _everybody(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return the list of everybody's records that *route* gives to whoever is signed in."""
    if route.method not in {"GET", "ANY"}:
        return None
    for access in accesses_of(doings):
        all_of_them = (
            not access.given and not access.caller and not any(is_one(_NAMES_ONE, one) for one in access.columns)
        )
        if access.operation == "list" and all_of_them:
            tied = same_table(access.table) in records.tied and "renders" not in route.traits
            if is_one(PEOPLE, access.table) or tied:
                return Unasked(route, "everybody", access.table, "list")
    return None


def _admin(route: Served, doings: list[tuple[Body, Doing]], records: Records) -> Unasked | None:
    """Return that an administrator's route asks for no role, where the app has roles."""
    has_roles = records.asks_roles or any(
        is_one(PRIVILEGED, column) for columns in records.columns.values() for column in columns
    )
    others = [body for body in route.bodies if body.part != "handler"]
    if not has_roles or any(_ROLE_BY_NAME.search(body.called or body.name) for body in others):
        return None
    keepers = [body for body, doing in doings if "user" in doing.uses and body.part != "handler"]
    if any(_ROLE_BY_NAME.search(body.path.rpartition("/")[2]) for body in keepers):
        return None  # a guard of the administrators' own
    worst = [access for access in accesses_of(doings) if not access.caller and access.operation != "send"]
    if not worst and not route.traits & {"reads", "stores", "writes", "runs"}:
        return None
    table = worst[0].table if worst else ""
    sure = records.asks_roles and not any(_ROLE_BY_NAME.search(body.name) for body in route.bodies)
    return Unasked(route, "admin", table, "change" if route.method in MUTATING else "read", sure=sure)


source = Derived(fact=Authorisation, needs=(Routes, Records), derive=derive)
