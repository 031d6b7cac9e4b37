"""Next.js's routes: app/**/route.ts, pages/api/**, server actions, and the middleware over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Expr
from checks.facts.routes.guards import DECORATOR, MIDDLEWARE, PERMISSION
from checks.facts.routes.next_matchers import MATCHER
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface

_APP_ROUTE = re.compile(r"^(?P<base>(?:.*?/)??)(?:src/)?app/(?P<inner>(?:.*/)?)route\.(?:ts|js|tsx|jsx|mjs)$")
_PAGE_API = re.compile(r"^(?P<base>(?:.*?/)??)(?:src/)?pages/api/(?P<inner>.*)\.(?:ts|js|tsx|jsx|mjs)$")
_CONFIG = re.compile(r"(?:^|/)next\.config\.(?:js|mjs|cjs|ts)$")
_MIDDLEWARE = re.compile(r"^(?P<base>(?:.*/)?)(?:src/)?(?:middleware|proxy)\.(?:ts|js|mjs)$")
_MOST_VALUES = 500  # of one file that are looked through for a callback
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_EXPECTED = (
    "a session check in the handler that answers 401, or a middleware.ts (proxy.ts from Next.js 16 on) that denies by"
    " default"
)


def next_js(program: Program) -> Surface:
    """Return what the Next.js apps of *program* serve."""
    surface = Surface("Next.js", _EXPECTED, program)
    middlewares = guards_by_project(program)
    projects = _projects(program)
    for path, module in program.modules.items():
        if module.outline.language != "javascript":
            continue
        project = next((base for base in projects if path.startswith(base)), "")
        inside = path.removeprefix(project).removeprefix("src/")
        if match := _APP_ROUTE.match(inside):
            events = _app_route(program, module, _url(match["inner"]))
        elif match := _PAGE_API.match(inside):
            events = _page(program, module, "/api" + _url(match["inner"].removesuffix("index")))
        else:
            continue
        guards = tuple(middlewares.get(project + match["base"], middlewares.get(project, ())))
        surface.direct.extend(event.but(guards=(*guards, *event.guards)) for event in events)
    return surface


def _projects(program: Program) -> list[str]:
    """Return the folders that hold a next.config, deepest first: where app/ and pages/ begin."""
    configured = {path.rpartition("/")[0] for path in program.modules if _CONFIG.search(path)}
    return sorted((folder + "/" for folder in configured if folder), key=len, reverse=True)


def _app_route(program: Program, module: Module, url: str) -> Iterator[Event]:
    for method in _METHODS:
        value = module.exports.get(method)
        if value is None:
            continue
        found = program.evaluate(module.path, "", value)
        function = program.function(found)
        line = function.line if function is not None and found.path == module.path else value.line
        yield Event(
            "route", Site(module.path), line, url, method, handlers=(Handler(Site(module.path), value, method),)
        )


def _page(program: Program, module: Module, url: str) -> Iterator[Event]:
    """Yield the routes of a file under pages/api: one for each method that its handler tells apart."""
    value = module.exports.get("default") or module.exports.get("=")
    if value is None:
        return
    found = program.evaluate(module.path, "", value)
    function = program.function(found)
    methods: tuple[str, ...] = function.methods if function is not None else ()
    if function is None:
        # Wrapped: withAuth(handler). The methods are those that any function of the file tells apart.
        methods = tuple(dict.fromkeys(method for one in module.outline.functions for method in one.methods))
    handlers = (Handler(Site(module.path), value, "handler"),)
    line = function.line if function is not None and found.path == module.path else value.line
    for method in [method for method in methods if method in _METHODS] or ["ANY"]:
        yield Event("route", Site(module.path), line, url, method, handlers=handlers)


def guards_by_project(program: Program) -> dict[str, list[Guarding]]:
    """Return for each project folder the guards that its middleware.ts is, limited to what it matches."""
    found: dict[str, list[Guarding]] = {}
    for path, module in program.modules.items():
        match = _MIDDLEWARE.match(path)
        if match is None or module.outline.language != "javascript":
            continue
        names = [name for name in ("middleware", "proxy", "default") if name in module.exports]
        if not names:
            continue
        value = module.exports[names[0]]
        config = module.assigns.get(("", "config"))
        patterns = "\n".join(one.name for one in _texts(config.value.get("matcher") if config is not None else None))
        role = DECORATOR if value.kind == "call" else MIDDLEWARE
        under = MATCHER + patterns if patterns else ""
        guards = [Guarding(Site(path), value, role, under)]
        reached = program.evaluate(path, "", value)
        if reached.kind == "external" and reached.name.startswith("next-auth"):
            guards += [Guarding(site, answer, PERMISSION, under) for site, answer in _authorized(program)]
        found[match["base"].removesuffix("src/")] = guards
    return found


def _authorized(program: Program) -> Iterator[tuple[Site, Expr]]:
    """Yield the callback by which NextAuth's own middleware decides: `callbacks: { authorized({ auth }) {...} }`."""
    for path, module in program.modules.items():
        if module.outline.language != "javascript" or not any("auth" in one.module for one in module.outline.imports):
            continue
        pending = [assign.value for assign in module.outline.assigns] + [value for _, value in module.outline.exports]
        for _ in range(_MOST_VALUES):
            if not pending:
                break
            one = pending.pop()
            yield from ((Site(path), value) for name, value in one.named if name == "authorized")
            pending += [*one.items, *(value for _, value in one.named), *([one.base] if one.base is not None else ())]


def _texts(value: Expr | None) -> list[Expr]:
    """Return the patterns of a matcher: one text, a list of them, or of {source}."""
    if value is None:
        return []
    items = value.items if value.kind == "list" else (value,)
    found = [item.get("source") or item if item.kind == "map" else item for item in items]
    return [item for item in found if item.kind == "text" and item.name]


def _url(inner: str) -> str:
    """Return the path that the folders of a route make: (groups) and @slots are no part of it."""
    segments = [part for part in inner.strip("/").split("/") if part and not (part[0] in "(@" and part[-1:] != "]")]
    return "/" + "/".join(segments)
