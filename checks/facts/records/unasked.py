"""One route that does not ask enough, and the words by which tables and columns are known for what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.facts.records.access import Access, Doing
from checks.facts.records.records import Records
from checks.facts.routes.bodies import Body
from checks.facts.routes.served import Served

MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE", "ANY"})
Doings = list[tuple[Body, Doing]]
#: Columns that say whose a record is: certainly, and perhaps (who made it need not own it).
OWNER = re.compile(
    r"(?:user|owner|author|tenant|org|organi[sz]ation|workspace|account|profile|seller|buyer|host|creator)_?(?:id|uuid|fk)"
    r"|(?:user|owner)_email|user|owner|author"
)
#: Of these, what may as well be a customer, or a thing of another program.
GROUP = re.compile(r"(?:tenant|org|organi[sz]ation|workspace|account|profile|host|creator)_?(?:id|uuid|fk)")
#: Columns that name a person who may or may not have an account here.
PARTY = re.compile(r"(?:patient|student|customer|member|assignee|client|employee|guest)_?(?:id|uuid|fk|email)")
MAKER = re.compile(
    r"(?:created|uploaded|submitted|added|posted|requested|booked)_?by(?:_?(?:id|user))?|\w*_?user_?id|clerk_?id"
)
PEOPLE = re.compile(r"(?:app|auth|custom|site|my)?(?:user|profile|account|member|customer|patient|student|employee)s?")
MACHINE = re.compile(r"webhook|cron|/hooks?/|stripe|/health|callback|internal", re.IGNORECASE)
PRIVILEGED = re.compile(
    r"(?:is_?)?(?:admin|super_?user|staff)|role|role_?id|user_?role|account_?type|permissions?", re.IGNORECASE
)
#: What is paid for: whoever may set it has it for nothing, unless the payment is asked what it was for.
PAID = re.compile(
    r"credits|balance|is_?premium|is_?pro|(?:subscription_?)?(?:plan|tier)(?:_?(?:id|type|name|tier|tier_?id))?"
    r"|subscription_?(?:status|type)"
)
SUBSCRIPTION = re.compile(r"(?:[a-z]+_)?(?:subscription|membership)s?")


@dataclass(frozen=True, slots=True)
class Unasked:
    """
    One route that does not ask enough.

    *kind* is record, admin, privilege or everybody; whole (a body that is written as it came), message, room (a record
    put where only members should write), shared (what is the same for everybody), tables (any of them is read), wipe
    (every record is deleted), child (of a record that was asked about), sibling (others ask for a role here) or muted
    (the question stands in a comment).

    *table* is what it reaches for, *operation* what it does with it, *named* the column by which the request names the
    owner, *sure* whether the record is certainly somebody's.
    """

    route: Served
    kind: str
    table: str
    operation: str
    named: str = ""
    sure: bool = False


def followed(doings: list[tuple[Body, Doing]]) -> tuple[set[str], set[str]]:
    """Return the names of functions that get the caller, and of those that get something of the request."""
    handed = {name for body, doing in doings if body.part == "handler" for name in doing.hands}
    passed = {name for body, doing in doings if body.part == "handler" for name in doing.passes}
    for body, doing in doings:  # nearest first: what was handed the caller, or a part of the request, may pass it on
        if body.called in handed:
            handed.update(doing.passes)
        elif body.part == "called" and body.called in passed:
            passed.update(doing.passes)
    return handed, passed


def accesses_of(doings: list[tuple[Body, Doing]]) -> Iterator[Access]:
    """Yield what the handler reaches for, and functions that get something of the request and not the caller."""
    handed, passed = followed(doings)
    for body, doing in doings:
        if body.part == "handler":
            yield from doing.accesses
        elif body.part == "called" and body.called not in handed:
            bare = body.called not in passed
            yield from (replace(one, given=False, sets=(), writes=()) if bare else one for one in doing.accesses)


def owns(column: str, records: Records) -> bool:
    """Whether *column* says whose a record is; an organisation's only where the callers' own is known."""
    if not is_one(OWNER, column):
        return False
    return not is_one(GROUP, column) or any(same_column(column) == same_column(one) for one in records.peoples)


def same_column(name: str) -> str:
    """Return *name* of a column in a form in which userId and user_id are alike."""
    return name.replace("_", "").lower()


def is_one(pattern: re.Pattern[str], name: str) -> bool:
    """Whether *name*, in any way of writing, is of *pattern*."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return pattern.fullmatch(plain) is not None or pattern.fullmatch(name) is not None
