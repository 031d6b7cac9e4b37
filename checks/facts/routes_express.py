"""
Express's routes, and those of Hono, Fastify and koa-router, which register alike: a guard reaches what comes after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.guards import MIDDLEWARE
from checks.facts.module_graph import Module, Program
from checks.facts.outline import Call, Expr
from checks.facts.registration import Objects, text_in
from checks.facts.surface import Event, Guarding, Handler, Key, Surface

_VERBS = {verb: verb.upper() for verb in ("get", "post", "put", "patch", "delete")} | {"all": "ANY", "del": "DELETE"}
_OBJECTS = Objects(
    apps=frozenset(
        {
            *("express", "express.default", "hono.Hono", "@hono/zod-openapi.OpenAPIHono", "fastify", "fastify.fastify"),
            *("fastify.Fastify", "polka", "restify.createServer", "express-ws().app", "ultimate-express"),
        }
    ),
    groups=frozenset(
        {
            *("express.Router", "koa-router", "@koa/router", "express-promise-router", "koa-router.Router"),
            *("hono/tiny.Hono", "hono/quick.Hono", "itty-router.Router", "find-my-way"),
        }
    ),
    parameters=frozenset({"app", "router", "server", "fastify", "expressApp", "instance", "api", "express"}),
)
_HOOKS = frozenset(
    {"preHandler", "onRequest", "preValidation", "preParsing", "beforeHandler", "middleware", "middlewares"}
)
_EXPECTED = "a middleware before the handler that answers 401 to who is not signed in"


def express(program: Program) -> Surface:
    """Return what the Express apps of *program*, and those that register like them, serve."""
    surface = Surface("Express", _EXPECTED)
    for path, module in program.modules.items():
        if module.outline.language != "javascript":
            continue
        for call in module.outline.calls:
            _called(program, surface, module, path, call)
        for assign in module.outline.assigns:
            if assign.value.kind == "call" and assign.value.base is not None and assign.value.name.startswith("."):
                _called(program, surface, module, path, Call(assign.scope, assign.value))
    return surface


def _links(call: Expr) -> list[tuple[str, Expr]]:
    """Return the calls of a chain, first made first: `a.route("/x").get(f)` is [("a.route", ...), ("get", ...)]."""
    found = []
    current: Expr | None = call
    while current is not None and current.kind == "call" and len(found) < 60:  # noqa: PLR2004 - one router's chain
        found.append((current.name.lstrip("."), current))
        current = current.base
    return found[::-1]


def _called(program: Program, surface: Surface, module: Module, path: str, call: Call) -> None:
    links = _links(call.value)
    owner, _, verb = links[0][0].rpartition(".")
    scope = call.scope
    key = _OBJECTS.key(program, surface, path, scope, owner) if owner else None
    if key is None and len(links) > 1 and not owner:
        # new Hono().get(...): the chain's first link makes the object itself.
        key = _chained(program, surface, path, scope, call.value, links[0][1])
        links = links[1:]
        verb = links[0][0]
    if key is None:
        _OBJECTS.passed_on(program, surface, path, scope, call.value)
        return
    base = ""
    for position, (name, link) in enumerate(links):
        verb = verb if position == 0 else name
        if verb == "route" and len(links) > position + 1 and not _is_mount(link):
            base = _paths(program, path, scope, link)[0][0] if link.items else ""
        else:
            _one(program, surface, key, path, call, verb, link, base)


def _chained(program: Program, surface: Surface, path: str, scope: str, whole: Expr, first: Expr) -> Key | None:
    origin = program.callee(path, scope, first)
    if origin.kind != "external" or origin.name not in _OBJECTS.apps | _OBJECTS.groups:
        return None
    module = program.modules[path]
    name = next((assign.name for assign in module.outline.assigns if assign.value is whole), f"@{whole.line}")
    key: Key = (path, scope, name)
    if origin.name in _OBJECTS.apps:
        surface.roots.setdefault(key, "")
    return key


def _is_mount(call: Expr) -> bool:
    return len(call.items) > 1 and call.items[1].kind in {"name", "call"}


def _one(program: Program, surface: Surface, key: Key, path: str, call: Call, verb: str, link: Expr, base: str) -> None:
    """Note one registration *verb* on the object *key*."""
    scope = call.scope
    if verb in _VERBS:
        _route(program, surface, key, path, call, _VERBS[verb], link, base)
    elif verb == "route" and link.items and link.items[0].kind == "map":
        _fastify_route(program, surface, key, path, call, link)
    elif verb in {"use", "register", "mount", "route"}:
        _use(program, surface, key, path, call, link, base)
    elif verb == "addHook" and len(link.items) > 1:
        guard = Guarding(path, scope, link.items[1], MIDDLEWARE)
        surface.add(key, Event("guard", (link.line,), path, link.line, guards=(guard,)))


def _paths(program: Program, path: str, scope: str, call: Expr) -> tuple[list[str], tuple[Expr, ...]]:
    """Return the paths that *call* is about and its other arguments."""
    if not call.items:
        return [""], ()
    first = call.items[0]
    if first.kind == "text":
        return [first.name], call.items[1:]
    if first.kind == "list" and first.items and all(item.kind == "text" for item in first.items):
        return [item.name for item in first.items], call.items[1:]
    text = text_in(program, path, scope, first) if first.kind in {"name", "join"} else ""
    return ([text], call.items[1:]) if text else ([""], call.items)


def _flat(items: tuple[Expr, ...]) -> Iterator[Expr]:
    for item in items:
        if item.kind == "list":
            yield from item.items
        else:
            yield item


def _route(
    program: Program, surface: Surface, key: Key, path: str, call: Call, method: str, link: Expr, base: str
) -> None:
    paths, rest = _paths(program, path, call.scope, link) if not base else ([base], link.items)
    options = [item for item in rest if item.kind == "map"]
    chain = [item for item in _flat(rest) if item.kind in {"name", "function", "call", "either", "subscript"}]
    hooks = [value for option in options for name, value in option.named if name in _HOOKS]
    handler = next((value for option in options for name, value in option.named if name == "handler"), None)
    if handler is not None:
        chain.append(handler)
    if not chain:
        return  # app.get("setting")
    guards = tuple(Guarding(path, call.scope, value, MIDDLEWARE) for value in [*hooks, *chain[:-1]])
    last = Handler(path, call.scope, chain[-1])
    for text in paths:
        if "*" in text and method == "ANY":
            guard = Guarding(path, call.scope, chain[-1], MIDDLEWARE)
            surface.add(
                key, Event("guard", (link.line,), path, link.line, text.replace("*", ""), guards=(*guards, guard))
            )
        else:
            surface.add(
                key,
                Event(
                    "route", (link.line,), path, link.line, text, method, guards, (last,), development=call.development
                ),
            )


def _fastify_route(program: Program, surface: Surface, key: Key, path: str, call: Call, link: Expr) -> None:
    option = link.items[0]
    method, url, handler = option.get("method"), option.get("url", "path"), option.get("handler")
    if url is None or handler is None:
        return
    guards = tuple(Guarding(path, call.scope, value, MIDDLEWARE) for name, value in option.named if name in _HOOKS)
    listed = method.items if method is not None and method.kind == "list" else (method,) if method is not None else ()
    for one in listed:
        event = Event(
            "route",
            (link.line,),
            path,
            link.line,
            text_in(program, path, call.scope, url),
            one.name.upper() or "ANY",
            guards,
            (Handler(path, call.scope, handler),),
        )
        surface.add(key, event)


def _use(program: Program, surface: Surface, key: Key, path: str, call: Call, link: Expr, base: str) -> None:
    """Note `use(path?, guards..., router)`: guards for what follows, and mounts."""
    paths, rest = _paths(program, path, call.scope, link)
    options = next((item for item in rest if item.kind == "map"), None)
    prefix = options.get("prefix") if options is not None else None
    if prefix is not None:
        paths = [text_in(program, path, call.scope, prefix)]
    for text in paths:
        where = base or text
        before: list[Guarding] = []
        for item in _flat(rest):
            child = _child(program, surface, path, call.scope, item)
            event = Event("", (link.line,), path, link.line, where, guards=tuple(before), development=call.development)
            if child is not None and child != key:
                surface.roots.pop(child, None)
                surface.mounted.add(child)
                surface.add(key, event.with_kind("mount", child=child))
            elif item.kind in {"name", "function", "call", "either"}:
                guard = Guarding(path, call.scope, item, MIDDLEWARE)
                before.append(guard)
                if _lists_folders(program, path, call.scope, item):
                    listing = Handler(path, call.scope, None, "serve-index")
                    surface.add(key, event.with_kind("route", method="GET", handlers=(listing,)))
                else:
                    surface.add(key, event.with_kind("guard", guards=(guard,)))


def _lists_folders(program: Program, path: str, scope: str, item: Expr) -> bool:
    callee = program.callee(path, scope, item) if item.kind == "call" else None
    return callee is not None and callee.kind == "external" and callee.name == "serve-index"


def _child(program: Program, surface: Surface, path: str, scope: str, item: Expr) -> Key | None:
    """Return the router that *item* is: a name, a require, a factory's result, or a plug-in function."""
    if item.kind not in {"name", "call", "function"}:
        return None
    key = _OBJECTS.key(program, surface, path, scope, item)
    if key is not None:
        return key
    found = program.evaluate(path, scope, item) if item.kind != "call" else program.instance(path, scope, item)
    function = program.function(found)
    if (
        function is not None
        and function.parameters
        and function.parameters[0].name in {"fastify", "instance", "server", "app", "f"}
    ):
        inner: Key = (found.path, found.name, function.parameters[0].name)
        surface.mounted.add(inner)
        return inner
    return None
