"""Flask's routes: apps and blueprints, decorators, add_url_rule, class views, Flask-RESTful resources, hooks."""

from __future__ import annotations

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Call, Class, Expr, Function
from checks.facts.routes.guards import DECORATOR, MIDDLEWARE
from checks.facts.routes.registration import VERBS, Objects, decorated, method_of, methods_in, split, text_in
from checks.facts.routes.surface import Event, Guarding, Handler, Key, Site, Surface

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
_HOOKS = ("before_request", "before_app_request")
_ROUTING = frozenset({"route", *VERBS})
_EXPECTED = "a decorator on the view or a before_request hook that turns away who is not signed in"


def flask(program: Program) -> Surface:
    """Return what the Flask apps of *program* serve."""
    surface = Surface("Flask", _EXPECTED, program)
    for path, module in program.modules.items():
        if module.outline.language != "python":
            continue
        for function in module.outline.functions:
            for position, decorator in enumerate(function.decorators):
                _decorated(surface, module, function, decorator, position)
        for one in module.outline.classes:
            _class(surface, path, one)
        for call in module.outline.calls:
            _called(surface, path, call)
    return surface


def _object(surface: Surface, site: Site, value: Expr | None) -> Key | None:
    """Return the key of the app, blueprint or API *value*; None where it is none."""
    key = _OBJECTS.key(surface, site, value) if value is not None else None
    if key is not None and value is not None and key not in surface.events:
        surface.events[key] = []
        found = surface.program.evaluate(site.path, site.scope, value)
        if found.kind == "value":
            _made_with(surface, found)
    return key


def _made_with(surface: Surface, found: Found) -> None:
    """Mount an Api on the app or blueprint that it was made with."""
    made = found.value
    if made is None or not made.name.endswith("Api") or not made.items:
        return
    site = Site(found.path, found.scope)
    parent = _object(surface, site, made.items[0])
    prefix = text_in(surface.program, site, made.get("prefix", "url_prefix"))
    if parent is not None:
        surface.add(parent, Event("mount", site, made.line, prefix, child=found.key, order=(0,)))


def _decorated(surface: Surface, module: Module, function: Function, decorator: Expr, position: int) -> None:
    owner, verb = split(decorator)
    if verb not in {*_ROUTING, *_HOOKS} or owner is None:
        return
    site = Site(module.path, module.parents.get(function.name, function.name.rpartition(".")[0]))
    key = _object(surface, site, owner)
    if key is None:
        return
    own = Found("function", module.path, site.scope, function.name)
    if verb in _HOOKS:
        hook = Guarding(site, Expr("name", function.name.rpartition(".")[2], function.line), MIDDLEWARE)
        for target in surface.roots if verb == "before_app_request" else [key]:
            surface.add(target, Event("guard", site, function.line, guards=(hook,)))
        return
    path = text_in(surface.program, site, decorator.items[0] if decorator.items else decorator.get("rule"))
    # Only decorators below the route's are called with the request.
    below = tuple(Guarding(site, one, DECORATOR) for one in function.decorators[position + 1 :])
    guards = tuple(guard for guard in below if split(guard.value)[1] not in _ROUTING)
    handler = Handler(site, None, function.name, own)
    for method in methods_in(decorator, verb):
        surface.add(
            key, Event("route", site, decorator.line, path, method, guards=guards, handlers=(handler,), order=(1,))
        )


def _class(surface: Surface, path: str, one: Class) -> None:
    """Note `@api.route("/x") class X(Resource)`."""
    for decorator in one.decorators:
        owner, verb = split(decorator)
        key = _object(surface, Site(path), owner) if verb == "route" else None
        for item in decorator.items if key is not None else ():
            if key is not None and item.kind == "text":
                _resource(surface, key, Found("class", path, "", one.name), item.name)


def _called(surface: Surface, path: str, made: Call) -> None:
    site, call = Site(path, made.scope, made.development), made.value
    owner, verb = split(call)
    key = _object(surface, site, owner)
    first = call.items[0] if call.items else None
    if key is None:
        _OBJECTS.passed_on(surface, made, path)
    elif verb == "init_app" and first is not None:
        parent = _object(surface, site, first)
        if parent is not None:
            surface.add(parent, Event("mount", site, call.line, child=key, order=(0,)))
    elif verb in {"register_blueprint", "add_namespace"} and first is not None:
        _mount(surface, key, site, call, first)
    elif verb == "add_url_rule":
        _rule(surface, key, site, call)
    elif verb.startswith("add_") and verb.endswith("resource") and first is not None:
        found = surface.program.evaluate(path, made.scope, first)
        for text in call.items[1:]:
            _resource(surface, key, found, text_in(surface.program, site, text))
    elif verb in _HOOKS and first is not None:
        surface.add(key, Event("guard", site, call.line, guards=(Guarding(site, first, MIDDLEWARE),)))


def _mount(surface: Surface, key: Key, site: Site, call: Expr, first: Expr) -> None:
    child = _object(surface, site, first)
    if child is None:
        return
    found = surface.program.evaluate(site.path, site.scope, first)
    own = found.value.get("url_prefix") if found.value is not None else None
    prefix = call.get("url_prefix", "path") or (call.items[1] if len(call.items) > 1 else None)
    text = text_in(surface.program, site, prefix)
    text = text or text_in(surface.program, Site(found.path, found.scope), own)
    surface.add(key, Event("mount", site, call.line, text, child=child, order=(0,)))


def _rule(surface: Surface, key: Key, site: Site, call: Expr) -> None:
    """Note `add_url_rule("/x", "name", view)`: a function, a wrapped one, or a class view."""
    program = surface.program
    view = call.get("view_func") or (call.items[2] if len(call.items) > 2 else None)  # noqa: PLR2004 - its third
    path = text_in(program, site, call.items[0] if call.items else call.get("rule"))
    if view is None:
        return
    owner, verb = split(view)
    if view.kind == "call" and verb == "as_view" and owner is not None:
        _resource(surface, key, program.evaluate(site.path, site.scope, owner), path)
        return
    found = program.evaluate(site.path, site.scope, view)
    function = program.function(found)
    guards = [Guarding(site, view, DECORATOR)] if view.kind == "call" else []
    guards += decorated(found, function) if function is not None else ()
    for method in methods_in(call, ""):
        route = Event("route", site, call.line, path, method, handlers=(Handler(site, view),), order=(1,))
        surface.add(key, route.but(guards=tuple(guards)))


def _resource(surface: Surface, key: Key, found: Found, path: str) -> None:
    """Add a route for each HTTP method of class *found*, with the decorators of the class and of the method."""
    program = surface.program
    one = program.one_class(found)
    if one is None:
        return
    shared = [Guarding(Site(found.path), value, DECORATOR) for value in one.decorators if split(value)[1] != "route"]
    bases = [found, *(program.evaluate(found.path, "", base) for base in one.bases)]
    for base in bases:
        home = program.modules.get(base.path)
        for attribute in ("decorators", "method_decorators"):
            assign = home.assigns.get((base.name, attribute)) if home is not None else None
            if assign is not None:
                shared.append(Guarding(Site(base.path), assign.value, DECORATOR))
    for verb in VERBS:
        function = program.modules[found.path].functions.get(f"{one.name}.{verb}")
        if function is not None:
            handler = method_of(found, verb)
            guards = (*shared, *decorated(Found("class", found.path, one.name), function))
            event = Event("route", Site(found.path, one.name), function.line, path, verb.upper(), order=(1,))
            surface.add(key, event.but(guards=guards, handlers=(handler,)))
