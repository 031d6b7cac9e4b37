"""Litestar's routes: @get and its like on functions and on controllers' methods, with the guards of each level."""

from __future__ import annotations

import re

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Expr, Function
from checks.facts.routes.guards import DEPENDENCY, MIDDLEWARE
from checks.facts.routes.registration import VERBS, method_of, split, text_in
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface, joined

_ORIGIN = re.compile(r"(?:litestar|starlite)\b")
_APPS = frozenset({"Litestar", "Starlite", "create_app"})
_EXPECTED = "guards=[...] on the handler, its controller or the app"


def litestar(program: Program) -> Surface:
    """Return what the Litestar apps of *program* serve; a router's prefix is not followed."""
    surface = Surface("Litestar", _EXPECTED, program)
    shared = [guard for module in program.modules.values() for guard in _of_apps(module)]
    known = any(_has_own_login(module) for module in program.modules.values())
    for module in program.modules.values():
        if not any(_ORIGIN.match(one.module) for one in module.outline.imports):
            continue
        for function in module.outline.functions:
            for decorator in function.decorators:
                event = _event(program, module, function, decorator)
                if event is not None:
                    by = "the app's on_app_init" if known else ""
                    surface.direct.append(event.but(guards=(*shared, *event.guards), known=by))
    return surface


def _made(module: Module) -> list[tuple[Site, Expr]]:
    """Return the calls that make apps and routers in *module*."""
    outline = module.outline
    values = [(one.scope, one.value) for one in outline.assigns]
    values += [(function.name, value) for function in outline.functions for value in function.returns]
    imported = any(_ORIGIN.match(one.module) for one in outline.imports)
    calls = [(Site(module.path, scope), value) for scope, value in values if imported and value.kind == "call"]
    return [(site, value) for site, value in calls if value.name.rpartition(".")[2] in _APPS]


def _of_apps(module: Module) -> list[Guarding]:
    found: list[Guarding] = []
    for site, made in _made(module):
        found += _guards(site, made)
        found += [Guarding(site, value, MIDDLEWARE) for value in [made.get("middleware")] if value is not None]
    return found


def _has_own_login(module: Module) -> bool:
    """Whether an app is made with what Litestar's security back ends bring: it asks on each route."""
    return any(made.get("on_app_init") is not None for _, made in _made(module))


def _guards(site: Site, made: Expr) -> list[Guarding]:
    """Return the guards and dependencies that *made*, a decorator or an app, names."""
    guards, depends = made.get("guards"), made.get("dependencies")
    found = [Guarding(site, guards, DEPENDENCY)] if guards is not None else []
    for _, value in depends.named if depends is not None else ():
        item = value.items[0] if value.kind == "call" and value.items else value
        found.append(Guarding(site, item, DEPENDENCY))
    return found


def _event(program: Program, module: Module, function: Function, decorator: Expr) -> Event | None:
    _, verb = split(decorator)
    origin = program.callee(module.path, "", decorator) if verb in VERBS else Found("unknown")
    if origin.kind != "external" or not _ORIGIN.match(origin.name):
        return None
    owner = function.name.rpartition(".")[0]
    controlled = owner in module.classes
    site = Site(module.path, owner if controlled else "")
    first = decorator.items[0] if decorator.items else decorator.get("path")
    path = text_in(program, site, first)
    guards = _guards(site, decorator)
    handler = Handler(site, None, function.name, Found("function", module.path, "", function.name))
    if controlled:
        above = module.assigns.get((owner, "path"))
        path = joined(text_in(program, site, above.value) if above is not None else "", path)
        held = module.assigns.get((owner, "guards"))
        guards += [Guarding(site, held.value, DEPENDENCY)] if held is not None else []
        handler = method_of(Found("class", module.path, "", owner), function.name.rpartition(".")[2])
    event = Event("route", site, decorator.line, joined("", path), verb.upper(), tuple(guards))
    return event.but(handlers=(handler,))
