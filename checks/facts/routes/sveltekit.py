"""SvelteKit's routes: +server.ts, form actions and loads of pages, with the `handle` hook over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Expr
from checks.facts.routes.guards import MIDDLEWARE
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface

_ROUTE = re.compile(
    r"^(?P<base>(?:.*?/)??)src/routes/(?P<inner>(?:.*/)?)\+(?P<kind>server|page\.server|layout\.server)\.[jt]s$"
)
_HOOKS = re.compile(r"^(?P<base>(?:.*?/)??)src/hooks\.server(?:/index)?\.[jt]s$")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "fallback")
_EXPECTED = "a check of `locals` in the handler that throws error(401), or a `handle` hook that denies by default"


def sveltekit(program: Program) -> Surface:
    """Return what the SvelteKit apps of *program* serve."""
    surface = Surface("SvelteKit", _EXPECTED, program)
    hooks = {
        match["base"]: Guarding(Site(path), module.exports["handle"], MIDDLEWARE)
        for path, module in program.modules.items()
        if (match := _HOOKS.match(path)) is not None and "handle" in module.exports
    }
    for path, module in program.modules.items():
        match = _ROUTE.match(path)
        if match is None:
            continue
        guards = tuple(guard for base, guard in hooks.items() if base == match["base"])
        url = _url(match["inner"])
        events = _endpoint(program, module, url) if match["kind"] == "server" else _page(program, module, url)
        surface.direct.extend(event.but(guards=guards) for event in events)
    return surface


def _endpoint(program: Program, module: Module, url: str) -> Iterator[Event]:
    """Yield the methods that a +server.ts exports."""
    for method in _METHODS:
        if method in module.exports:
            verb = method if method.isupper() else "ANY"
            yield _event(program, module, verb, url, module.exports[method], method)


def _page(program: Program, module: Module, url: str) -> Iterator[Event]:
    """Yield the form actions of a page, which any browser may post to, and its load."""
    actions = program.evaluate(module.path, "", module.exports.get("actions"))
    named = actions.value.named if actions.value is not None and actions.value.kind == "map" else ()
    for name, value in named:
        tail = "" if name == "default" else f"?/{name}"
        yield _event(program, module, "POST", url + tail, value, name)
    if "load" in module.exports:
        yield _event(program, module, "GET", url, module.exports["load"], "load").but(traits=frozenset({"renders"}))


def _event(program: Program, module: Module, method: str, url: str, value: Expr, name: str) -> Event:  # noqa: PLR0917 - a route is these six
    function = program.function(program.evaluate(module.path, "", value))
    line = function.line if function is not None else value.line
    site = Site(module.path)
    return Event("route", site, line, url, method, handlers=(Handler(site, value, name),))


def _url(inner: str) -> str:
    """Return the path that the folders of a route make: (groups) are no part of it."""
    return "/" + "/".join(part for part in inner.strip("/").split("/") if part and part[0] != "(")
