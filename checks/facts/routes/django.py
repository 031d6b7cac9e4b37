"""Django's routes: URL configurations, their includes and REST framework routers, and the middlewares over all."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Expr, Import
from checks.facts.routes.django_views import Views
from checks.facts.routes.guards import MIDDLEWARE
from checks.facts.routes.registration import split
from checks.facts.routes.surface import Guarding, Key, Site, Surface, joined

_DEEPEST = 8  # includes within includes
_MOST = 4_000  # entries looked at
_PATHS = frozenset({"path", "re_path", "url"})
_ROUTER = re.compile(r"(?:^|\.)\w*Router$")
_EXPECTED = "login_required, LoginRequiredMixin or permission_classes on the view, or a login middleware"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a URL configuration, or what an include leads to: a value at a site, under a prefix."""

    site: Site
    value: Expr
    prefix: str = ""
    depth: int = 0


def django(program: Program) -> Surface:
    """Return what the Django project of *program* serves."""
    surface = Surface("Django", _EXPECTED, program)
    routers = _routers(program)
    views = Views(program, tuple(_middlewares(program)))
    pending = deque(_roots(program))
    for _ in range(_MOST):
        if not pending:
            break
        entry = pending.popleft()
        if entry.depth > _DEEPEST:
            continue
        if entry.value.kind in {"list", "join"}:
            pending.extendleft(
                reversed([_Entry(entry.site, one, entry.prefix, entry.depth) for one in entry.value.items])
            )
        elif entry.value.kind == "call" and split(entry.value)[1] in _PATHS:
            pending.extend(_path(surface, views, routers, entry))
        elif entry.value.kind == "call" and split(entry.value)[1] == "i18n_patterns":
            pending.extend(_Entry(entry.site, one, entry.prefix, entry.depth + 1) for one in entry.value.items)
        else:
            pending.extend(_led_to(surface, views, routers, entry, entry.value))
    return surface


def _configuration(program: Program, path: str, prefix: str = "", depth: int = 0) -> list[_Entry]:
    """Return the lists that `urlpatterns` of *path* is put together from."""
    assigns = program.modules[path].outline.assigns
    calls = [one.value for one in program.modules[path].outline.calls]
    added = [one for one in calls if one.name in {"urlpatterns.append", "urlpatterns.extend"} and one.items]
    values = [one.value for one in assigns if one.name == "urlpatterns" and not one.scope]
    values += [item for one in added for item in one.items]
    return [_Entry(Site(path), value, prefix, depth) for value in values]


def _roots(program: Program) -> list[_Entry]:
    """Return the root configurations: what ROOT_URLCONF names, or else those that no other one includes."""
    named: dict[str, None] = {}
    for path, module in program.modules.items():
        assign = module.assigns.get(("", "ROOT_URLCONF"))
        if assign is not None and assign.value.kind == "text":
            found = program.imported(path, Import("", assign.value.name))
            if found.kind == "module" and found.path in program.modules:
                named[found.path] = None
    if not named:
        every = [path for path in program.modules if path.endswith(".py") and _configuration(program, path)]
        inner = {path for one in every for path in _included(program, one)}
        named = dict.fromkeys([path for path in every if path not in inner] or every)
    return [entry for path in named for entry in _configuration(program, path)]


def _included(program: Program, path: str) -> Iterator[str]:
    """Yield the configurations that the one at *path* includes."""
    pending = [entry.value for entry in _configuration(program, path)]
    for _ in range(_MOST):
        if not pending:
            return
        one = pending.pop()
        if one.kind == "call" and split(one)[1] == "include" and one.items and one.items[0].kind == "text":
            found = program.imported(path, Import("", one.items[0].name))
            if found.kind == "module":
                yield found.path
        pending.extend(one.items)


def _path(surface: Surface, views: Views, routers: dict[Key, list[_Entry]], entry: _Entry) -> list[_Entry]:
    """Note one path(...); return what it includes."""
    call = entry.value
    first = call.items[0] if call.items else call.get("route", "regex")
    view = call.items[1] if len(call.items) > 1 else call.get("view")
    if first is None or view is None:
        return []
    text = _plain(first.name) if split(call)[1] != "path" else first.name
    inner = _Entry(entry.site, view, joined(entry.prefix, text), entry.depth + 1)
    if view.kind == "list" or (view.kind == "call" and split(view)[1] == "include") or view.name.endswith(".urls"):
        return _led_to(surface, views, routers, inner, view)
    surface.direct.extend(views.of(entry.site, view, call.line, inner.prefix))
    return []


def _led_to(
    surface: Surface, views: Views, routers: dict[Key, list[_Entry]], entry: _Entry, value: Expr
) -> list[_Entry]:
    """Return what an include, a name or a router's urls lead to; a router's routes are noted."""
    program, site = surface.program, entry.site
    if value.kind == "call" and split(value)[1] == "include" and value.items:
        value = value.items[0]
        if value.kind == "list" and value.items and value.items[0].kind != "call":
            value = value.items[0]  # include((patterns, "name"))
    if value.kind == "list":
        return [_Entry(site, value, entry.prefix, entry.depth + 1)]
    if value.kind == "name" and value.name.endswith(".urls"):
        key = program.resolve(site.path, site.scope, value.name.removesuffix(".urls")).key
        for one in routers.get(key, ()):
            path = joined(entry.prefix, one.prefix)
            surface.direct.extend(views.of_viewset(one.site, one.value, one.value.line, path))
        if key in routers:
            return []
    if value.kind == "text":
        found = program.imported(site.path, Import("", value.name))
    else:
        found = program.evaluate(site.path, site.scope, value)
    if found.kind == "module" and found.path in program.modules:
        return _configuration(program, found.path, entry.prefix, entry.depth)
    if found.kind == "value" and found.value is not None and found.value.kind in {"list", "join"}:
        return [_Entry(Site(found.path, found.scope), found.value, entry.prefix, entry.depth + 1)]
    return []


def _routers(program: Program) -> dict[Key, list[_Entry]]:
    """Return what is registered on each REST framework router: (prefix, view set)."""
    found: dict[Key, list[_Entry]] = {}
    for path, module in program.modules.items():
        if module.outline.language != "python":
            continue
        for call in module.outline.calls:
            owner, verb = split(call.value)
            if verb != "register" or owner is None or len(call.value.items) < 2:  # noqa: PLR2004 - prefix and view set
                continue
            router = program.evaluate(path, call.scope, owner)
            if router.value is not None and router.value.kind == "call" and _ROUTER.search(router.value.name):
                prefix, viewset = call.value.items[:2]
                entry = _Entry(Site(path, call.scope), viewset, _plain(prefix.name))
                found.setdefault(router.key, []).append(entry)
    return found


def _middlewares(program: Program) -> Iterator[Guarding]:
    """Yield the middlewares that any settings name, as guards over every route."""
    for path, module in program.modules.items():
        for assign in module.outline.assigns:
            if assign.name in {"MIDDLEWARE", "MIDDLEWARE_CLASSES"} and assign.value.kind in {"list", "join"}:
                for item in assign.value.items:
                    for one in item.items or (item,):
                        yield Guarding(Site(path), one, MIDDLEWARE)


def _plain(pattern: str) -> str:
    """Return a regular expression of a URL as a path, each group of it as <its name>."""
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
    text = re.sub(r"\((?!\?)(?:[^()]|\([^()]*\))*\)", "<>", text)
    return re.sub(r"[\^$\\?]|\(\?:|\)", "", text)
