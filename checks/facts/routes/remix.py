"""Remix's and React Router's routes: the loader and the action of each file under app/routes."""

from __future__ import annotations

import re

from checks.facts.code.module_graph import Program
from checks.facts.routes.surface import Event, Handler, Site, Surface

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
            surface.direct.append(event.but(traits=traits))
    return surface


def _url(inner: str) -> str:
    """Return the path that a file's name makes: dots are slashes, `$id` a parameter, `_group` no part of it."""
    parts = [part for piece in inner.split("/") for part in re.split(r"\.(?![^\[]*\])", piece)]
    kept = [part.rstrip("_") for part in parts if part and part != "index" and not part.startswith("_")]
    return "/" + "/".join(f":{part[1:] or 'rest'}" if part.startswith("$") else part.strip("[]") for part in kept)
