"""Finds which app, router or blueprint a registration speaks of, for the frameworks that register on objects."""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts.module_graph import Found, Program
from checks.facts.outline import Expr
from checks.facts.surface import Event, Key, Surface


@dataclass(frozen=True, slots=True)
class Objects:
    """
    What a framework's objects are made by.

    *apps* are served as they are, *groups* when something mounts them; both are origins ("flask.Flask"). A parameter
    with one of *parameters* as its name is taken for an app unless a call says which object it is.
    """

    apps: frozenset[str]
    groups: frozenset[str]
    parameters: frozenset[str]

    def key(self, program: Program, surface: Surface, path: str, scope: str, value: Expr | str) -> Key | None:
        """Return the key of the object *value* (a name or an expression), noting an app as a root; None for others."""
        expr = Expr("name", value) if isinstance(value, str) else value
        found = program.evaluate(path, scope, expr)
        if found.kind == "value" and expr.kind == "call":
            found = program.instance(path, scope, expr)
        if found.kind == "parameter":
            if found.name not in self.parameters:
                return None
            if found.key not in surface.aliased:
                surface.roots.setdefault(found.key, "")
            return found.key
        if found.kind != "value" or found.value is None or found.value.kind != "call":
            return None
        origin = program.callee(found.path, found.scope, found.value)
        if origin.kind == "class":
            origin = _based_on(program, origin)
        if origin.kind != "external":
            return None
        if origin.name in self.apps:
            surface.roots.setdefault(found.key, "")
            return found.key
        return found.key if origin.name in self.groups else None

    def passed_on(self, program: Program, surface: Surface, path: str, scope: str, call: Expr) -> None:
        """Follow `register_routes(app)`: the called function's parameter is that very app."""
        callee: Found | None = None
        for position, item in enumerate(call.items[:8]):
            if item.kind != "name" or item.base is not None:
                continue
            key = self.key(program, surface, path, scope, item)
            if key is None:
                continue
            callee = callee or program.callee(path, scope, call)
            function = program.function(callee)
            if function is not None and position < len(function.parameters):
                inner: Key = (callee.path, callee.name, function.parameters[position].name)
                surface.alias(inner, key, Event("mount", (call.line,), path, call.line, child=inner, same=True))


def _based_on(program: Program, found: Found) -> Found:
    """Return the outside class that class *found* is derived from, if any."""
    one = program.one_class(found)
    for base in one.bases[:4] if one is not None else ():
        origin = program.evaluate(found.path, found.scope, base)
        if origin.kind == "external":
            return origin
    return found


def text_in(program: Program, path: str, scope: str, value: Expr | None, depth: int = 0) -> str:
    """Return the text that *value* is, following names, sums and `str` attributes."""
    if value is None or depth > 4:  # noqa: PLR2004 - a constant of a constant
        return ""
    if value.kind == "text":
        return value.name
    if value.kind == "join":
        return "".join(text_in(program, path, scope, item, depth + 1) for item in value.items[:6])
    found = program.evaluate(path, scope, value)
    if found.kind == "value" and found.value is not None and found.value is not value and found.value.kind != "call":
        return text_in(program, found.path, found.scope, found.value, depth + 1)
    return ""


def split(value: Expr) -> tuple[str, str]:
    """Return "bp" and "route" of `bp.route(...)`."""
    name, _, verb = value.name.rpartition(".")
    return name, verb
