"""
FastAPI's and Starlette's routes: routers and their mounts, dependencies at every level, middlewares, route tables.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.guards import DECORATOR, DEPENDENCY, MIDDLEWARE
from checks.facts.module_graph import Found, Module, Program
from checks.facts.outline import Call, Expr, Function
from checks.facts.registration import Objects, split, text_in
from checks.facts.surface import Event, Guarding, Handler, Key, Surface

_VERBS = ("get", "post", "put", "patch", "delete")
_OBJECTS = Objects(
    apps=frozenset(
        {
            *("fastapi.FastAPI", "fastapi.applications.FastAPI", "starlette.applications.Starlette", "ninja.NinjaAPI"),
            *("litestar.Litestar", "sanic.Sanic", "fastapi_offline.FastAPIOffline", "ninja_extra.NinjaExtraAPI"),
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
_EXPECTED = "a dependency such as Depends(get_current_user) on the route or its router"


def fastapi(program: Program) -> Surface:
    """Return what the FastAPI and Starlette apps of *program* serve."""
    surface = Surface("FastAPI", _EXPECTED)
    for path, module in program.modules.items():
        if module.outline.language == "python":
            _module(program, surface, path, module)
    return surface


def _object(program: Program, surface: Surface, path: str, scope: str, value: Expr | str) -> Key | None:
    """Return the key of the app or router *value*, with what its constructor says noted once."""
    key = _OBJECTS.key(program, surface, path, scope, value) if value else None
    if key is None or key in surface.events:
        return key
    surface.events[key] = []
    found = program.evaluate(path, scope, Expr("name", value) if isinstance(value, str) else value)
    if found.kind == "value" and found.value is not None and found.value.kind == "call":
        made = found.value
        guards = tuple(_dependencies(found.path, found.scope, made))
        if guards:
            surface.add(key, Event("guard", (), found.path, made.line, guards=guards))
        for item in _listed(program, found.path, found.scope, made.get("routes")):
            _table(program, surface, key, found.path, found.scope, item)
        middlewares = made.get("middleware")
        for item in middlewares.items if middlewares is not None else ():
            if item.kind == "call" and item.items:
                guard = Guarding(found.path, found.scope, item.items[0], MIDDLEWARE)
                surface.add(key, Event("guard", (), found.path, made.line, guards=(guard,)))
    return key


def _own_prefix(program: Program, found: Found) -> str:
    made = found.value
    return text_in(program, found.path, found.scope, made.get("prefix", "url_prefix")) if made is not None else ""


def _module(program: Program, surface: Surface, path: str, module: Module) -> None:
    for function in module.outline.functions:
        for position, decorator in enumerate(function.decorators):
            _decorated(program, surface, module, function, decorator, function.decorators[position + 1 :])
    for call in module.outline.calls:
        _called(program, surface, path, call)


def _decorated(
    program: Program, surface: Surface, module: Module, function: Function, decorator: Expr, below: tuple[Expr, ...]
) -> None:
    name, verb = split(decorator)
    if verb not in {*_VERBS, "api_route", "route", "middleware"} or not name:
        return
    scope = module.parents.get(function.name, function.name.rpartition(".")[0])
    key = _object(program, surface, module.path, scope, name)
    if key is None:
        return
    own = Found("function", module.path, scope, function.name)
    if verb == "middleware":
        guard = Guarding(module.path, scope, Expr("name", function.name.rpartition(".")[2], function.line), MIDDLEWARE)
        surface.add(key, Event("guard", (), module.path, function.line, guards=(guard,)))
        return
    path = text_in(program, module.path, scope, decorator.items[0] if decorator.items else decorator.get("path"))
    prefix = _own_prefix(program, program.resolve(module.path, scope, name))
    guards = [*_dependencies(module.path, scope, decorator), *_of_parameters(program, module.path, function)]
    guards += [Guarding(module.path, scope, one, DECORATOR) for one in below if split(one)[1] not in _VERBS]
    handler = Handler(module.path, scope, None, function.name, own)
    for method in _methods(decorator, verb):
        surface.add(
            key,
            Event("route", (1,), module.path, decorator.line, prefix + path, method, tuple(guards), (handler,)),
        )


def _methods(call: Expr, verb: str) -> tuple[str, ...]:
    if verb in _VERBS:
        return (verb.upper(),)
    listed = call.get("methods")
    named = tuple(item.name.upper() for item in listed.items if item.name) if listed is not None else ()
    return tuple(name for name in named if name not in {"HEAD", "OPTIONS"}) or ("GET",)


def _dependencies(path: str, scope: str, call: Expr) -> Iterator[Guarding]:
    """Yield the guards that `dependencies=[...]` or Ninja's `auth=` of *call* name."""
    listed = call.get("dependencies")
    for item in listed.items if listed is not None else ():
        yield from _depends(path, scope, item)
    auth = call.get("auth")
    if auth is not None:
        yield Guarding(path, scope, auth, DEPENDENCY)


def _depends(path: str, scope: str, value: Expr) -> Iterator[Guarding]:
    if value.kind == "call" and value.name.rpartition(".")[2] in {"Depends", "Security"}:
        dependency = value.items[0] if value.items else value.get("dependency")
        if dependency is not None:
            yield Guarding(path, scope, dependency, DEPENDENCY)


def _of_parameters(program: Program, path: str, function: Function, depth: int = 0) -> Iterator[Guarding]:
    """Yield the guards that the parameters of *function* depend on, and theirs."""
    scope = function.name
    for parameter in function.parameters:
        for guard in _of_parameter(program, path, scope, parameter.annotation, parameter.default):
            yield guard
            found = program.evaluate(guard.path, guard.scope, guard.value)
            if found.kind == "value" and found.value is not None and found.value.kind == "call":
                found = program.callee(found.path, found.scope, found.value)
            if found.kind == "class":
                module = program.modules[found.path]
                name = next(
                    (f"{found.name}.{n}" for n in ("__call__", "__init__") if f"{found.name}.{n}" in module.functions),
                    "",
                )
                found = Found("function", found.path, found.name, name)
            inner = program.function(found)
            if inner is not None and depth < 5:  # noqa: PLR2004 - dependencies of dependencies
                yield from _of_parameters(program, found.path, inner, depth + 1)


def _of_parameter(
    program: Program, path: str, scope: str, annotation: Expr | None, default: Expr | None
) -> Iterator[Guarding]:
    if default is not None:
        yield from _depends(path, scope, default)
    for _ in range(4):  # an alias of an alias of Annotated[...]
        if annotation is None:
            return
        if annotation.kind == "subscript":
            for item in annotation.items:
                yield from _depends(path, scope, item)
            # Optional[CurrentUser], CurrentUser | None: what is inside may be the alias.
            annotation = annotation.items[0] if annotation.items and not annotation.name.endswith("Annotated") else None
            continue
        if annotation.kind == "join":
            annotation = annotation.items[0] if annotation.items else None
            continue
        found = program.evaluate(path, scope, annotation)
        if found.kind != "value" or found.value is None or found.value.kind not in {"subscript", "name"}:
            return
        path, scope, annotation = found.path, found.scope, found.value


def _called(program: Program, surface: Surface, path: str, made: Call) -> None:
    scope, call = made.scope, made.value
    name, verb = split(call)
    key = _object(program, surface, path, scope, name) if name else None
    if key is None:
        _OBJECTS.passed_on(program, surface, path, scope, call)
        return
    first = call.items[0] if call.items else None
    if verb in {"include_router", "blueprint", "add_router"}:
        child = call.items[1] if verb == "add_router" and len(call.items) > 1 else first or call.get("router")
        _include(program, surface, key, path, made, child)
    elif verb == "mount" and len(call.items) > 1:
        child_key = _object(program, surface, path, scope, call.items[1])
        if child_key is not None:
            text = text_in(program, path, scope, first)
            surface.roots.pop(child_key, None)
            surface.add(key, Event("mount", (0,), path, call.line, text, child=child_key))
    elif verb == "add_middleware" and first is not None:
        guard = Guarding(path, scope, first, MIDDLEWARE)
        surface.add(key, Event("guard", (), path, call.line, guards=(guard,)))
    elif verb in {"add_api_route", "add_route"} and first is not None:
        endpoint = call.items[1] if len(call.items) > 1 else call.get("endpoint", "route")
        _endpoint(program, surface, key, path, scope, call, first, endpoint)


def _include(program: Program, surface: Surface, key: Key, path: str, made: Call, child: Expr | None) -> None:
    scope, call = made.scope, made.value
    if child is None:
        return
    child_key = _object(program, surface, path, scope, child)
    guards = tuple(_dependencies(path, scope, call))
    if child_key is None:
        return
    prefix = call.get("prefix", "url_prefix") or (call.items[0] if call.name.endswith("add_router") else None)
    own = _own_prefix(program, program.resolve(path, scope, split(call)[0]))
    event = Event("mount", (0,), path, call.line, own + text_in(program, path, scope, prefix), guards=guards)
    surface.add(key, event.with_kind("mount", child=child_key, development=made.development))


def _endpoint(
    program: Program,
    surface: Surface,
    key: Key,
    path: str,
    scope: str,
    call: Expr,
    text: Expr,
    endpoint: Expr | None,
) -> None:
    """Note `add_route("/x", endpoint)` or `Route("/x", endpoint)`: a function, or a class with a method each verb."""
    found = program.evaluate(path, scope, endpoint)
    where = text_in(program, path, scope, text)
    one = program.one_class(found)
    if one is not None:
        module = program.modules[found.path]
        for verb in _VERBS:
            function = module.functions.get(f"{one.name}.{verb}")
            if function is not None:
                guards = tuple(Guarding(found.path, one.name, value, DECORATOR) for value in function.decorators)
                own = Handler(
                    found.path, one.name, None, function.name, Found("function", found.path, one.name, function.name)
                )
                surface.add(key, Event("route", (1,), found.path, function.line, where, verb.upper(), guards, (own,)))
        return
    target = program.function(found)
    guards = tuple(_dependencies(path, scope, call))
    if target is not None:
        guards += tuple(_of_parameters(program, found.path, target))
        guards += tuple(Guarding(found.path, found.scope, value, DECORATOR) for value in target.decorators)
    for method in _methods(call, ""):
        handler = Handler(path, scope, endpoint)
        surface.add(key, Event("route", (1,), path, call.line, where, method, guards, (handler,)))


def _listed(program: Program, path: str, scope: str, value: Expr | None) -> tuple[Expr, ...]:
    if value is None:
        return ()
    if value.kind == "list":
        return value.items
    found = program.evaluate(path, scope, value)
    return found.value.items if found.value is not None and found.value.kind == "list" and found.path == path else ()


def _table(program: Program, surface: Surface, key: Key, path: str, scope: str, item: Expr) -> None:
    """Note one entry of a Starlette route table."""
    kind = item.name.rpartition(".")[2]
    if kind == "Route" and item.items:
        endpoint = item.items[1] if len(item.items) > 1 else item.get("endpoint")
        _endpoint(program, surface, key, path, scope, item, item.items[0], endpoint)
    elif kind == "Mount" and item.items:
        inner: Key = (path, scope, f"@mount{item.line}")
        if inner in surface.events:
            return
        surface.events[inner] = []
        text = text_in(program, path, scope, item.items[0])
        surface.add(key, Event("mount", (0,), path, item.line, text, child=inner))
        for one in _listed(program, path, scope, item.get("routes")):
            _table(program, surface, inner, path, scope, one)
