"""FastAPI's, Starlette's and Ninja's routes: routers, mounts, dependencies at every level, middlewares, tables."""

from __future__ import annotations

from dataclasses import replace

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Call, Expr, Function
from checks.facts.routes.fastapi_dependencies import attributes_of, dependencies_of, parameters_of
from checks.facts.routes.guards import DECORATOR, MIDDLEWARE
from checks.facts.routes.registration import VERBS, Objects, decorated, method_of, methods_in, split, text_in
from checks.facts.routes.surface import Event, Guarding, Handler, Key, Site, Surface

_OBJECTS = Objects(
    apps=frozenset(
        {
            *("fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette", "ninja.NinjaAPI"),
            *("sanic.Sanic", "fastapi_offline.FastAPIOffline", "ninja_extra.NinjaExtraAPI"),
        }
    ),
    groups=frozenset(
        {
            *("fastapi.APIRouter", "fastapi.routing.APIRouter", "starlette.routing.Router", "ninja.Router"),
            *("sanic.Blueprint", "fastapi_utils.inferring_router.InferringRouter", "ninja.router.Router"),
        }
    ),
    parameters=frozenset({"app", "application", "router", "api", "fastapi_app"}),
)
_ROUTING = frozenset({*VERBS, "api_route", "route", "websocket"})
_EXPECTED = "a dependency such as Depends(get_current_user) on the route or its router"


def fastapi(program: Program) -> Surface:
    """Return what the FastAPI, Starlette, Ninja and Sanic apps of *program* serve."""
    surface = Surface("FastAPI", _EXPECTED, program)
    for path, module in program.modules.items():
        if module.outline.language != "python":
            continue
        for function in module.outline.functions:
            for position, decorator in enumerate(function.decorators):
                _decorated(surface, module, function, decorator, position)
        for call in module.outline.calls:
            _called(surface, path, call)
        for assign in module.outline.assigns:
            if assign.value.kind == "call" and assign.value.get("routes") is not None:
                _object(surface, Site(path, assign.scope), Expr("name", assign.name))
    return surface


def _object(surface: Surface, site: Site, value: Expr | None) -> Key | None:
    """Return the key of the app or router *value*, with what its constructor says noted once."""
    key = _OBJECTS.key(surface, site, value) if value is not None else None
    if key is None or value is None or key in surface.events:
        return key
    surface.events[key] = []
    found = surface.program.evaluate(site.path, site.scope, value)
    if found.kind == "value" and found.value is not None and found.value.kind == "call":
        made, at = found.value, Site(found.path, found.scope)
        guards = [*dependencies_of(at, made)]
        middlewares = made.get("middleware")
        listed = middlewares.items if middlewares is not None else ()
        guards += [Guarding(at, item.items[0], MIDDLEWARE) for item in listed if item.kind == "call" and item.items]
        if guards:
            surface.add(key, Event("guard", at, made.line, guards=tuple(guards)))
        for item in _listed(surface.program, at, made.get("routes")):
            _table(surface, key, at, item)
    return key


def _own_prefix(surface: Surface, site: Site, owner: Expr | None) -> str:
    """Return the prefix that the router *owner* was made with."""
    found = surface.program.evaluate(site.path, site.scope, owner)
    if found.value is None:
        return ""
    return text_in(surface.program, Site(found.path, found.scope), found.value.get("prefix", "url_prefix"))


def _decorated(surface: Surface, module: Module, function: Function, decorator: Expr, position: int) -> None:
    owner, verb = split(decorator)
    if verb not in {*_ROUTING, "middleware"} or owner is None:
        return
    site = Site(module.path, module.parents.get(function.name, function.name.rpartition(".")[0]))
    key = _object(surface, site, owner)
    if key is None:
        return
    if verb == "middleware":
        guard = Guarding(site, Expr("name", function.name.rpartition(".")[2], function.line), MIDDLEWARE)
        surface.add(key, Event("guard", site, function.line, guards=(guard,)))
        return
    path = text_in(surface.program, site, decorator.items[0] if decorator.items else decorator.get("path"))
    guards = [*dependencies_of(site, decorator), *parameters_of(surface.program, module.path, function)]
    guards += attributes_of(surface.program, module.path, site.scope) if site.scope in module.classes else ()
    below = function.decorators[position + 1 :]
    guards += [Guarding(site, one, DECORATOR) for one in below if split(one)[1] not in _ROUTING]
    own = Handler(site, None, function.name, Found("function", module.path, site.scope, function.name))
    traits = frozenset({"socket"} if verb == "websocket" else ())
    event = Event("route", site, decorator.line, _own_prefix(surface, site, owner) + path, order=(1,), traits=traits)
    for method in methods_in(decorator, verb):
        surface.add(key, event.but(method=method, guards=tuple(guards), handlers=(own,)))


def _called(surface: Surface, path: str, made: Call) -> None:
    site, call = Site(path, made.scope, made.development), made.value
    owner, verb = split(call)
    key = _object(surface, site, owner)
    first = call.items[0] if call.items else call.get("router")
    second = call.items[1] if len(call.items) > 1 else None
    if key is None:
        _OBJECTS.passed_on(surface, made, path)
    elif verb in {"include_router", "blueprint"}:
        _include(surface, key, site, call, first, call.get("prefix", "url_prefix"))
    elif verb == "add_router":
        _include(surface, key, site, call, second or call.get("router"), first)
    elif verb == "mount" and second is not None:
        _include(surface, key, site, call, second, first)
    elif verb == "add_middleware" and first is not None:
        surface.add(key, Event("guard", site, call.line, guards=(Guarding(site, first, MIDDLEWARE),)))
    elif verb in {"add_api_route", "add_route"} and first is not None:
        endpoint = second or call.get("endpoint", "route")
        if first.kind == "name" and endpoint is not None and endpoint.kind == "text":  # Sanic: the handler comes first
            call = replace(call, items=(endpoint, first, *call.items[2:]))
            endpoint = first
        _endpoint(surface, key, site, call, endpoint)


def _include(surface: Surface, key: Key, site: Site, call: Expr, child: Expr | None, prefix: Expr | None) -> None:  # noqa: PLR0917 - a mount is these six
    """Note that *child* serves below *key* at *prefix*, behind the dependencies of *call*."""
    child_key = _object(surface, site, child)
    if child_key is None:
        found = surface.program.evaluate(site.path, site.scope, child)
        if found.value is not None and found.value.kind == "list":  # for router in (a.router, b.router): ...
            for item in found.value.items[:60]:
                if item.kind in {"name", "call"}:
                    _include(surface, key, Site(found.path, found.scope), call, item, prefix)
        return
    surface.mounted.add(child_key)
    path = _own_prefix(surface, site, split(call)[0]) + text_in(surface.program, site, prefix)
    guards = tuple(dependencies_of(site, call))
    surface.add(key, Event("mount", site, call.line, path, guards=guards, child=child_key, order=(0,)))


def _endpoint(surface: Surface, key: Key, site: Site, call: Expr, endpoint: Expr | None) -> None:
    """Note `add_route("/x", endpoint)` or `Route("/x", endpoint)`: a function, or a class with a method each verb."""
    program = surface.program
    found = program.evaluate(site.path, site.scope, endpoint)
    event = Event("route", site, call.line, text_in(program, site, call.items[0]), order=(1,))
    one = program.one_class(found)
    for verb in VERBS if one is not None else ():
        function = program.modules[found.path].functions.get(f"{found.name}.{verb}")
        if function is not None:
            guards = decorated(Found("class", found.path, found.name), function)
            handlers = (method_of(found, verb),)
            surface.add(key, event.but(line=function.line, method=verb.upper(), guards=guards, handlers=handlers))
    if one is not None:
        return
    function = program.function(found)
    guards = tuple(dependencies_of(site, call))
    if function is not None:
        guards += (*parameters_of(program, found.path, function), *decorated(found, function))
    for method in methods_in(call, ""):
        surface.add(key, event.but(method=method, guards=guards, handlers=(Handler(site, endpoint),)))


def _listed(program: Program, site: Site, value: Expr | None) -> tuple[Expr, ...]:
    found = program.evaluate(site.path, site.scope, value)
    same = found.value is not None and found.value.kind == "list" and found.path == site.path
    return found.value.items if same and found.value is not None else ()


def _table(surface: Surface, key: Key, site: Site, item: Expr) -> None:
    """Note the entries of a Starlette route table, and of the tables mounted in it."""
    pending = [(key, item)]
    for _ in range(2_000):
        if not pending:
            return
        parent, one = pending.pop(0)
        kind = one.name.rpartition(".")[2]
        if kind == "Route" and one.items:
            _endpoint(surface, parent, site, one, one.items[1] if len(one.items) > 1 else one.get("endpoint"))
        elif kind == "Mount" and one.items:
            inner: Key = (site.path, site.scope, f"@mount{one.line}")
            text = text_in(surface.program, site, one.items[0])
            surface.add(parent, Event("mount", site, one.line, text, child=inner, order=(0,)))
            pending += [(inner, nested) for nested in _listed(surface.program, site, one.get("routes"))]
