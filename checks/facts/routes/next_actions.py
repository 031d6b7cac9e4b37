"""Next.js's server actions: functions under "use server", which any browser may call by POST once a page knows them."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Expr, Import
from checks.facts.routes.next import guards_by_project
from checks.facts.routes.surface import Event, Handler, Site, Surface

_SERVER, _CLIENT, _HANDED = ":use server", ":use client", ":handed over"
_MOST = 20_000  # imports followed


def actions(program: Program) -> Surface:
    """Return the server actions of *program*."""
    surface = Surface("Next.js action", "a session check at the top of the action that throws or returns", program)
    middlewares = guards_by_project(program)
    known = _known_to_browsers(program)
    for path, module in program.modules.items():
        marked = {one.partition(":")[0] for one in module.outline.directives if one.endswith(_SERVER)}
        if not marked:
            continue
        project = next((base for base in sorted(middlewares, key=len, reverse=True) if path.startswith(base)), "")
        guards = tuple(middlewares.get(project, ()))
        for name, line, value in _exposed(program, module, marked):
            met = "" not in marked or (path, name) in known or (path, "*") in known
            event = Event("route", Site(path), line, f"action:{name}", "POST", guards)
            handlers = (Handler(Site(path), value, name),)
            surface.direct.append(event.but(handlers=handlers, traits=frozenset() if met else frozenset({"unmet"})))
    return surface


def _exposed(program: Program, module: Module, marked: set[str]) -> Iterator[tuple[str, int, Expr]]:
    """Yield name, line and value of each action: all exports of a marked file, and functions marked themselves."""
    if "" in marked:
        for name, value in module.exports.items():
            found = program.evaluate(module.path, "", value)
            function = program.function(found)
            if function is not None or (found.value is not None and found.value.kind == "call"):
                yield name, function.line if function is not None else value.line, value
        return
    for name in sorted(marked):
        function = module.functions.get(name)
        if function is not None:
            held = next((one.name for one in module.outline.assigns if one.value.name == name), name)
            label = held.rpartition(".")[2]
            value = Expr("function", name, function.line)
            yield f"line {function.line}" if ":" in label else label, function.line, value


def _known_to_browsers(program: Program) -> set[tuple[str, str]]:
    """Return (file, name) of what a client component imports, or JSX hands over; only that gets an address."""
    known: set[tuple[str, str]] = set()
    pending = [path for path, module in program.modules.items() if _marked(module, _CLIENT)]
    clients = set(pending)
    for _ in range(_MOST):
        if not pending:
            break
        path = pending.pop()
        for target, name in _reached(program, path):
            if _marked(program.modules[target], _SERVER):
                known.add((target, name))
            elif target not in clients:
                clients.add(target)
                pending.append(target)
    for path, module in program.modules.items():
        handed = {one.removesuffix(_HANDED) for one in module.outline.directives if one.endswith(_HANDED)}
        known.update(
            hit for one in module.outline.imports if one.local in handed for hit in _target(program, path, one)
        )
    return known


def _reached(program: Program, path: str) -> Iterator[tuple[str, str]]:
    """Yield (file, name) of what the file at *path* imports or hands on; "*" for all of a file."""
    module = program.modules[path]
    for one in module.outline.imports:
        yield from _target(program, path, one)
    for _, value in module.outline.exports:
        if value.kind in {"from", "text"}:
            name = value.items[0].name if value.items else "*"
            yield from _target(program, path, Import("", value.name, name))


def _target(program: Program, path: str, one: Import) -> Iterator[tuple[str, str]]:
    for candidate in program.files.named(path, one.module)[:1]:
        yield candidate, one.name or "*"


def _marked(module: Module, directive: str) -> bool:
    return any(one == directive for one in module.outline.directives)
