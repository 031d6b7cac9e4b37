"""
Objects that serve routes (apps, routers, blueprints), what is registered on them, and how they are mounted.

The framework readers fill a Surface; `reached` walks it from the apps down, so that a router that nobody mounts serves
nothing, prefixes add up, and a guard reaches exactly what stands below it (in Express: what comes after it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Expr

Key = tuple[str, str, str]  # path, scope, name of the object
_DEEPEST = 10  # mounts within mounts
_MOST = 5_000  # routes of one repository


@dataclass(frozen=True, slots=True)
class Site:
    """Where something is registered: *scope* of *path*; *development* where that happens only in development."""

    path: str
    scope: str = ""
    development: bool = False


@dataclass(frozen=True, slots=True)
class Guarding:
    """An expression that stands where a guard may stand, the part it plays, and the path it is limited to."""

    site: Site
    value: Expr
    role: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers a route: *value* at *site*, or what it was *found* to be."""

    site: Site
    value: Expr | None
    name: str = ""
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """
    Something registered on an object: a route, a guard for what follows, or a mount of *child*.

    *order* is () for the guards of frameworks where order means nothing. *known* names a guard that needs no looking
    up, *waived* what tells the guards over everything to let everybody in, *behind* what a gateway before it asks for.
    *reads* and *traits* add to what the handler's body tells; *model* is what a framework's own view reaches for, where
    nothing of the repository picks among its records.
    """

    kind: str  # route, guard, mount
    site: Site
    line: int
    path: str = ""
    method: str = ""
    guards: tuple[Guarding, ...] = ()
    handlers: tuple[Handler, ...] = ()
    child: Key | None = None
    same: bool = False  # the child is the very same object, seen through a parameter
    order: tuple[int, ...] = ()
    known: str = ""
    waived: str = ""
    behind: str = ""
    reads: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    model: str = ""

    def but(self, **changes: Any) -> Event:
        """Return this event with *changes*."""
        return replace(self, **changes)


@dataclass(slots=True)
class Surface:
    """
    What one framework's reader found in *program*.

    *roots* are apps with their base paths; *aliased* are parameters that stand for another object, *mounted* apps that
    serve below another one; *direct* are routes that hang on no object.
    """

    framework: str
    expected: str
    program: Program
    roots: dict[Key, str] = field(default_factory=dict)
    events: dict[Key, list[Event]] = field(default_factory=dict)
    aliased: set[Key] = field(default_factory=set)
    mounted: set[Key] = field(default_factory=set)
    direct: list[Event] = field(default_factory=list)

    def add(self, key: Key, event: Event) -> None:
        """Register *event* on the object *key*."""
        if event.kind != "mount" or event.same or event not in self.events.get(key, ()):
            self.events.setdefault(key, []).append(event)

    def alias(self, inner: Key, outer: Key, event: Event) -> None:
        """Note that parameter *inner* is the object *outer*, from *event* on."""
        if inner != outer and not any(one.child == inner and one.same for one in self.events.get(outer, ())):
            self.roots.pop(inner, None)
            self.aliased.add(inner)
            self.add(outer, event)

    def reached(self) -> Iterator[Event]:
        """Yield every route that is reached from a root, with its full path and all the guards above it."""
        yield from self.direct[:_MOST]
        tops = [key for key in self.roots if key not in self.aliased and key not in self.mounted]
        no_guards: tuple[Guarding, ...] = ()
        stack = [(key, self.roots[key], no_guards, 0, False) for key in tops]
        count = 0
        while stack and count < _MOST:
            key, prefix, guards, depth, development = stack.pop()
            for event in sorted(self._flat(key), key=lambda event: event.order):
                path = joined(prefix, event.path)
                only = development or event.site.development
                if event.kind == "guard":
                    under = path if event.path.strip("/*") else ""
                    guards = (*guards, *(replace(guard, under=under) for guard in event.guards))
                elif event.kind == "mount" and event.child is not None and depth < _DEEPEST:
                    below = joined(path, self.roots.get(event.child, ""))  # an app that was made with a prefix
                    stack.append((event.child, below, (*guards, *event.guards), depth + 1, only))
                elif event.kind == "route":
                    count += 1
                    site = replace(event.site, development=only)
                    yield event.but(path=path, guards=(*guards, *event.guards), site=site)

    def _flat(self, key: Key, depth: int = 0) -> list[Event]:
        """Return the events of *key*, with those of its aliases put where the alias was made."""
        found: list[Event] = []
        for event in self.events.get(key, ()):
            if event.same and event.child is not None and event.child != key and depth < _DEEPEST:
                inner = self._flat(event.child, depth + 1)
                found.extend(one.but(order=(*event.order, *one.order) if one.order else ()) for one in inner)
            elif not event.same:
                found.append(event)
        return found


def joined(prefix: str, path: str) -> str:
    """Return *prefix* and *path* as one path that begins with one slash."""
    whole = "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
    return "/" + whole + ("/" if path.endswith("/") and whole else "")
