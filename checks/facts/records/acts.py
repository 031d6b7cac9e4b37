"""What whoever is signed in may do beside reaching for a record: write to anybody, in others' names, for everybody."""

from __future__ import annotations

import re

from checks.facts.records.access import same_table
from checks.facts.records.records import Records
from checks.facts.records.unasked import MUTATING, OWNER, PEOPLE, Doings, Unasked, accesses_of, is_one
from checks.facts.routes.served import Served

#: Where writing to an address that the request names is what the route is for.
_MEANT = re.compile(
    r"invit|share|contact|support|feedback|forgot|reset|verif|otp|register|sign-?_?up|log-?_?in|waitlist|newsletter"
    r"|subscri|confirm|resend|refer|password|magic",
    re.IGNORECASE,
)
#: Whose records stand in a room that only its members should write in.
_ROOM = re.compile(
    r"(?:conversation|conversacion|room|chat|channel|thread|group|team|workspace|project|organi[sz]ation|board)_?(?:id|uuid)"
)
_SHARED = re.compile(
    r"\w*(?:template|setting|config\w*|plan|price|pricing|coupon|promo\w*|categor(?:y|ie)|faq|banner|announcement"
    r"|feature_?flag|permission|role|exchange_?rate|tax|page_?content)s?",
    re.IGNORECASE,
)


def message(route: Served, doings: Doings, *, named_only: bool = False) -> Unasked | None:
    """Return that *route* sends to whom the request says, or (not *named_only*) about the record that it names."""
    if _MEANT.search(route.path) or _MEANT.search(route.handler):
        return None
    own = [access for body, doing in doings if body.part == "handler" for access in doing.accesses]
    sent = [access for access in own if access.operation == "send"]
    named = next((access.columns[0] for access in sent if access.columns), "")
    if named:
        return Unasked(route, "message", "message", "send", named)
    reads = any(access.operation == "read" and access.given and not access.caller for access in own)
    theirs = any(access.operation in {"create", "make", "change"} and access.caller for access in own)
    if sent and reads and not theirs and not named_only:
        return Unasked(route, "message", "message", "send")
    return None


def others_name(route: Served, doings: Doings, records: Records) -> Unasked | None:
    """Return that *route* writes a record whose owner, or whose room, the request names and nobody compares."""
    if route.method not in MUTATING:
        return None
    for access in accesses_of(doings):
        if access.operation not in {"create", "make"} or is_one(PEOPLE, access.table):
            continue
        owner = next((one for one in access.writes if is_one(OWNER, one)), "")
        if owner and not access.caller:
            return Unasked(route, "record", access.table, "create", owner)
        room = next((one for one in access.writes if is_one(_ROOM, one)), "")
        if room and (access.caller or same_table(access.table) in records.tied):
            return Unasked(route, "room", access.table, "create", room)
    return None


def shared(route: Served, doings: Doings, records: Records) -> Unasked | None:
    """Return that *route* changes what is the same for everybody, and the app has roles that it does not ask for."""
    if route.method not in MUTATING or not records.asks_roles:
        return None
    for access in accesses_of(doings):
        if access.caller or access.operation not in {"create", "change", "delete"}:
            continue
        columns = records.columns.get(same_table(access.table), frozenset())
        owned = same_table(access.table) in records.tied or any(is_one(OWNER, column) for column in columns)
        if is_one(_SHARED, access.table) and not owned:
            return Unasked(route, "shared", access.table, access.operation)
    return None
