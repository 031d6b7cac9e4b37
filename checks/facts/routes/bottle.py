"""Bottle's routes: @route and its like, bare or on a Bottle object."""

from __future__ import annotations

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Expr, Function
from checks.facts.routes.guards import DECORATOR, MIDDLEWARE
from checks.facts.routes.registration import VERBS, split, text_in
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface

_ROUTING = frozenset({"route", *VERBS})
_MAKERS = frozenset({"bottle.Bottle", "bottle.default_app", "bottle.app"})
_EXPECTED = "@auth_basic or a before_request hook that turns away who is not signed in"


def bottle(program: Program) -> Surface:
    """Return what the Bottle apps of *program* serve; their hooks guard everything."""
    surface = Surface("Bottle", _EXPECTED, program)
    hooks: list[Guarding] = []
    for module in program.modules.values():
        if any(one.module.partition(".")[0] == "bottle" for one in module.outline.imports):
            for function in module.outline.functions:
                hooks += _hooks(module, function)
                for position, decorator in enumerate(function.decorators):
                    _decorated(surface, module, function, decorator, position)
    surface.direct = [event.but(guards=(*hooks, *event.guards)) for event in surface.direct]
    return surface


def _hooks(module: Module, function: Function) -> list[Guarding]:
    """Return *function* as a guard where it is hooked in before each request."""
    hooked = any(split(one)[1] == "hook" for one in function.decorators)
    name = Expr("name", function.name.rpartition(".")[2], function.line)
    return [Guarding(Site(module.path, module.parents.get(function.name, "")), name, MIDDLEWARE)] if hooked else []


def _decorated(surface: Surface, module: Module, function: Function, decorator: Expr, position: int) -> None:
    owner, verb = split(decorator)
    if verb not in _ROUTING:
        return
    site = Site(module.path, module.parents.get(function.name, ""))
    if not _is_bottle(surface.program, site, decorator, owner):
        return
    first = decorator.items[0] if decorator.items else decorator.get("path")
    path = text_in(surface.program, site, first) or "/" + function.name.rpartition(".")[2]
    listed = decorator.get("method")
    named = [listed.name] if listed is not None and listed.name else []
    named += [item.name for item in listed.items if item.name] if listed is not None else []
    methods = [verb] if verb in VERBS else named or ["get"]
    # Only decorators below the route's are called with the request.
    below = [one for one in function.decorators[position + 1 :] if split(one)[1] not in _ROUTING]
    guards = tuple(Guarding(site, one, DECORATOR) for one in below)
    handler = Handler(site, None, function.name, Found("function", module.path, site.scope, function.name))
    event = Event("route", site, decorator.line, path, guards=guards, handlers=(handler,))
    surface.direct.extend(event.but(method=method.upper()) for method in methods)


def _is_bottle(program: Program, site: Site, decorator: Expr, owner: Expr | None) -> bool:
    """Whether *decorator* is Bottle's own, or a method of an app of it."""
    origin = program.callee(site.path, site.scope, decorator)
    if origin.kind == "external" and origin.name.startswith("bottle."):
        return True
    found = program.evaluate(site.path, site.scope, owner) if owner is not None else Found("unknown")
    if found.kind != "value" or found.value is None or found.value.kind != "call":
        return False
    made = program.callee(found.path, found.scope, found.value)
    return made.kind == "external" and made.name in _MAKERS
