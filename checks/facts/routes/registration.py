"""Finds which app, router or blueprint a registration speaks of, for the frameworks that register on objects."""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Call, Expr, Function
from checks.facts.routes.guards import DECORATOR
from checks.facts.routes.surface import Event, Guarding, Handler, Key, Site, Surface

_CHAINED = frozenset(["use", "get", "post", "put", "patch", "delete", "all", "route", "on", "basePath"])
VERBS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Objects:
    """
    What a framework's objects are made by.

    *apps* are served as they are, *groups* when something mounts them; both are origins ("flask.Flask"). A parameter
    with one of *parameters* as its name is taken for an app unless a call says which object it is. *inner* are methods
    by which another framework hands out the app that it stands on.
    """

    apps: frozenset[str]
    groups: frozenset[str]
    parameters: frozenset[str]
    inner: frozenset[str] = frozenset()

    def key(self, surface: Surface, site: Site, value: Expr) -> Key | None:
        """Return the key of the object *value*, noting an app as a root; None where it is none of this framework."""
        program = surface.program
        found = program.evaluate(site.path, site.scope, value)
        if found.kind == "value" and value.kind == "call":
            found = program.instance(site.path, site.scope, value)
        if found.kind == "parameter":
            if found.name not in self.parameters:
                return None
            if found.key not in surface.aliased:
                surface.roots.setdefault(found.key, "")
            return found.key
        if found.kind != "value" or found.value is None or found.value.kind != "call":
            return None
        origin = _maker(program, found)
        if origin in self.apps or found.value.name.rpartition(".")[2] in self.inner:
            surface.roots.setdefault(found.key, "")
            return found.key
        return found.key if origin in self.groups else None

    def passed_on(self, surface: Surface, call: Call, path: str) -> None:
        """Follow `register_routes(app)`: the called function's parameter is that very app."""
        site = Site(path, call.scope, call.development)
        callee: Found | None = None
        for position, item in enumerate(call.value.items[:8]):
            key = self.key(surface, site, item) if item.kind == "name" and item.base is None else None
            if key is None:
                continue
            callee = callee or surface.program.callee(path, call.scope, call.value)
            function = surface.program.function(callee)
            if function is not None and position < len(function.parameters):
                inner: Key = (callee.path, callee.name, function.parameters[position].name)
                line = call.value.line
                surface.alias(inner, key, Event("mount", site, line, child=inner, same=True, order=(line,)))


def _maker(program: Program, found: Found) -> str:
    """Return the origin of what made the object *found*: outside, through a factory, or as the base of a class."""
    if found.value is None:
        return ""
    origin = program.callee(found.path, found.scope, _first_link(found.value))
    if origin.kind == "function":
        made = program.instance(found.path, found.scope, found.value)  # def create_app(): return Flask(...)
        if made.kind == "value" and made.value is not None and made.value.kind == "call":
            origin = program.callee(made.path, made.scope, _first_link(made.value))
    one = program.one_class(origin)
    for base in one.bases[:4] if one is not None else ():
        inherited = program.evaluate(origin.path, origin.scope, base)
        if inherited.kind == "external":
            return inherited.name
    return origin.name if origin.kind == "external" else ""


def _first_link(call: Expr) -> Expr:
    """Return the call that a chain begins with: `Router()` of `Router().use(a).use(b)`."""
    for _ in range(60):
        if call.base is None or call.base.kind != "call" or call.name.lstrip(".") not in _CHAINED:
            break
        call = call.base
    return call


def text_in(program: Program, site: Site, value: Expr | None, depth: int = 0) -> str:
    """Return the text that *value* is, following names and sums."""
    if value is None or depth > 4:  # noqa: PLR2004 - a constant of a constant
        return ""
    if value.kind == "text":
        return value.name
    if value.kind == "call":  # rule("/x"): a path that something is done to
        value = next((item for item in value.items if item.kind == "text" and item.name), Expr("text"))
        return value.name
    if value.kind == "join":
        return "".join(text_in(program, site, item, depth + 1) for item in value.items[:6])
    found = program.evaluate(site.path, site.scope, value)
    if found.kind == "value" and found.value is not None and found.value is not value and found.value.kind != "call":
        return text_in(program, Site(found.path, found.scope), found.value, depth + 1)
    return ""


def split(value: Expr) -> tuple[Expr | None, str]:
    """Return `bp` as an expression and "route" of `bp.route(...)`."""
    name, _, verb = value.name.rpartition(".")
    if value.base is not None:
        return (Expr("name", name, value.line, base=value.base) if name else value.base), verb
    return (Expr("name", name, value.line) if name else None), verb


def methods_in(call: Expr, verb: str, default: tuple[str, ...] = ("GET",)) -> tuple[str, ...]:
    """Return the methods that a registration by *verb* is for, from its `methods=` where the verb is none."""
    if verb in VERBS:
        return (verb.upper(),)
    listed = call.get("methods")
    named = tuple(item.name.upper() for item in listed.items if item.name) if listed is not None else ()
    return tuple(name for name in named if name not in {"HEAD", "OPTIONS"}) or default


def decorated(found: Found, function: Function, but: frozenset[str] = frozenset()) -> tuple[Guarding, ...]:
    """Return the decorators of *function* as guards, without those whose last word is in *but*."""
    site = Site(found.path, found.scope)
    return tuple(Guarding(site, one, DECORATOR) for one in function.decorators if split(one)[1] not in but)


def method_of(found: Found, method: str) -> Handler:
    """Return the handler that is *method* of class *found*."""
    name = f"{found.name}.{method}"
    return Handler(Site(found.path, found.name), None, name, Found("function", found.path, found.name, name))
