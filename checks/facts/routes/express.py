"""Express's routes, and those of Hono, Fastify and koa-router, which register alike: a guard reaches what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Call, Expr
from checks.facts.routes.guards import MIDDLEWARE
from checks.facts.routes.registration import Objects, split, text_in
from checks.facts.routes.surface import Event, Guarding, Handler, Key, Site, Surface

_VERBS = {verb: verb.upper() for verb in ("get", "post", "put", "patch", "delete")} | {"all": "ANY", "del": "DELETE"}
_OBJECTS = Objects(
    apps=frozenset(
        {
            *("express", "express.default", "hono.Hono", "@hono/zod-openapi.OpenAPIHono", "fastify", "fastify.fastify"),
            *("fastify.Fastify", "polka", "restify.createServer", "ultimate-express", "koa", "koa.default"),
            "elysia.Elysia",
        }
    ),
    groups=frozenset(
        {
            *("express.Router", "koa-router", "@koa/router", "express-promise-router", "koa-router.Router"),
            *("hono/tiny.Hono", "hono/quick.Hono", "itty-router.Router"),
        }
    ),
    parameters=frozenset({"app", "router", "server", "fastify", "expressApp", "instance", "api", "express"}),
    inner=frozenset({"getInstance"}),  # NestJS: app.getHttpAdapter().getInstance()
)
_PLUGINS = frozenset({"fastify", "instance", "server", "app", "f"})
_HOOKS = frozenset(
    {"preHandler", "onRequest", "preValidation", "preParsing", "beforeHandler", "middleware", "beforeHandle"}
)
#: Methods of Elysia whose function runs before what follows.
_BEFORE = frozenset({"onBeforeHandle", "derive", "resolve", "onRequest"})
_CALLABLE = frozenset({"name", "function", "call", "either", "subscript"})
_LONGEST_CHAIN = 60
_EXPECTED = "a middleware before the handler that answers 401 to who is not signed in"


def express(program: Program) -> Surface:
    """Return what the Express apps of *program*, and those that register like them, serve."""
    surface = Surface("Express", _EXPECTED, program)
    for path, module in program.modules.items():
        if module.outline.language != "javascript":
            continue
        loops = dict(_loops(program, path))
        for call in module.outline.calls:
            for one in _unrolled(call, loops):
                _called(surface, path, one)
        made = [(assign.scope, assign.value) for assign in module.outline.assigns]
        made += [("", value) for _, value in module.outline.exports]
        for scope, value in made:
            if value.kind == "call" and value.base is not None and value.name.startswith("."):
                _called(surface, path, Call(scope, value))
    return surface


def _loops(program: Program, path: str) -> Iterator[tuple[tuple[str, str], tuple[Expr, ...]]]:
    """Yield the parameter of each `list.forEach((one) => ...)`, as (function, name), with the maps of the list."""
    for call in program.modules[path].outline.calls:
        owner, verb = split(call.value)
        body = call.value.items[0] if call.value.items else None
        if verb not in {"forEach", "map"} or owner is None or body is None or body.kind != "function":
            continue
        found = program.evaluate(path, call.scope, owner)
        function = program.modules[path].functions.get(body.name)
        if function is not None and function.parameters and found.value is not None and found.path == path:
            maps = tuple(item for item in found.value.items if item.kind == "map")
            yield (function.name, function.parameters[0].name), maps


def _unrolled(call: Call, loops: dict[tuple[str, str], tuple[Expr, ...]]) -> Iterator[Call]:
    """Yield *call* once for each element of the list whose loop it stands in; else as it is."""
    names = {item.name.partition(".")[0] for item in call.value.items if item.kind == "name" and "." in item.name}
    looped = next((name for name in names if (call.scope, name) in loops), None)
    if looped is None:
        yield call
        return
    for element in loops[call.scope, looped]:
        items = [
            (element.get(item.name.rpartition(".")[2]) if item.name.partition(".")[0] == looped else None) or item
            for item in call.value.items
        ]
        yield replace(call, value=replace(call.value, items=tuple(items)))


def _links(call: Expr) -> list[Expr]:
    """Return the calls of a chain, first made first: of `a.route("/x").get(f)`, a.route(...) and .get(...)."""
    found: list[Expr] = []
    current: Expr | None = call
    while current is not None and current.kind == "call" and len(found) < _LONGEST_CHAIN:
        found.append(current)
        current = current.base
    return found[::-1]


def _called(surface: Surface, path: str, call: Call) -> None:
    site = Site(path, call.scope, call.development)
    links = _links(call.value)
    owner, _ = split(links[0])
    key = _OBJECTS.key(surface, site, owner) if owner is not None else None
    if key is None and len(links) > 1:
        key = _chained(surface, site, call.value, links[0])
        links = links[1:]
    if key is None:
        _OBJECTS.passed_on(surface, call, path)
        return
    base = ""
    for position, link in enumerate(links):
        verb = link.name.rpartition(".")[2]
        event = Event("", site, link.line, base, order=(link.line,))
        if verb == "route" and position == 0 and len(links) > 1 and len(link.items) == 1:
            base = _paths(surface, site, link)[0][0]
        elif verb in _VERBS:
            _route(surface, key, event, link, _VERBS[verb])
        elif verb == "route" and link.items and link.items[0].kind == "map":
            _fastify_route(surface, key, event, link.items[0])
        elif verb in {"use", "register", "mount", "route"}:
            _use(surface, key, event, link)
        elif verb in _BEFORE and link.items:
            surface.add(key, event.but(kind="guard", guards=(Guarding(site, link.items[-1], MIDDLEWARE),)))
        elif verb == "addHook" and len(link.items) > 1:
            surface.add(key, event.but(kind="guard", guards=(Guarding(site, link.items[1], MIDDLEWARE),)))


def _chained(surface: Surface, site: Site, whole: Expr, first: Expr) -> Key | None:
    """Return the key of the object that a chain makes itself: `const app = new Hono().get(...)`."""
    origin = surface.program.callee(site.path, site.scope, first)
    if origin.kind != "external" or origin.name not in _OBJECTS.apps | _OBJECTS.groups:
        return None
    assigns = surface.program.modules[site.path].outline.assigns
    name = next((assign.name for assign in assigns if assign.value is whole), f"@{whole.line}")
    key: Key = (site.path, site.scope, name)
    if origin.name in _OBJECTS.apps:
        surface.roots[key] = _prefix(first) or surface.roots.get(key, "")
    return key


def _prefix(made: Expr | None) -> str:
    """Return the prefix that an object was made with: `new Elysia({ prefix: "/users" }).get(...)`."""
    links = _links(made) if made is not None and made.kind == "call" else []
    options = next((item for item in links[0].items if item.kind == "map"), None) if links else None
    prefix = options.get("prefix") if options is not None else None
    return prefix.name if prefix is not None and prefix.kind == "text" else ""


def _paths(surface: Surface, site: Site, call: Expr) -> tuple[list[str], tuple[Expr, ...]]:
    """Return the paths that *call* is about and its other arguments."""
    if not call.items:
        return [""], ()
    first = call.items[0]
    if first.kind == "text":
        return [first.name], call.items[1:]
    if first.kind == "list" and first.items and all(item.kind == "text" for item in first.items):
        return [item.name for item in first.items], call.items[1:]
    text = text_in(surface.program, site, first) if first.kind in {"name", "join"} else ""
    return ([text], call.items[1:]) if text else ([""], call.items)


def _flat(items: tuple[Expr, ...]) -> Iterator[Expr]:
    for item in items:
        if item.kind == "list":
            yield from item.items
        else:
            yield item


def _route(surface: Surface, key: Key, event: Event, link: Expr, method: str) -> None:
    """Note `get("/x", guards..., handler)`, with Fastify's options among them."""
    paths, rest = ([event.path], link.items) if event.path else _paths(surface, event.site, link)
    options = [pair for item in rest if item.kind == "map" for pair in item.named]
    chain = [item for item in _flat(rest) if item.kind in _CALLABLE]
    chain += [value for name, value in options if name == "handler"]
    if not chain:
        return  # app.get("setting")
    before = [*(value for name, value in options if name in _HOOKS), *chain[:-1]]
    # Elysia's macros, { auth: true }: what such a name stands for is doubted where it is not found.
    before += [Expr("name", name, link.line) for name, value in options if value == Expr("flag", "true", value.line)]
    guards = tuple(Guarding(event.site, value, MIDDLEWARE) for value in before)
    for text in paths:
        if "*" in text and method == "ANY":
            last = Guarding(event.site, chain[-1], MIDDLEWARE)
            surface.add(key, event.but(kind="guard", path=text.replace("*", ""), guards=(*guards, last)))
        else:
            handlers = (Handler(event.site, chain[-1]),)
            surface.add(key, event.but(kind="route", path=text, method=method, guards=guards, handlers=handlers))


def _fastify_route(surface: Surface, key: Key, event: Event, option: Expr) -> None:
    """Note `route({method, url, preHandler, handler})`."""
    method, url, handler = option.get("method"), option.get("url", "path"), option.get("handler")
    if url is None or handler is None or method is None:
        return
    guards = tuple(Guarding(event.site, value, MIDDLEWARE) for name, value in option.named if name in _HOOKS)
    handlers = (Handler(event.site, handler),)
    for one in method.items if method.kind == "list" else (method,):
        verb = one.name.upper() or "ANY"
        text = text_in(surface.program, event.site, url)
        surface.add(key, event.but(kind="route", path=text, method=verb, guards=guards, handlers=handlers))


def _use(surface: Surface, key: Key, event: Event, link: Expr) -> None:
    """Note `use(path?, guards..., router)`: guards for what follows, and mounts."""
    paths, rest = _paths(surface, event.site, link)
    options = next((item for item in rest if item.kind == "map"), None)
    prefix = options.get("prefix") if options is not None else None
    if prefix is not None:
        paths = [text_in(surface.program, event.site, prefix)]
    for text in paths:
        here = event.but(path=event.path or text)
        before: list[Guarding] = []
        for item in _flat(rest):
            child = _child(surface, event.site, item)
            if child is not None and child != key:
                surface.mounted.add(child)
                surface.add(key, here.but(kind="mount", child=child, guards=tuple(before)))
            elif item.kind in _CALLABLE:
                guard = Guarding(event.site, item, MIDDLEWARE)
                before.append(guard)
                surface.add(key, _listing(surface, here, item) or here.but(kind="guard", guards=(guard,)))


def _listing(surface: Surface, event: Event, item: Expr) -> Event | None:
    """Return the route that a folder's listing is, or None where *item* makes none."""
    callee = surface.program.callee(event.site.path, event.site.scope, item) if item.kind == "call" else None
    if callee is None or callee.kind != "external" or callee.name != "serve-index":
        return None
    return event.but(kind="route", method="GET", traits=frozenset({"listing"}))


def _child(surface: Surface, site: Site, item: Expr) -> Key | None:
    """Return the router that *item* is: a name, a require, a factory's result, or a plug-in function."""
    if item.kind not in {"name", "call", "function"}:
        return None
    if item.kind == "call" and item.name.endswith(".routes") and item.base is None:
        item = Expr("name", item.name.removesuffix(".routes"), item.line)  # koa: app.use(router.routes())
    key = _OBJECTS.key(surface, site, item)
    if key is not None:
        return key
    look_up = surface.program.instance if item.kind == "call" else surface.program.evaluate
    found = look_up(site.path, site.scope, item)
    function = surface.program.function(found)
    if function is not None and function.parameters and function.parameters[0].name in _PLUGINS:
        return found.path, found.name, function.parameters[0].name
    return None
