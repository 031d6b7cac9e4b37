"""Whether the body of a request may say what somebody may do, has paid for, or is trusted with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.records.access import Access, same_table
from checks.facts.records.records import Records
from checks.facts.records.unasked import (
    MACHINE,
    MUTATING,
    PAID,
    PEOPLE,
    PRIVILEGED,
    SUBSCRIPTION,
    Doings,
    Unasked,
    accesses_of,
    is_one,
)
from checks.facts.routes.served import Served

#: What an app says of a record and its owner must not: that it was checked, that others like it, that it is paid.
_TRUSTED = re.compile(
    r"(?:is_?)?(?:verified|featured|approved|admin|super_?user|staff|premium|paid)|role|rating|credits|balance"
)
#: Where a body is compared with what is stored, and writes nothing of its own.
_ENTERS = re.compile(
    r"(?:log-?_?in|sign-?_?in|authenticate|token|refresh|log-?_?out|forgot-?_?password)/?$", re.IGNORECASE
)
#: Functions that write a record of what their name says: createProfessional, updateUser.
_WRITER = re.compile(r"(?:create|insert|add|update|save|upsert|register)_?(?P<t>[A-Z]\w{1,60}|(?<=_)[a-z]\w{1,60})$")


def privilege(route: Served, doings: Doings, records: Records) -> Unasked | None:
    """Return that the body of a request may say what a user may do, or has paid for; a payment's own call may."""
    machine = MACHINE.search(route.path) is not None
    for access in accesses_of(doings):
        people, pays = is_one(PEOPLE, access.table), is_one(SUBSCRIPTION, access.table)
        if not access.sets or not (people or pays):
            continue
        rights = (name for name in access.sets if people and is_one(PRIVILEGED, name))
        paid = (name for name in access.sets if not machine and is_one(PAID, name))
        named = next(rights, "") or next(paid, "")
        if named:
            return Unasked(route, "privilege", access.table, access.operation, named, sure=False)
        columns = records.columns.get(same_table(access.table), frozenset())
        held = next((column for column in sorted(columns) if is_one(PRIVILEGED, column)), "")
        if people and "*" in access.sets and held:
            return Unasked(route, "privilege", access.table, access.operation, held, sure=True)
    if machine or route.method not in MUTATING or _ENTERS.search(route.path):
        return None
    return _anybody(route, doings, records) or _trusted(route, doings, records)


def _anybody(route: Served, doings: Doings, records: Records) -> Unasked | None:
    """Return that whoever registers may say what they are: the body as a whole becomes a person's record."""
    if route.guard in {"guarded", "unknown", "layout"}:
        return None
    for table, operation, form in _written(doings):
        if is_one(PEOPLE, table):
            held = _held(records, table, form, PRIVILEGED)
            if held:
                return Unasked(route, "privilege", table, operation, held, sure=True)
    return None


def _held(records: Records, table: str, form: str, meant: re.Pattern[str]) -> str:
    """Return a column of *table* that is *meant* and that *form* lets through, or nothing."""
    columns = records.columns.get(same_table(table), frozenset())
    limits = records.columns.get(same_table(form), frozenset()) if form else frozenset()
    left_out = {column[1:] for column in limits if column.startswith("-")}
    only = {column[1:] for column in limits if column.startswith("+")}
    allowed = (column for column in sorted(columns) if column not in left_out and (not only or column in only))
    return next((column for column in allowed if is_one(meant, column)), "")


def _trusted(route: Served, doings: Doings, records: Records) -> Unasked | None:
    """Return that a request's body as a whole goes into a table with a column that its sender must not set."""
    if route.guard not in {"guarded", "unknown"}:
        return None
    for table, operation, form in _written(doings):
        held = _held(records, table, form, _TRUSTED)
        if held:
            return Unasked(route, "whole", table, operation, held, sure=False)
    return None


def _written(doings: Doings) -> Iterator[tuple[str, str, str]]:
    """Yield table, operation and form ("" for none) of each write that gets a request's body as a whole."""
    handed: dict[str, str] = {}
    for body, doing in doings:
        if body.part != "handler":
            continue
        for whole in doing.wholes:
            name, _, form = whole.partition(" ")
            handed[name] = form
            writer = _WRITER.match(name)
            if writer is not None:
                yield writer["t"], "create", form
    for body, doing in doings:
        for access in doing.accesses:
            yield from _by_access(access, body.part, body.called, handed)


def _by_access(access: Access, part: str, called: str, handed: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for mark in access.sets:
        if not mark.startswith("*"):
            continue
        if mark.endswith("()"):
            if part == "called" and called in handed:
                yield access.table, access.operation, handed[called]
        elif part == "handler":
            yield access.table, access.operation, mark[1:]
