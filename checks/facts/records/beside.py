"""What a route leaves unasked beside what it asks, or what others of the same app ask: children, siblings, the rest."""

from __future__ import annotations

import re

from checks.facts.code.bodies import is_personal
from checks.facts.records.access import Access, same_table
from checks.facts.records.records import Records
from checks.facts.records.unasked import MUTATING, PEOPLE, Doings, Unasked, accesses_of, is_one
from checks.facts.routes.served import Served

_CREDENTIAL = re.compile(r"api_?key|secret|password|credential|token|smtp|webhook|provider|endpoint", re.IGNORECASE)
_APP_WIDE = re.compile(r"(?:app|system|site|global|admin|server|platform)?_?(?:settings?|config|configuration)")
_SWEEPS = re.compile(r"token|session|otp|cache|log|notification|expired|temp|queue|cart|draft", re.IGNORECASE)
_CAPABILITY = re.compile(r"token|invite|secret|hash|signature|otp|slug", re.IGNORECASE)


def kind_of(access: Access) -> str:
    """Return whether *access* reads or writes."""
    return "read" if access.operation in {"read", "list"} else "write"


def child(route: Served, doings: Doings) -> Unasked | None:
    """Return that *route* asks whose one record is, and changes another that only the request names."""
    if any("matched" in doing.uses for body, doing in doings if body.part != "handler"):
        return None
    own = [doing for body, doing in doings if body.part == "handler"]
    asked = {same_table(one) for doing in own for one in doing.asks if not one.startswith("=")}
    if "*" in asked:
        return None
    accesses = [access for doing in own for access in doing.accesses]
    names = {one[1:] for doing in own for one in doing.asks if one.startswith("=")}
    for access in accesses:
        if access.caller or same_table(access.table) in asked:
            names.update(access.by)
    for access in accesses:
        others = {same_table(one[1:]) for one in access.by if one.startswith("@")}
        if access.operation not in {"change", "delete"} or access.caller or not access.by:
            continue
        if same_table(access.table) in asked or others & asked or names & set(access.by):
            continue
        if not any(_CAPABILITY.search(column) for column in access.columns):
            return Unasked(route, "child", access.table, access.operation)
    return None


def sibling(route: Served, doings: Doings, records: Records) -> Unasked | None:
    """Return that *route* does, for whoever is signed in, what other routes of the app ask for a role."""
    own = [access for body, doing in doings if body.part == "handler" for access in doing.accesses]
    for access in own:
        kind = kind_of(access)
        asked = (same_table(access.table), kind) in records.ruled
        if access.caller or access.operation in {"send", "make"} or not asked:
            continue
        people = is_personal(access.table) or is_one(PEOPLE, access.table)
        if (kind == "write" and route.method in MUTATING) or (access.operation == "list" and people):
            return Unasked(route, "sibling", access.table, access.operation)
    return None


def for_everybody(route: Served, doings: Doings) -> Unasked | None:
    """Return that *route* deletes every record, sets what the whole app runs with, or reads any table at all."""
    own = [access for body, doing in doings if body.path == route.file for access in doing.accesses]
    if any(access.table == "*" and access.given and not access.caller for access in own):
        return Unasked(route, "tables", "table", "read")
    for access in accesses_of(doings):
        if access.caller:
            continue
        bare = not access.given and not access.columns
        if access.operation == "delete" and bare and not _SWEEPS.search(access.table):
            return Unasked(route, "wipe", access.table, "delete")
        words = " ".join((*access.columns, route.path, route.handler))
        sets = access.operation in {"create", "change"} and is_one(_APP_WIDE, access.table)
        if sets and route.method in MUTATING and _CREDENTIAL.search(words):
            return Unasked(route, "shared", access.table, access.operation)
    return None


def muted(route: Served, doings: Doings) -> Unasked | None:
    """Return that the handler of *route* has its question in a comment."""
    off = any("muted" in doing.uses for body, doing in doings if body.part == "handler")
    return Unasked(route, "muted", "", "read") if off else None
