"""Tornado's routes: tables of (pattern, handler class), wherever they stand; the methods of a handler and its bases."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found, Module
from checks.facts.code.outline import Expr
from checks.facts.routes.guards import PERMISSION
from checks.facts.routes.registration import VERBS, decorated, method_of, text_in
from checks.facts.routes.surface import Event, Guarding, Site, Surface

_EXPECTED = "@tornado.web.authenticated on the method, or a prepare() that answers 401"
_MOST_VALUES = 3_000  # expressions of one file that are looked through
_DEEPEST = 10  # classes in one line of descent


def tornado(program: Program) -> Surface:
    """Return what the Tornado apps of *program* serve."""
    surface = Surface("Tornado", _EXPECTED, program)
    for path, module in program.modules.items():
        if module.outline.language == "python":
            for site, pattern, handler in _entries(module):
                found = program.evaluate(path, site.scope, handler)
                if program.one_class(found) is not None:
                    _handler(surface, found, text_in(program, site, pattern))
    return surface


def _entries(module: Module) -> Iterator[tuple[Site, Expr, Expr]]:
    """Yield pattern and handler of each `(r"/x", Handler)` and `url(r"/x", Handler)` in a list of the file."""
    outline = module.outline
    pending = [(assign.scope, assign.value) for assign in outline.assigns]
    pending += [(call.scope, call.value) for call in outline.calls]
    pending += [(function.name, value) for function in outline.functions for value in function.returns]
    for _ in range(_MOST_VALUES):
        if not pending:
            return
        scope, value = pending.pop()
        made = value.kind == "call" and value.name.rpartition(".")[2] in {"url", "URLSpec"}
        if (made or value.kind == "list") and len(value.items) > 1 and value.items[0].kind in {"text", "join"}:
            if value.items[1].kind == "name":
                yield Site(module.path, scope), value.items[0], value.items[1]
            continue
        pending += [(scope, item) for item in value.items if item.kind in {"list", "call", "join"}]
        pending += [(scope, item) for name, item in value.named if name in {"handlers", "routes"}]


def _handler(surface: Surface, found: Found, path: str) -> None:
    """Add a route for each HTTP method of the handler class *found*, where it is one of Tornado's."""
    program = surface.program
    line, known = _descent(program, found)
    if not known:
        return
    own = Guarding(Site(found.path), Expr("name", found.name), PERMISSION)
    done: set[str] = set()
    for one in line:
        functions = program.modules[one.path].functions
        for verb in VERBS:
            function = functions.get(f"{one.name}.{verb}")
            if function is None or verb in done:
                continue
            done.add(verb)
            guards = (own, *decorated(Found("class", one.path, one.name), function))
            site = Site(one.path, one.name)
            event = Event("route", site, function.line, path or "/*", verb.upper(), guards)
            surface.direct.append(event.but(handlers=(method_of(one, verb),)))


def _descent(program: Program, found: Found) -> tuple[list[Found], bool]:
    """Return *found* with its ancestors in the repository, nearest first, and whether one of them is Tornado's."""
    line: list[Found] = []
    known = False
    pending = [found]
    while pending and len(line) < _DEEPEST:
        current = pending.pop(0)
        one = program.one_class(current)
        if one is None:
            known = known or (current.kind == "external" and current.name.startswith("tornado."))
        elif current not in line:
            line.append(current)
            pending.extend(program.evaluate(current.path, current.scope, base) for base in one.bases[:6])
    return line, known
