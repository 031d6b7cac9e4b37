"""Servers of Node and Bun without a framework: one function that answers everything, or Bun's own table of routes."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Expr
from checks.facts.routes.surface import Event, Handler, Site, Surface

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NODE = frozenset({f"{prefix}{name}.createServer" for prefix in ("", "node:") for name in ("http", "https", "http2")})
_EXPECTED = "a check at the top of the function that answers 401 to who is not signed in"
#: Of a function that answers whatever is asked: which path does what is not told apart.
ANSWERS_ALL = frozenset({"answers_all"})


def node_servers(program: Program) -> Surface:
    """Return what the plain servers of *program* answer."""
    surface = Surface("plain server", _EXPECTED, program)
    for path, module in program.modules.items():
        if module.outline.language == "javascript" and not path.startswith("supabase/"):
            for site, made in _made(module):
                surface.direct.extend(_served(program, site, made))
    return surface


def _made(module: Module) -> Iterator[tuple[Site, Expr]]:
    """Yield the calls of *module* that may make a server: `http.createServer(f).listen(80)` among them."""
    outline = module.outline
    values = [(made.scope, made.value) for made in outline.assigns]
    values += [(call.scope, call.value) for call in outline.calls]
    values += [("", value) for _, value in outline.exports]
    seen: set[tuple[int, str]] = set()
    for scope, value in values:
        one: Expr | None = value
        for _ in range(6):
            if one is None or one.kind != "call":
                break
            if one.name.rpartition(".")[2] in {"createServer", "serve"} and (one.line, one.name) not in seen:
                seen.add((one.line, one.name))
                yield Site(module.path, scope), one
            one = one.base


def _served(program: Program, site: Site, made: Expr) -> Iterator[Event]:
    callee = program.callee(site.path, site.scope, made)
    if callee.kind == "external" and callee.name in _NODE:
        yield from _whole(program, site, made, made.items[-1] if made.items else None)
    elif made.name == "Bun.serve" or (callee.kind == "external" and callee.name == "bun.serve"):
        options = made.items[0] if made.items else Expr("map")
        yield from _whole(program, site, made, options.get("fetch"))
        table = options.get("routes")
        for path, value in table.named if table is not None else ():
            yield from _entry(program, site, path, value)


def _whole(program: Program, site: Site, made: Expr, value: Expr | None) -> Iterator[Event]:
    """Yield the routes of a function that answers everything: one for each method that it tells apart."""
    found = program.function(program.evaluate(site.path, site.scope, value)) if value is not None else None
    if found is None:
        return  # an app of a framework, whose routes its own reader yields
    event = Event("route", site, made.line, "/*", traits=ANSWERS_ALL, handlers=(Handler(site, value),))
    for method in [one for one in found.methods if one in _METHODS] or ["ANY"]:
        yield event.but(method=method)


def _entry(program: Program, site: Site, path: str, value: Expr) -> Iterator[Event]:
    """Yield the routes of one entry of Bun's table: a function, or one for each method."""
    named = value.named if value.kind == "map" else (("ANY", value),)
    for method, handler in named:
        if program.function(program.evaluate(site.path, site.scope, handler)) is not None:
            event = Event("route", site, handler.line, path, method, handlers=(Handler(site, handler),))
            yield event
