"""
Next.js's pages for administrators: server components that fetch on the server what they show.

Whoever may open the page gets what it fetches, so a login alone is not enough there. The other pages are the app
itself, and whose data they show is for the queries to say. A layout guards the pages below it, and a middleware all.
"""

from __future__ import annotations

import re

from checks.facts.code.module_graph import Program
from checks.facts.routes.guards import HANDLER
from checks.facts.routes.next import guards_by_project
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface

_PAGE = re.compile(r"^(?P<base>(?:.*/)?)app/(?P<inner>(?:[^/]+/){0,12})page\.(?:tsx|jsx|ts|js)$")
_ADMIN = re.compile(r"(?:^|/)(?:admin\w*|superadmin|super-admin|backoffice)(?:/|$)", re.IGNORECASE)
_LAYOUTS = tuple(f"layout.{ending}" for ending in ("tsx", "jsx", "ts", "js"))
_EXPECTED = "a check of the role at the top of the page or of its layout that redirects"


def next_pages(program: Program) -> Surface:
    """Return the pages of *program* that are for administrators and run on the server."""
    surface = Surface("Next.js page", _EXPECTED, program)
    middlewares = guards_by_project(program)
    for path, module in program.modules.items():
        match = _PAGE.match(path)
        if match is None or not _ADMIN.search(match["inner"]) or ":use client" in module.outline.directives:
            continue
        value = module.exports.get("default")
        function = program.function(program.evaluate(path, "", value)) if value is not None else None
        if function is None:
            continue
        project = next((base for base in sorted(middlewares, key=len, reverse=True) if path.startswith(base)), "")
        guards = [*middlewares.get(project, ()), *_layouts(program, path)]
        parts = [part for part in match["inner"].split("/") if part and part[0] not in "(@"]
        event = Event("route", Site(path), function.line, "/" + "/".join(parts), "GET", tuple(guards))
        handlers = (Handler(Site(path), value, function.name),)
        surface.direct.append(event.but(handlers=handlers, traits=frozenset({"renders", "page"})))
    return surface


def _layouts(program: Program, path: str) -> list[Guarding]:
    """Return the layouts above the page at *path* as guards."""
    found = []
    folder = path.rpartition("/")[0]
    for _ in range(14):
        for name in _LAYOUTS:
            module = program.modules.get(f"{folder}/{name}" if folder else name)
            value = module.exports.get("default") if module is not None else None
            if module is not None and value is not None:
                found.append(Guarding(Site(module.path), value, HANDLER))
        if folder.rpartition("/")[2] == "app" or not folder:
            break
        folder = folder.rpartition("/")[0]
    return found
