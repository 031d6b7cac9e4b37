"""
Objects that serve routes (apps, routers, blueprints), what is registered on them, and how they are mounted.

The framework readers fill a Surface; `served` walks it from the apps down, so that a router that nobody mounts serves
nothing, prefixes add up, and a guard reaches exactly what stands below it (in Express: what comes after it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from checks.facts.guards import DECORATOR, Judge, Ruling, applies
from checks.facts.module_graph import Found, Program
from checks.facts.outline import Expr, Function

Key = tuple[str, str, str]  # path, scope, name of the object
_DEEPEST = 10  # mounts within mounts
_MOST = 5_000  # routes of one repository


@dataclass(frozen=True, slots=True)
class Guarding:
    """An expression that stands where a guard may stand: *value* in *scope* of *path*, playing *role*."""

    path: str
    scope: str
    value: Expr
    role: str


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers a route: *value* in *scope* of *path*, and the function it was found to be, if any."""

    path: str
    scope: str
    value: Expr | None
    name: str = ""
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something registered on an object: a route, a guard for what follows, or a mount of *child*."""

    kind: str  # route, guard, mount
    order: tuple[int, ...]  # guards of frameworks that know no order have ()
    file: str
    line: int
    path: str = ""
    method: str = ""
    guards: tuple[Guarding, ...] = ()
    handlers: tuple[Handler, ...] = ()
    child: Key | None = None
    same: bool = False  # the child is the very same object, seen through a parameter
    development: bool = False  # registered only while the app is developed

    def with_kind(self, kind: str, **changes: Any) -> Event:
        """Return this event as one of *kind*, with *changes*."""
        return replace(self, kind=kind, **changes)


@dataclass(frozen=True, slots=True)
class Served:
    """
    One route that an app serves.

    *guard* is guarded, open or unknown; *by* names what guards it, or what could not be resolved. *resolved* says
    whether the handler's body was found. *reads* names personal data it fetches, *traits* are its function's.
    """

    method: str
    path: str
    framework: str
    file: str
    line: int
    handler: str
    guard: str
    by: str = ""
    resolved: bool = True
    reads: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    expected: str = ""  # where a guard would stand here


@dataclass(slots=True)
class Surface:
    """What one framework's reader found. *roots* are apps, with whether they are served without a mount."""

    framework: str
    expected: str
    roots: dict[Key, str] = field(default_factory=dict)  # key -> base path
    events: dict[Key, list[Event]] = field(default_factory=dict)
    aliased: set[Key] = field(default_factory=set)  # parameters that stand for another object
    mounted: set[Key] = field(default_factory=set)  # apps that serve below another one

    def add(self, key: Key, event: Event) -> None:
        """Register *event* on the object *key*."""
        if event.kind == "mount" and not event.same and event in self.events.get(key, ()):
            return
        self.events.setdefault(key, []).append(event)

    def alias(self, inner: Key, outer: Key, event: Event) -> None:
        """Note that parameter *inner* is the object *outer*, from *event* on."""
        if inner != outer and not any(one.child == inner and one.same for one in self.events.get(outer, ())):
            self.roots.pop(inner, None)
            self.aliased.add(inner)
            self.add(outer, event)

    def served(self, judge: Judge) -> Iterator[Served]:
        """Yield every route that is reached from a root, once each way it is reached."""
        no_guards: tuple[Guarding, ...] = ()
        tops = [key for key in self.roots if key not in self.aliased and key not in self.mounted]
        stack = [(key, self.roots[key], no_guards, 0, False) for key in tops]
        count = 0
        while stack and count < _MOST:
            key, prefix, guards, depth, development = stack.pop()
            for event in sorted(self._flat(key), key=lambda event: event.order):
                path = joined(prefix, event.path)
                if event.kind == "guard":
                    guards = (*guards, *(limited(guard, path, event.path) for guard in event.guards))
                elif event.kind == "mount" and event.child is not None and depth < _DEEPEST:
                    only = development or event.development
                    stack.append((event.child, path, (*guards, *event.guards), depth + 1, only))
                elif event.kind == "route":
                    count += 1
                    route = settled(self, judge, event, path, (*guards, *event.guards))
                    only = development or event.development
                    yield replace(route, traits=route.traits | {"development"}) if only else route

    def _flat(self, key: Key, depth: int = 0) -> list[Event]:
        """Return the events of *key*, with those of its aliases put where the alias was made."""
        found: list[Event] = []
        for event in self.events.get(key, ()):
            if event.same and event.child is not None and event.child != key and depth < _DEEPEST:
                inner = self._flat(event.child, depth + 1)
                found.extend(replace(one, order=(*event.order, *one.order) if one.order else ()) for one in inner)
            elif not event.same:
                found.append(event)
        return found


def _below(prefix: str, path: str) -> bool:
    """Whether *path* is *prefix* or lies below it; a parameter stands for any one segment."""
    above, own = prefix.strip("/*").split("/"), path.strip("/").split("/")
    return len(own) >= len(above) and all(
        left == right or left[:1] in ":{[<*" for left, right in zip(above, own, strict=False)
    )


def limited(guard: Guarding, path: str, own: str) -> Guarding:
    """Return *guard* as it stands under `use("/own", guard)` at the full *path*: its value carries the path."""
    if own.strip("/*") == "":
        return guard
    return replace(guard, value=Expr("limited", path, guard.value.line, (guard.value,)))


def joined(prefix: str, path: str) -> str:
    """Return *prefix* and *path* as one path that begins with one slash."""
    whole = "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
    return "/" + whole + ("/" if path.endswith("/") and whole else "")


def settled(surface: Surface, judge: Judge, event: Event, path: str, guards: tuple[Guarding, ...]) -> Served:
    """Return the route of *event* with its guard resolved."""
    unknown = ""
    by = ""
    handler = _handler(judge.program, event.handlers)
    function = judge.program.function(handler.found) if handler is not None and handler.found is not None else None
    name = handler.name if handler is not None else ""
    for guard in guards:
        value, under = (guard.value.items[0], guard.value.name) if guard.value.kind == "limited" else (guard.value, "")
        if under and not _below(under, path):
            continue
        ruling = judge.guard(guard.path, guard.scope, value, guard.role)
        if ruling.state == "denies" and applies(ruling.denials, event.method, path, name):
            by = by or ruling.name
        elif ruling.state == "unknown":
            unknown = unknown or ruling.name
    for one in event.handlers:
        ruling = _in_body(judge, one, event.method)
        if ruling.state == "denies" and applies(ruling.denials, event.method, path, name):
            by = by or ruling.name or "its body"
        elif ruling.state == "unknown":
            unknown = unknown or ruling.name
    reads, traits = reached(judge.program, handler, function)
    state = "guarded" if by else "unknown" if unknown else "open"
    return Served(
        event.method,
        path,
        surface.framework,
        event.file,
        event.line,
        name,
        state,
        by or unknown,
        function is not None,
        reads,
        traits,
        surface.expected,
    )


def _handler(program: Program, handlers: tuple[Handler, ...]) -> Handler | None:
    """Return the last of *handlers* with its function looked up."""
    if not handlers:
        return None
    last = handlers[-1]
    found = last.found or program.evaluate(last.path, last.scope, last.value)
    if found.kind == "value" and found.value is not None and found.value.kind == "call":
        found = _unwrapped(program, found)
    return replace(last, found=found, name=last.name or found.name.rpartition(".")[2])


def _unwrapped(program: Program, found: Found) -> Found:
    """Return the function that a wrapping call, asyncHandler(f) or factory(), has within."""
    pending = [found.value]
    for _ in range(12):
        if not pending:
            break
        value = pending.pop(0)
        if value is None or value.kind != "call":
            continue
        for item in reversed(value.items):
            inner = program.evaluate(found.path, found.scope, item)
            if inner.kind == "function":
                return inner
        nested = [item for item in reversed(value.items) if item.kind == "call"]
        if not nested:
            callee = program.callee(found.path, found.scope, value)
            if callee.kind == "function":
                return callee
        pending[:0] = [*nested, value.base]
    return Found("unknown")


def _in_body(judge: Judge, handler: Handler, method: str) -> Ruling:
    """Return the ruling on the handler's own body, or on the wrapper it stands in."""
    found = handler.found or judge.program.evaluate(handler.path, handler.scope, handler.value)
    function = judge.program.function(found)
    if function is not None:
        denials = judge.handler(found.path, function)
        return Ruling("denies", "its body", denials) if denials else Ruling("passes")
    if found.kind == "value":
        return judge.guard(found.path, found.scope, found.value, DECORATOR)
    if found.kind == "external":
        return judge.found(found, found.name, DECORATOR)
    return Ruling("passes")


def reached(
    program: Program, handler: Handler | None, function: Function | None
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the personal data and the traits of *function* and of what it calls, two calls deep."""
    if handler is None or handler.found is None or function is None:
        return (), frozenset()
    reads: dict[str, None] = {}
    traits: set[str] = set()
    pending = [(handler.found.path, function, 0)]
    seen: set[tuple[str, str]] = set()
    while pending and len(seen) < 60:  # noqa: PLR2004 - enough for a handler and its services
        path, one, depth = pending.pop()
        if (path, one.name) in seen:
            continue
        seen.add((path, one.name))
        reads.update(dict.fromkeys(one.reads))
        traits.update(one.traits if depth < 2 else set(one.traits) - {"destroys"})  # noqa: PLR2004 - as below
        module = program.modules[path]
        pending += [(path, module.functions[inner], depth) for inner in one.inner if inner in module.functions]
        for name in one.calls if depth < 2 else ():  # noqa: PLR2004 - two calls deep
            found = program.resolve(path, one.name, name)
            called = program.function(found)
            if called is not None:
                pending.append((found.path, called, depth + 1))
    return tuple(reads), frozenset(traits)
