"""aiohttp's routes: router.add_*, route tables, decorators on RouteTableDef, class views, sub-applications."""

from __future__ import annotations

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Call, Expr, Function
from checks.facts.routes.guards import DECORATOR, MIDDLEWARE
from checks.facts.routes.registration import VERBS, Objects, decorated, method_of, split, text_in
from checks.facts.routes.surface import Event, Guarding, Handler, Key, Site, Surface

_OBJECTS = Objects(
    apps=frozenset({"aiohttp.web.Application", "aiohttp.web_app.Application"}),
    groups=frozenset({"aiohttp.web.RouteTableDef", "aiohttp.web_routedef.RouteTableDef"}),
    parameters=frozenset({"app", "application", "aiohttp_app", "webapp"}),
)
_ADDS = {f"add_{verb}": verb.upper() for verb in VERBS} | {"add_view": "VIEW", "add_route": ""}
_EXPECTED = "a middleware or decorator that raises HTTPUnauthorized for who is not signed in"


def aiohttp(program: Program) -> Surface:
    """Return what the aiohttp applications of *program* serve."""
    surface = Surface("aiohttp", _EXPECTED, program)
    for path, module in program.modules.items():
        if module.outline.language != "python":
            continue
        for function in module.outline.functions:
            for decorator in function.decorators:
                _decorated(surface, module, function, decorator)
        for call in module.outline.calls:
            _called(surface, path, call)
    return surface


def _object(surface: Surface, site: Site, value: Expr | None) -> Key | None:
    """Return the key of the application or route table *value*, with its middlewares noted once."""
    key = _OBJECTS.key(surface, site, value) if value is not None else None
    if key is None or value is None or key in surface.events:
        return key
    surface.events[key] = []
    found = surface.program.evaluate(site.path, site.scope, value)
    listed = found.value.get("middlewares") if found.value is not None else None
    at = Site(found.path, found.scope)
    if listed is not None:
        surface.add(key, Event("guard", at, listed.line, guards=(Guarding(at, listed, MIDDLEWARE),)))
    return key


def _decorated(surface: Surface, module: Module, function: Function, decorator: Expr) -> None:
    """Note `@routes.get("/x")` on a function."""
    owner, verb = split(decorator)
    site = Site(module.path, module.parents.get(function.name, function.name.rpartition(".")[0]))
    key = _object(surface, site, owner) if verb in VERBS else None
    if key is None or not decorator.items:
        return
    found = Found("function", module.path, site.scope, function.name)
    guards = decorated(found, function, frozenset(VERBS))
    path = text_in(surface.program, site, decorator.items[0])
    handlers = (Handler(site, None, function.name, found),)
    surface.add(key, Event("route", site, decorator.line, path, verb.upper(), guards, handlers, order=(1,)))


def _called(surface: Surface, path: str, made: Call) -> None:
    site, call = Site(path, made.scope, made.development), made.value
    owner, verb = split(call)
    if owner is not None and owner.base is None and owner.name.endswith((".router", ".middlewares")):
        owner = Expr("name", owner.name.rpartition(".")[0], owner.line)
    key = _object(surface, site, owner)
    if key is None:
        _OBJECTS.passed_on(surface, made, path)
    elif verb in _ADDS:
        _add(surface, key, site, call, _ADDS[verb])
    elif verb in {"append", "insert"} and call.name.endswith(f".middlewares.{verb}"):
        surface.add(key, Event("guard", site, call.line, guards=(Guarding(site, call.items[-1], MIDDLEWARE),)))
    elif verb == "add_subapp" and len(call.items) > 1:
        child = _object(surface, site, call.items[1])
        if child is not None:
            surface.mounted.add(child)
            prefix = text_in(surface.program, site, call.items[0])
            surface.add(key, Event("mount", site, call.line, prefix, child=child, order=(0,)))
    elif verb == "add_routes" and call.items:
        _table(surface, key, site, call.items[0])


def _table(surface: Surface, key: Key, site: Site, table: Expr) -> None:
    """Note `add_routes([web.get("/x", f), ...])` or `add_routes(routes)`."""
    child = _object(surface, site, table) if table.kind == "name" else None
    if child is not None:
        surface.add(key, Event("mount", site, table.line, child=child, order=(0,)))
        return
    found = surface.program.evaluate(site.path, site.scope, table)
    listed = found.value.items if found.value is not None and found.value.kind == "list" else ()
    for item in listed:
        verb = split(item)[1]
        if item.kind == "call" and verb in {*VERBS, "route", "view"}:
            method = verb.upper() if verb in VERBS else "VIEW" if verb == "view" else ""
            _add(surface, key, Site(found.path, found.scope), item, method)


def _add(surface: Surface, key: Key, site: Site, call: Expr, method: str) -> None:
    """Note one route; *method* "" is told by the first argument, VIEW is a class with a method each verb."""
    program, items = surface.program, call.items
    if not method and items:
        method, items = items[0].name.upper() or "ANY", items[1:]
    if len(items) < 2:  # noqa: PLR2004 - a path and a handler
        return
    method = "ANY" if method == "*" else method
    found = program.evaluate(site.path, site.scope, items[1])
    event = Event("route", site, call.line, text_in(program, site, items[0]), order=(1,))
    one = program.one_class(found)
    function = program.function(found)
    if one is None:
        guards = decorated(found, function) if function is not None else ()
        guards += (Guarding(site, items[1], DECORATOR),) if items[1].kind == "call" else ()
        surface.add(key, event.but(method=method, guards=guards, handlers=(Handler(site, items[1]),)))
        return
    for verb in VERBS:
        function = program.modules[found.path].functions.get(f"{one.name}.{verb}")
        if function is not None and method in {"VIEW", "ANY", verb.upper()}:
            guards = decorated(Found("class", found.path, one.name), function)
            surface.add(key, event.but(method=verb.upper(), guards=guards, handlers=(method_of(found, verb),)))
