"""tRPC's procedures: each query and mutation of a router, guarded by what its procedure was built with."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Expr
from checks.facts.routes.guards import DECORATOR
from checks.facts.routes.registration import split
from checks.facts.routes.surface import Event, Guarding, Handler, Site, Surface

_ENDS = {"query": "GET", "mutation": "POST", "subscription": "GET"}
_MOST = 2_000  # procedures of one repository
_EXPECTED = "a procedure whose middleware throws UNAUTHORIZED, such as protectedProcedure"


def trpc(program: Program) -> Surface:
    """Return the procedures of *program*'s tRPC routers."""
    surface = Surface("tRPC", _EXPECTED, program)
    modules = [module for module in program.modules.values() if module.outline.language == "javascript"]
    if not any(one.module.startswith("@trpc/server") for module in modules for one in module.outline.imports):
        return surface
    for module in modules:
        made = [(assign.scope, assign.name, assign.value) for assign in module.outline.assigns]
        made += [("", name, value) for name, value in module.outline.exports]
        seen: set[tuple[str, int]] = set()
        for scope, name, value in made:
            for event in _procedures(Site(module.path, scope), name, value, 0):
                if (event.path, event.line) not in seen and len(surface.direct) < _MOST:
                    seen.add((event.path, event.line))
                    surface.direct.append(event)
    return surface


def _procedures(site: Site, name: str, value: Expr, depth: int) -> Iterator[Event]:
    """Yield the procedures of `router({ list: publicProcedure.query(...) })`, and of routers within."""
    router = split(value)[1].lower().endswith("router") if value.kind == "call" else False
    listed = value.items[0] if router and value.items else None
    if listed is None or listed.kind != "map" or depth > 4:  # noqa: PLR2004 - routers within routers
        return
    label = name.removesuffix("Router") or name
    for key, one in listed.named:
        if one.kind != "call":
            continue
        method = _ENDS.get(split(one)[1])
        if method is None or not one.items:
            yield from _procedures(site, f"{label}.{key}", one, depth + 1)
            continue
        built = one.base or Expr("name", one.name.rpartition(".")[0], one.line)
        guard = Guarding(site, built, DECORATOR)
        handlers = (Handler(site, one.items[-1], key),)
        line = one.items[-1].line if one.base is None else _first_line(one)
        yield Event("route", site, line, f"/trpc/{label}.{key}", method, guards=(guard,), handlers=handlers)


def _first_line(call: Expr) -> int:
    """Return the line on which the chain of *call* begins."""
    for _ in range(20):
        if call.base is None:
            break
        call = call.base
    return call.line
