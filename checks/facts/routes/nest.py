"""NestJS's routes: controllers and their methods, guards on either and over the whole app, opt-outs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Class, Expr, Function
from checks.facts.routes.guards import PERMISSION
from checks.facts.routes.registration import method_of, split, text_in
from checks.facts.routes.surface import Event, Guarding, Site, Surface, joined

_VERBS = {"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE", "All": "ANY"}
#: Decorators that tell a guard over the whole app to let everybody in; they are the project's own, so by name.
_OPT_OUT = re.compile(r"public|skipauth|noauth|anonymous|allowunauth", re.IGNORECASE)
_EXPECTED = "@UseGuards(...) on the controller or method, or a guard over the whole app"


def nest(program: Program) -> Surface:
    """Return what the NestJS controllers of *program* serve."""
    surface = Surface("NestJS", _EXPECTED, program)
    shared = tuple(_over_all(program))
    prefix = next(_prefixes(program), "")
    for path, module in program.modules.items():
        for one in module.outline.classes if module.outline.language == "javascript" else ():
            controller = next((value for value in one.decorators if split(value)[1] == "Controller"), None)
            if controller is not None:
                base = joined(prefix, _path(program, Site(path), controller))
                surface.direct.extend(_routes(surface, module, one, base, shared))
    return surface


def _routes(surface: Surface, module: Module, one: Class, base: str, shared: tuple[Guarding, ...]) -> Iterator[Event]:
    site = Site(module.path, one.name)
    found = Found("class", module.path, "", one.name)
    for function in module.outline.functions:
        if not function.name.startswith(f"{one.name}."):
            continue
        for mark in function.decorators:
            method = _VERBS.get(split(mark)[1])
            if method is None:
                continue
            guards = (*_used(site, one.decorators), *_used(site, function.decorators))
            open_by_name = next((name for name in _names(one, function) if _OPT_OUT.search(name)), "")
            path = joined(base, _path(surface.program, site, mark))
            event = Event(
                "route", site, mark.line, path, method, handlers=(method_of(found, function.name.rpartition(".")[2]),)
            )
            waived = open_by_name if shared else ""
            yield event.but(guards=guards if waived else (*shared, *guards), waived=waived)


def _names(one: Class, function: Function) -> list[str]:
    return [split(value)[1] for value in (*one.decorators, *function.decorators)]


def _used(site: Site, decorators: tuple[Expr, ...]) -> Iterator[Guarding]:
    """Yield the guards of @UseGuards(...), and of decorators of the project that put it on."""
    for value in decorators:
        name = split(value)[1]
        if name == "UseGuards":
            yield from (Guarding(site, item, PERMISSION) for item in value.items)
        elif name not in _VERBS and name != "Controller" and value.kind == "call":
            yield Guarding(site, value, PERMISSION)


def _over_all(program: Program) -> Iterator[Guarding]:
    """Yield the guards over the whole app: `{provide: APP_GUARD, useClass: X}` and `app.useGlobalGuards(new X())`."""
    for path, module in program.modules.items():
        if module.outline.language != "javascript":
            continue
        for call in module.outline.calls:
            if split(call.value)[1] == "useGlobalGuards":
                yield from (Guarding(Site(path, call.scope), item, PERMISSION) for item in call.value.items)
        for one in module.outline.classes:
            for value in one.decorators:
                for provided in _maps(value):
                    kind, used = provided.get("provide"), provided.get("useClass", "useExisting")
                    if kind is not None and kind.name == "APP_GUARD" and used is not None:
                        yield Guarding(Site(path), used, PERMISSION)


def _maps(value: Expr) -> Iterator[Expr]:
    """Yield every map within the options of @Module(...)."""
    pending = [value]
    for _ in range(500):
        if not pending:
            return
        one = pending.pop()
        if one.kind == "map":
            yield one
        pending.extend((*one.items, *(inner for _, inner in one.named)))


def _prefixes(program: Program) -> Iterator[str]:
    """Yield the text of each `app.setGlobalPrefix("api")`."""
    for path, module in program.modules.items():
        for call in module.outline.calls if module.outline.language == "javascript" else ():
            if split(call.value)[1] == "setGlobalPrefix" and call.value.items:
                yield text_in(program, Site(path, call.scope), call.value.items[0])


def _path(program: Program, site: Site, mark: Expr) -> str:
    first = mark.items[0] if mark.items else None
    if first is not None and first.kind == "map":
        first = first.get("path")
    if first is not None and first.kind == "list":
        first = first.items[0] if first.items else None
    return text_in(program, site, first)
