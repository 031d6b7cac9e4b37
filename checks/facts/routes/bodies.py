"""Which functions a call of a route runs: its handler, what that calls, and what stands before it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Expr
from checks.facts.routes.surface import Guarding, Handler

_MOST = 80  # functions of one route
_CALLS_DEEP = 4
_VALUES_DEEP = 5  # expressions within expressions that name a guard
#: Methods of a class view or a guard that run beside the one that answers.
_BESIDE = (
    *("get_queryset", "get_object", "get_serializer_class", "get_permissions", "perform_create", "perform_update"),
    *(
        "perform_destroy",
        "dispatch",
        "test_func",
        "has_permission",
        "has_object_permission",
        "check_object_permissions",
    ),
    *("initial", "prepare", "form_valid", "get_form_kwargs", "get_context_data", "__call__", "canActivate", "use"),
    *("process_request", "process_view", "handle", "authenticate", "__init__", "before_request"),
)
#: Calls that may tell a true token from any other.
_TELLS = re.compile(
    r"verif|decod|introspect|jwt|jose|authenti|authori[sz]e|claims|get_?user|current_?user|validate_?(?:token|key|jwt|session|auth)"
    r"|compare|timingSafe|unsign|session|find_?(?:one|first|unique|by)|check_?(?:token|key|auth)|hash|api_?key",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """
    One function that a call of a route runs.

    *part* is handler, called (by the handler, or by what it calls), guard, or outside: then *name* is the origin of a
    guard that a package brings. *line* is where it begins, and tells it from others of the same last name; *called* is
    the name that it was called by, for functions within it too.
    """

    part: str
    path: str
    name: str
    line: int = 0
    called: str = ""


def bodies_of(program: Program, guards: Iterable[Guarding], handler: Handler | None) -> tuple[Body, ...]:
    """Return the functions that run on a call: those of *guards* and of *handler*, with what they call."""
    found: dict[tuple[str, str], Body] = {}
    first: list[Found] = []
    if handler is not None and handler.found is not None:
        first = [handler.found, *_beside(program, handler.found)]
    for one in first:
        if one.kind == "external":
            found.setdefault(("", one.name), Body("outside", "", one.name))
        else:
            _follow(program, one, "handler", found)
    for guard in guards:
        for one in _named(program, guard.site.path, guard.site.scope, guard.value):
            if one.kind == "external":
                found.setdefault(("", one.name), Body("outside", "", one.name))
            else:
                _follow(program, one, "guard", found)
    return tuple(found.values())


def _follow(program: Program, first: Found, part: str, found: dict[tuple[str, str], Body]) -> None:
    """Add *first* and what it calls to *found*; a guard's callees are guards, a handler's are called."""
    pending = deque([(first, 0, "")])
    while pending and len(found) < _MOST:
        one, depth, by = pending.popleft()
        function = program.function(one)
        if function is None or (one.path, function.name) in found:
            continue
        own = part if depth == 0 or part == "guard" else "called"
        found[one.path, function.name] = Body(own, one.path, function.name, function.line, by)
        module = program.modules[one.path]
        for inner in function.inner:
            if inner in module.functions and (one.path, inner) not in found:
                pending.append((Found("function", one.path, one.name, inner), depth, by))
        if depth >= _CALLS_DEEP:
            continue
        for decorator in function.decorators if depth else ():
            pending.extend((at, depth + 1, "") for at in _named(program, one.path, one.scope, decorator))
        for name in (*function.calls, *function.waived):
            called = program.body_of(program.resolve(one.path, function.name, name))
            if called.kind == "function":
                pending.append((called, depth + 1, name.rpartition(".")[2]))


#: The same for a webhook's signature.
_CHECKS = re.compile(
    r"verify|verifi(?!ed|cation)|construct_?event|compare|timingSafe|hmac|create_?hash|unwrap|unsign|decode|authenticat"
    r"|(?:valid\w*|check)_?\w*(?:sign|hook|payload|event|request|hash)|sha(?:1|256|512)",
    re.IGNORECASE,
)


def looks_at_token(program: Program, bodies: Iterable[Body], *, signature: bool = False) -> bool:
    """
    Whether one of *bodies* calls what may tell a true token from any other, or leaves the repository to do so.

    With *signature* it is a webhook's signature that must be told from others.
    """
    tells = _CHECKS if signature else _TELLS
    for body in bodies:
        module = program.modules.get(body.path)
        function = module.functions.get(body.name) if module is not None else None
        outside = body.part == "outside" and (not signature or tells.search(body.name) is not None)
        if outside or (function is not None and any(tells.search(name) for name in function.calls)):
            return True
    return False


def _beside(program: Program, handler: Found) -> Iterator[Found]:
    """Yield the methods that run beside *handler* where that is a method of a class."""
    owner = handler.name.rpartition(".")[0] if handler.kind == "function" else handler.name
    yield from _methods(program, Found("class", handler.path, "", owner)) if owner else ()


def _methods(program: Program, one: Found) -> Iterator[Found]:
    """Yield the methods of class *one* and of its bases that a framework calls, and the bases from outside."""
    pending = deque([one])
    for _ in range(12):
        if not pending:
            return
        current = pending.popleft()
        made = program.one_class(current)
        if made is None:
            if current.kind == "external":
                yield current  # PermissionRequiredMixin, IsAdminUser: a base of the guard
            continue
        functions = program.modules[current.path].functions
        for name in _BESIDE:
            if f"{current.name}.{name}" in functions:
                yield Found("function", current.path, current.name, f"{current.name}.{name}")
        pending.extend(program.evaluate(current.path, current.scope, base) for base in made.bases[:6])


def _named(program: Program, path: str, scope: str, value: Expr | None, depth: int = 0) -> Iterator[Found]:
    """Yield the functions, and the origins outside, that *value* names as a guard."""
    if value is None or depth > _VALUES_DEEP:
        return
    if value.kind in {"list", "join", "either"}:
        for item in value.items[:20]:
            yield from _named(program, path, scope, item, depth + 1)
        return
    if value.kind == "call":
        yield from _one(program, program.callee(path, scope, value), depth)
        for item in value.items[:6]:
            if item.kind in {"name", "function", "call", "list"}:
                yield from _named(program, path, scope, item, depth + 1)
        yield from _named(program, path, scope, value.base, depth + 1)
    elif value.kind in {"name", "function", "from"}:
        yield from _one(program, program.evaluate(path, scope, value), depth)


def _one(program: Program, found: Found, depth: int) -> Iterator[Found]:
    if found.kind in {"external", "function"}:
        yield found
    elif found.kind == "class":
        yield from _methods(program, found)
    elif found.kind == "value":
        yield from _named(program, found.path, found.scope, found.value, depth + 1)
