"""Django's views as routes: functions, class views, REST framework's generic views and view sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts.code.bodies import is_personal
from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Expr, Function
from checks.facts.routes.django_generic_views import ACTIONS, BRINGS, PAGES
from checks.facts.routes.guards import DECORATOR, PERMISSION
from checks.facts.routes.registration import VERBS, decorated, method_of, split
from checks.facts.routes.surface import Event, Guarding, Handler, Site, joined

#: Methods by which a class view picks among the records, or asks about one.
_PICKS = (
    "get_queryset",
    "get_object",
    "filter_queryset",
    "test_func",
    "dispatch",
    "has_permission",
    "initial",
    "setup",
)
_DEEPEST = 12  # classes in one line of descent


@dataclass(frozen=True, slots=True)
class Line:
    """A class with its ancestors: those of the repository, and the origins of the others."""

    own: tuple[Found, ...]
    outside: tuple[str, ...]

    @property
    def rest(self) -> bool:
        """Whether it is a view of REST framework."""
        return any(origin.startswith("rest_framework") for origin in self.outside)


class Views:
    """Turns views into routes; *shared* are the guards over every route (middlewares)."""

    def __init__(self, program: Program, shared: tuple[Guarding, ...]) -> None:
        self.program = program
        self.shared = shared
        self.default = _default_permissions(program)

    def of(self, site: Site, view: Expr, line: int, path: str) -> Iterator[Event]:
        """Yield the routes of *view* as a URL configuration names it at *line*: bare, wrapped, or `.as_view()`."""
        guards = list(self.shared)
        for _ in range(6):
            owner, verb = split(view)
            if view.kind != "call" or verb == "as_view":
                break
            guards.append(Guarding(site, view, DECORATOR))  # login_required(view)
            inner = [item for item in view.items if item.kind in {"name", "call"}]
            if not inner:
                return
            view = inner[0]
        owner, verb = split(view)
        base = Event("route", site, line, path, guards=tuple(guards))
        if view.kind == "call" and owner is not None:
            yield from self._of_class(self.program.evaluate(site.path, site.scope, owner), base)
            return
        found = self.program.evaluate(site.path, site.scope, view)
        function = self.program.function(found)
        if function is not None:
            yield from self._of_function(found, function, base)
        elif found.kind == "value" and found.value is not None and found.value.kind == "call":
            inner_owner, inner_verb = split(found.value)  # view = X.as_view() in the views module
            if inner_verb == "as_view" and inner_owner is not None:
                yield from self._of_class(self.program.evaluate(found.path, found.scope, inner_owner), base)

    def of_viewset(self, site: Site, viewset: Expr, line: int, path: str) -> Iterator[Event]:
        """Yield the routes that a router makes of *viewset* at *path*."""
        found = self.program.evaluate(site.path, site.scope, viewset)
        if self.program.one_class(found) is None:
            return
        descent = self.descent(found)
        base = Event("route", site, line, path, guards=(*self.shared, *self._guards(found, descent)))
        for action, (method, tail) in ACTIONS.items():
            where = self._where(descent, action)
            if where is not None or any(action in BRINGS.get(_last(one), ()) for one in descent.outside):
                yield self._generic(base, descent, where, method).but(path=joined(path, tail) + "/")
        for one in descent.own:
            for function in self.program.modules[one.path].functions.values():
                if function.name.startswith(f"{one.name}."):
                    yield from self._extra(base, one, function)

    def _extra(self, base: Event, one: Found, function: Function) -> Iterator[Event]:
        """Yield the routes of a method marked `@action(...)`."""
        mark = next((value for value in function.decorators if split(value)[1] == "action"), None)
        if mark is None:
            return
        detail, named, listed = mark.get("detail"), mark.get("url_path"), mark.get("methods")
        name = function.name.rpartition(".")[2]
        tail = named.name if named is not None and named.name else name
        path = joined(joined(base.path, "{pk}") if detail is not None and detail.name == "true" else base.path, tail)
        own = mark.get("permission_classes")
        guards = (Guarding(Site(one.path), own, PERMISSION), *self.shared) if own is not None else base.guards
        methods = [item.name.upper() for item in listed.items if item.name] if listed is not None else ["GET"]
        for method in methods:
            site = Site(one.path, one.name)
            handlers = (method_of(one, name),)
            yield base.but(
                site=site, line=function.line, path=path + "/", method=method, guards=guards, handlers=handlers
            )

    def _of_function(self, found: Found, function: Function, base: Event) -> Iterator[Event]:
        guards = list(base.guards)
        names = {split(value)[1] for value in function.decorators}
        if "login_not_required" in names:
            guards = [guard for guard in guards if guard.value.kind != "text"]
        site = Site(found.path, found.scope)
        permissions = next((one for one in function.decorators if split(one)[1] == "permission_classes"), None)
        if permissions is not None and permissions.items:
            guards.append(Guarding(site, permissions.items[0], PERMISSION))
        elif "api_view" in names:
            guards.extend(self.default)
        guards.extend(decorated(found, function, frozenset({"permission_classes", "api_view"})))
        for method in function_methods(function):
            handler = Handler(site, None, function.name, found)
            yield base.but(
                site=site, line=_first_line(function), method=method, guards=tuple(guards), handlers=(handler,)
            )

    def _of_class(self, found: Found, base: Event) -> Iterator[Event]:
        if self.program.one_class(found) is None:
            return
        descent = self.descent(found)
        guards = (*base.guards, *self._guards(found, descent))
        event = base.but(guards=guards)
        allowed = self._attribute(descent, "http_method_names")
        names = {item.name.lower() for item in allowed.items} if allowed is not None else set(VERBS)
        done: set[str] = set()
        for verb in VERBS:
            where = self._where(descent, verb)
            if where is not None and verb in names:
                done.add(verb.upper())
                own = decorated(Found("class", where.path, where.name), self._function(where, verb))
                made = self._generic(event, descent, where, verb.upper(), verb)
                yield made.but(guards=(*guards, *own))
        for origin in descent.outside:
            for action in BRINGS.get(_last(origin), ()):
                method = ACTIONS[action][0]
                if method not in done and method.lower() in names:
                    done.add(method)
                    yield self._generic(event, descent, None, method)

    def _generic(self, event: Event, descent: Line, where: Found | None, method: str, name: str = "") -> Event:
        """Return *event* for *method* of a class; what a generic base does stands in for a body."""
        found = descent.own[0]
        one = self.program.one_class(found)
        line = one.line if one is not None else event.line
        action = name or next((key for key, (verb, _) in ACTIONS.items() if verb == method), "")
        handlers: tuple[Handler, ...] = ()
        if where is not None:
            for key, (verb, _) in ACTIONS.items():
                if not name and verb == method and f"{where.name}.{key}" in self.program.modules[where.path].functions:
                    action = key
            handlers = (method_of(where, action),)
            line = self._function(where, action).line
        traits = {"writes"} if method != "GET" else {"reads"}
        if any(_last(origin) in PAGES for origin in descent.outside):
            traits.add("renders")
        reads = self._data(descent) if method == "GET" else ()
        generic = frozenset({"generic", *traits}) if where is None else frozenset()
        site = Site(found.path if where is None else where.path)
        made = event.but(site=site, line=line, method=method, handlers=handlers, reads=reads, traits=generic)
        return made.but(model=self._model(descent) if where is None else "")

    def _model(self, descent: Line) -> str:
        """Return the model of a generic view, or nothing where a method of the repository may pick its records."""
        own = {method for method in _PICKS if self._where(descent, method) is not None}
        if own or self._attribute(descent, "filter_backends") is not None:
            return ""
        for attribute in ("queryset", "model"):
            value = self._attribute(descent, attribute)
            if value is not None and value.name:
                return value.name.removeprefix("models.").partition(".")[0]
        return ""

    def descent(self, found: Found) -> Line:
        """Return *found* with its ancestors, nearest first."""
        own: list[Found] = []
        outside: list[str] = []
        pending = [found]
        while pending and len(own) < _DEEPEST:
            current = pending.pop(0)
            one = self.program.one_class(current)
            if one is None:
                if current.kind == "external":
                    outside.append(current.name)
                continue
            if current not in own:
                own.append(current)
                pending.extend(self.program.evaluate(current.path, current.scope, base) for base in one.bases)
        return Line(tuple(own), tuple(outside))

    def _guards(self, found: Found, descent: Line) -> Iterator[Guarding]:
        """Yield what guards class *found*: itself and its bases, its decorators, its permissions or the default."""
        one = self.program.one_class(found)
        yield Guarding(Site(found.path), Expr("name", found.name), PERMISSION)
        for value in one.decorators if one is not None else ():
            yield Guarding(Site(found.path), value, DECORATOR)
        own = self._attribute(descent, "permission_classes")
        if own is not None:
            yield Guarding(Site(descent.own[0].path), own, PERMISSION)
        elif descent.rest and self._where(descent, "get_permissions") is None:
            yield from self.default

    def _attribute(self, descent: Line, name: str) -> Expr | None:
        for one in descent.own:
            assign = self.program.modules[one.path].assigns.get((one.name, name))
            if assign is not None:
                return assign.value
        return None

    def _where(self, descent: Line, method: str) -> Found | None:
        """Return the class of *descent* that defines *method*, or one of the actions for it."""
        for one in descent.own:
            if f"{one.name}.{method}" in self.program.modules[one.path].functions:
                return one
        return None

    def _function(self, where: Found, method: str) -> Function:
        return self.program.modules[where.path].functions[f"{where.name}.{method}"]

    def _data(self, descent: Line) -> tuple[str, ...]:
        """Return the personal data that a generic view shows, by its queryset, model and serializer."""
        found = []
        for attribute in ("queryset", "model", "serializer_class"):
            value = self._attribute(descent, attribute)
            name = value.name.partition(".")[0] if value is not None else ""
            if name and is_personal(name):
                found.append(name.removesuffix("Serializer"))
        return tuple(dict.fromkeys(found))


def function_methods(function: Function) -> tuple[str, ...]:
    """Return the methods that function view *function* answers, by its decorators or what its body tells apart."""
    for value in function.decorators:
        match split(value)[1]:
            case "api_view" | "require_http_methods" if value.items:
                named = tuple(item.name.upper() for item in value.items[0].items if item.name)
                return tuple(name for name in named if name not in {"HEAD", "OPTIONS"}) or ("GET",)
            case "api_view" | "require_GET" | "require_safe":
                return ("GET",)
            case "require_POST":
                return ("POST",)
    if function.methods:
        refuses = "only_methods" in function.traits
        return (
            tuple(method for method in function.methods if method in {v.upper() for v in VERBS})
            if refuses
            else tuple(dict.fromkeys(("GET", *function.methods)))
        )
    return ("GET", "POST") if "body" in function.traits else ("GET",)


def _default_permissions(program: Program) -> tuple[Guarding, ...]:
    """Return DEFAULT_PERMISSION_CLASSES of any settings, as guards."""
    for path, module in program.modules.items():
        assign = module.assigns.get(("", "REST_FRAMEWORK"))
        listed = assign.value.get("DEFAULT_PERMISSION_CLASSES") if assign is not None else None
        if listed is not None:
            return (Guarding(Site(path), listed, PERMISSION),)
    return ()


def _first_line(function: Function) -> int:
    return function.decorators[0].line if function.decorators else function.line


def _last(origin: str) -> str:
    return origin.rpartition(".")[2]
