"""Which tables' records one function compares with something, and by which names of the request it picks records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from checks.facts.records.access import Access
from checks.facts.records.callers import Scope, names_in

_STEPS = 3
#: A part that says which other record this one belongs to.
_KEY_PART = re.compile(r"\.(?:\w{0,40}(?:Id|_id)|id|pk|uuid)$")
_PART_OF_REQUEST = re.compile(
    r"\b(?:params|body|query|args|data|input|form|POST|GET|json|values)[?!]?(?:\.get\(\s*[\"']|\[\s*[\"']|\.)(\w{1,60})"
)
_LOOKS_AMONG = frozenset({"some", "find", "includes", "every", "filter", "has", "findIndex", "indexOf"})
_KEEPS = re.compile(r"(?P<name>[A-Za-z_]\w{0,60})\.(?P<verb>a?save|a?delete|destroy|remove|deleteOne)$")
_REMOVES = re.compile(r"(?:session|db)\.(?:delete|remove)$")


def tables_of(text: str, scope: Scope, tables: Iterable[str], steps: int = 0) -> set[str]:
    """Return those of *tables* whose records the names in *text* were set from."""
    found: set[str] = set()
    for name in names_in(text) if steps < _STEPS else ():
        meaning = scope.meaning(name)
        if meaning:
            named = {table for table in tables if re.search(rf"\b{re.escape(table)}\b", meaning)}
            found |= named or tables_of(meaning, scope, tables, steps + 1)
    return found


def picked_by(text: str, scope: Scope, tables: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the request in *text*, which picks records; "@table" where another record is named."""
    found = set(_PART_OF_REQUEST.findall(text))
    for name in names_in(text):
        if scope.given(name) and not scope.caller(name):
            others = tables_of(name, scope, tables)
            found |= {f"@{table}" for table in others} if others else {name}
    return tuple(sorted(found))[:12]


def links(left: str, right: str, scope: Scope, tables: Iterable[str]) -> set[str]:
    """Return the tables whose record is compared with another record, or with what the request names as that."""
    if not any(_KEY_PART.search(side.strip()) for side in (left, right)):
        return set()
    return tables_of(left, scope, tables) | tables_of(right, scope, tables)


def looked_among(last: str, arguments: tuple[str, ...], scope: Scope) -> set[str]:
    """Return "=name" of what the request named and the call of *last* looks for among other things."""
    if last not in _LOOKS_AMONG:
        return set()
    named = {name for argument in arguments[:2] for name in names_in(argument) if scope.given(name)}
    return {f"={name}" for name in named.union(*(_PART_OF_REQUEST.findall(one) for one in arguments[:2]))}


def kept(callee: str, arguments: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the name of the record that `note.save()` or `session.delete(note)` writes, and what is done with it."""
    match = _KEEPS.match(callee)
    if match is not None and not arguments:
        return match["name"], "change" if match["verb"].endswith("save") else "delete"
    if _REMOVES.search(callee) and len(arguments) == 1 and arguments[0].isidentifier():
        return arguments[0], "delete"
    return None


def written(accesses: list[Access], writes: Iterable[tuple[str, str]], scope: Scope) -> list[Access]:
    """Return *accesses*, where what was read and is written by one of *writes* (name, operation) counts as that."""
    done: dict[str, str] = {}
    for name, operation in writes:
        for table in tables_of(name, scope, {access.table for access in accesses}):
            done[table] = "delete" if "delete" in (operation, done.get(table)) else operation
    return [
        replace(one, operation=done[one.table]) if one.operation == "read" and one.table in done else one
        for one in accesses
    ]
