"""
Flask's routes: apps and blueprints, decorators, add_url_rule, class views, Flask-RESTful resources, request hooks.
"""

from __future__ import annotations

from checks.facts.guards import DECORATOR, MIDDLEWARE
from checks.facts.module_graph import Found, Module, Program
from checks.facts.outline import Call, Expr, Function
from checks.facts.registration import Objects, split, text_in
from checks.facts.surface import Event, Guarding, Handler, Key, Surface

_PACKAGES = ("flask", "quart", "apiflask", "flask_openapi3")
_RESOURCES = ("flask_restful", "flask_restx", "flask_restplus", "flask_smorest")
_OBJECTS = Objects(
    apps=frozenset(
        {
            *("flask.Flask", "quart.Quart", "apiflask.APIFlask", "flask_openapi3.OpenAPI"),
            *("connexion.FlaskApp", "connexion.App", "connexion.AsyncApp"),
        }
    ),
    groups=frozenset(
        {
            *(f"{package}.{name}" for package in _PACKAGES for name in ("Blueprint", "APIBlueprint")),
            *(f"{package}.{name}" for package in _RESOURCES for name in ("Api", "Namespace", "Blueprint")),
            "flask_restx.namespace.Namespace",
        }
    ),
    parameters=frozenset({"app", "application", "bp", "blueprint", "api", "server"}),
)
_VERBS = ("get", "post", "put", "patch", "delete")
_HOOKS = ("before_request", "before_app_request", "before_websocket")


def flask(program: Program) -> Surface:
    """Return what the Flask apps of *program* serve."""
    surface = Surface(
        "Flask", "a decorator on the view, or a before_request hook, that turns away who is not signed in"
    )
    for path, module in program.modules.items():
        if module.outline.language == "python":
            _module(program, surface, path, module)
    return surface


def _module(program: Program, surface: Surface, path: str, module: Module) -> None:
    for function in module.outline.functions:
        for position, decorator in enumerate(function.decorators):
            _decorated(program, surface, module, function, decorator, function.decorators[position + 1 :])
    for one in module.outline.classes:
        for decorator in one.decorators:
            name, verb = split(decorator)
            key = _object(program, surface, path, "", name) if verb == "route" else None
            if key is not None:
                for text in (item for item in decorator.items if item.kind == "text"):
                    _resource(program, surface, key, module, Found("class", path, "", one.name), text.name, one.line)
    for call in module.outline.calls:
        _called(program, surface, path, call)


def _object(program: Program, surface: Surface, path: str, scope: str, name: str) -> Key | None:
    """Return the key of the app, blueprint or API called *name*; None where it is none."""
    key = _OBJECTS.key(program, surface, path, scope, name) if name else None
    if key is not None and key not in surface.events:
        surface.events[key] = []
        found = program.resolve(path, scope, name)
        if found.kind == "value":
            _group(program, surface, found)
    return key


def _group(program: Program, surface: Surface, found: Found) -> None:
    """Mount an Api on the app or blueprint that it was made with."""
    if found.value is None:
        return
    if found.value.name.endswith("Api") and found.value.items:
        parent = _object(program, surface, found.path, found.scope, found.value.items[0].name)
        prefix = text_in(program, found.path, found.scope, found.value.get("prefix", "url_prefix"))
        if parent is not None:
            surface.add(parent, Event("mount", (0,), found.path, found.value.line, prefix, child=found.key))


def _decorated(
    program: Program, surface: Surface, module: Module, function: Function, decorator: Expr, below: tuple[Expr, ...]
) -> None:
    name, verb = split(decorator)
    scope = module.parents.get(function.name, function.name.rpartition(".")[0])
    if verb not in {"route", *_VERBS, *_HOOKS} or not name:
        return
    key = _object(program, surface, module.path, scope, name)
    if key is None:
        return
    if verb in _HOOKS:
        hook = Guarding(module.path, scope, Expr("name", function.name.rpartition(".")[2], function.line), MIDDLEWARE)
        targets = [*surface.roots] if verb == "before_app_request" else [key]
        for target in targets:
            surface.add(target, Event("guard", (), module.path, function.line, guards=(hook,)))
        return
    path = text_in(program, module.path, scope, decorator.items[0] if decorator.items else decorator.get("rule"))
    guards = tuple(
        Guarding(module.path, scope, one, DECORATOR) for one in below if split(one)[1] not in {"route", *_VERBS}
    )
    handler = Handler(module.path, scope, None, function.name, Found("function", module.path, scope, function.name))
    for method in _methods(decorator, verb):
        event = Event("route", (1,), module.path, decorator.line, path, method, guards, (handler,))
        surface.add(key, event)


def _methods(decorator: Expr, verb: str) -> tuple[str, ...]:
    if verb in _VERBS:
        return (verb.upper(),)
    listed = decorator.get("methods")
    named = tuple(item.name.upper() for item in listed.items if item.name) if listed is not None else ()
    return tuple(name for name in named if name not in {"OPTIONS", "HEAD"}) or ("GET",)


def _called(program: Program, surface: Surface, path: str, made: Call) -> None:
    scope, call = made.scope, made.value
    name, verb = split(call)
    if verb == "init_app" and call.items:
        child = _object(program, surface, path, scope, name)
        parent = _object(program, surface, path, scope, call.items[0].name)
        if child is not None and parent is not None:
            surface.add(parent, Event("mount", (0,), path, call.line, child=child))
        return
    key = _object(program, surface, path, scope, name)
    if key is None:
        _OBJECTS.passed_on(program, surface, path, scope, call)
        return
    if verb in {"register_blueprint", "add_namespace"} and call.items:
        _mount(program, surface, key, path, made)
    elif verb == "add_url_rule":
        _rule(program, surface, key, path, scope, call)
    elif verb == "add_resource" and call.items:
        found = program.evaluate(path, scope, call.items[0])
        for text in call.items[1:]:
            _resource(
                program, surface, key, program.modules[path], found, text_in(program, path, scope, text), call.line
            )
    elif verb in _HOOKS and call.items:
        hook = Guarding(path, scope, call.items[0], MIDDLEWARE)
        surface.add(key, Event("guard", (), path, call.line, guards=(hook,)))


def _mount(program: Program, surface: Surface, key: Key, path: str, made: Call) -> None:
    scope, call = made.scope, made.value
    child = _object(program, surface, path, scope, call.items[0].name)
    if child is None:
        return
    found = program.resolve(path, scope, call.items[0].name)
    own = found.value.get("url_prefix") if found.value is not None else None
    prefix = call.get("url_prefix", "path") or (call.items[1] if len(call.items) > 1 else None)
    text = text_in(program, path, scope, prefix) or text_in(program, found.path, found.scope, own)
    surface.add(key, Event("mount", (0,), path, call.line, text, child=child, development=made.development))


def _rule(program: Program, surface: Surface, key: Key, path: str, scope: str, call: Expr) -> None:
    view = call.get("view_func") or (call.items[2] if len(call.items) > 2 else None)  # noqa: PLR2004 - its third
    text = text_in(program, path, scope, call.items[0] if call.items else call.get("rule"))
    if view is None:
        return
    if view.kind == "call" and view.name.endswith(".as_view"):
        found = program.resolve(path, scope, view.name.removesuffix(".as_view"))
        _resource(program, surface, key, program.modules[path], found, text, call.line)
        return
    guards = (Guarding(path, scope, view, DECORATOR),) if view.kind == "call" else ()
    function = program.function(program.evaluate(path, scope, view))
    decorators = function.decorators if function is not None else ()
    found = program.evaluate(path, scope, view)
    guards += tuple(Guarding(found.path, found.scope, one, DECORATOR) for one in decorators)
    for method in _methods(call, ""):
        handler = Handler(path, scope, view)
        surface.add(key, Event("route", (1,), path, call.line, text, method, guards, (handler,)))


def _resource(program: Program, surface: Surface, key: Key, module: Module, found: Found, text: str, line: int) -> None:
    """Add a route for each HTTP method of class *found*, with the decorators of the class and of the method."""
    one = program.one_class(found)
    if one is None:
        return
    home = program.modules[found.path]
    shared = [Guarding(found.path, "", value, DECORATOR) for value in one.decorators if split(value)[1] != "route"]
    for attribute in ("decorators", "method_decorators"):
        assign = home.assigns.get((one.name, attribute))
        if assign is not None:
            shared.append(Guarding(found.path, "", assign.value, DECORATOR))
    for base in one.bases:
        inherited = program.evaluate(found.path, "", base)
        parent = program.modules.get(inherited.path)
        assign = parent.assigns.get((inherited.name, "method_decorators")) if parent is not None else None
        if assign is not None:
            shared.append(Guarding(inherited.path, "", assign.value, DECORATOR))
    for verb in _VERBS:
        function = home.functions.get(f"{one.name}.{verb}")
        if function is None:
            continue
        own = [Guarding(found.path, one.name, value, DECORATOR) for value in function.decorators]
        handler = Handler(
            found.path, one.name, None, function.name, Found("function", found.path, one.name, function.name)
        )
        event = Event("route", (1,), found.path, function.line, text, verb.upper(), (*shared, *own), (handler,))
        surface.add(key, event)
