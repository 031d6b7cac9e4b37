"""Remix's and React Router's routes: the loader and the action of each file under app/routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checks.facts.code.module_graph import Program
from checks.facts.routes.guards import LAYOUT
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface

_ROUTE = re.compile(r"^(?:.*/)?app/routes/(?P<inner>.+?)(?:/route|/index)?\.[jt]sx?$")
_PACKAGE = re.compile(r"^(?:@remix-run/|@react-router/|react-router$|@shopify/remix|remix-utils)")
_EXPECTED = "a check of the session at the top of the loader or action that throws a redirect or a 401"


def remix(program: Program) -> Surface:
    """Return what the Remix apps of *program* serve; a loader alone, without a component, answers with data."""
    surface = Surface("Remix", _EXPECTED, program)
    used = any(
        _PACKAGE.match(one.module)
        for module in program.modules.values()
        if module.outline.language == "javascript"
        for one in module.outline.imports
    )
    layouts = {_place(path): path for path in program.modules if _ROUTE.match(path)} if used else {}
    for path, module in program.modules.items():
        match = _ROUTE.match(path) if used else None
        if match is None:
            continue
        page = "default" in module.exports
        for name, method in (("loader", "GET"), ("action", "POST")):
            value = module.exports.get(name)
            if value is None:
                continue
            function = program.function(program.body_of(program.evaluate(path, "", value)))
            line = function.line if function is not None and function.line else value.line
            site = Site(path)
            traits = frozenset({"renders"}) if page and name == "loader" else frozenset()
            event = Event("route", site, line, _url(match["inner"]), method, handlers=(Handler(site, value, name),))
            event = event.but(guards=tuple(_around(program, layouts, path)))
            surface.direct.append(event.but(traits=traits))
    return surface


def _place(path: str) -> str:
    """Return the place of the route file *path* among the layouts, as names with dots: `_in+/_layout` is `_in`."""
    plain = re.sub(r"\.[jt]sx?$", "", path).replace("+/", "/")
    return re.sub(r"/(?:route|index|_layout)$", "", plain).replace("/", ".")


def _around(program: Program, layouts: Mapping[str, str], path: str) -> Iterator[Guarding]:
    """Yield the loaders of the layouts around the route file *path*, nearest first."""
    place = _place(path)
    while "." in place:
        place = place.rpartition(".")[0]
        layout = layouts.get(place)
        value = program.modules[layout].exports.get("loader") if layout is not None else None
        if layout is not None and value is not None:
            yield Guarding(Site(layout), value, LAYOUT)


def _url(inner: str) -> str:
    """Return the path that a file's name makes: dots are slashes, `$id` a parameter, `_group` no part of it."""
    parts = [part for piece in inner.split("/") for part in re.split(r"\.(?![^\[]*\])", piece)]
    kept = [part.rstrip("_") for part in parts if part and part != "index" and not part.startswith("_")]
    return "/" + "/".join(f":{part[1:] or 'rest'}" if part.startswith("$") else part.strip("[]") for part in kept)
