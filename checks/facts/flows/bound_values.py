"""Where the value of a name comes from: its bindings before the place it is read at, its parameter, or outside."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from tree_sitter import Node

from checks.facts.code.literals import short
from checks.facts.flows import sources
from checks.facts.flows.patterns import ELEMENT
from checks.facts.flows.scopes import Binding, File, Scope
from checks.facts.flows.value import NOTHING, UNKNOWN, Value, either, joined, unknown

Evaluate = Callable[[Node | None, Scope], Value]
#: Names of the app's own state and settings: nobody sends those.
STATE = frozenset({"self", "cls", "this", "super", "process", "os", "settings", "config", "Math", "import"})
_EACH = frozenset({"map", "forEach", "filter", "find", "flatMap", "some", "every", "reduce", "then", "sort"})
_MOST_SCOPES = 24  # functions around a name that are looked at
_MOST_BINDINGS = 24  # of one name that are followed


def value_of_name(name: str, scope: Scope, position: int, file: File, evaluate: Evaluate) -> Value:
    """Return where the value of *name* comes from as it is read at byte *position* of *scope*."""
    at: Scope | None = scope
    for _ in range(_MOST_SCOPES):
        if at is None:
            break
        found = _bound(at.bindings.get(name, []), at, position, evaluate)
        sure = any(_surely(one, position) for one in at.bindings.get(name, ()))
        if name in at.parameters and not sure:
            found.append(_parameter(at, name, file, evaluate))
        if found:
            return either(found)
        position = at.node.start_byte
        at = at.parent
    if name in file.imports or name in STATE or name[:1].isupper():
        return NOTHING
    return unknown(name)


def _surely(binding: Binding, position: int) -> bool:
    """Whether *binding* surely ran before *position* and replaced what was there."""
    return binding.start <= position <= binding.until and binding.how != "added"


def _bound(bindings: list[Binding], at: Scope, position: int, evaluate: Evaluate) -> list[Value]:
    """Return what the bindings before *position* set, the last first, until one that surely ran; grown texts as one."""
    before = [one for one in bindings if one.start <= position]
    found, grew = [], False
    for one in islice(reversed(before or (bindings if not at.name else [])), _MOST_BINDINGS):
        found.append(_of(one, at, evaluate))
        grew = grew or one.how == "added"
        if _surely(one, position):
            break
    return [joined(found[::-1])] if grew else found


def _of(binding: Binding, scope: Scope, evaluate: Evaluate) -> Value:
    if binding.how == "opaque" or binding.node is None:
        return NOTHING
    found = evaluate(binding.node, scope)
    if binding.path and binding.node.type in {"object", "dictionary"}:
        return found
    for one in binding.path:
        found = found if one == ELEMENT else taken(found, one)
    return Value(found.origins, "", found.built) if binding.how == "each" or binding.path else found


def taken(value: Value, member: str) -> Value:
    """Return *member* of *value*; a length is a number."""
    return NOTHING if member in {"length", "size"} else value.member(member)


def _parameter(at: Scope, name: str, file: File, evaluate: Evaluate) -> Value:
    parameter = at.parameters[name]
    found = sources.of_parameter(at, parameter, file)
    if at.inline and at.parent is not None and all(origin.kind == UNKNOWN for origin in found.origins):
        return _given(at, parameter.place, at.parent, evaluate) or found
    return found


def _given(scope: Scope, place: str, around: Scope, evaluate: Evaluate) -> Value | None:
    """Return what an unnamed function gets that is handed to a list's map, forEach or a promise's then."""
    arguments = scope.node.parent
    call = arguments.parent if arguments is not None and arguments.type in {"arguments", "argument_list"} else None
    function = call.child_by_field_name("function") if call is not None else None
    if function is None or function.type not in {"member_expression", "attribute"}:
        return None
    last = short(function.child_by_field_name("property") or function.child_by_field_name("attribute"))
    if last not in _EACH or not place.startswith("1" if last == "reduce" else "0"):
        return None
    whole = evaluate(function.child_by_field_name("object"), around)
    member = place.partition(".")[2]
    return Value((whole.member(member) if member else whole).origins)
