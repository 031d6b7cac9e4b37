"""The guards that FastAPI's dependencies are: in decorators, in parameters, behind aliases of Annotated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.code.outline import Expr, Function
from checks.facts.routes.guards import DEPENDENCY, UNUSED
from checks.facts.routes.surface import Guarding, Site

_DEEPEST = 5  # dependencies of dependencies
_MOST = 200


def dependencies_of(site: Site, call: Expr) -> Iterator[Guarding]:
    """Yield the guards that `dependencies=[...]`, or Ninja's `auth=`, of *call* name."""
    listed = call.get("dependencies")
    for item in listed.items if listed is not None else ():
        yield from (replace(guard, role=UNUSED) for guard in _depends(site, item))
    auth = call.get("auth")
    if auth is not None:
        yield Guarding(site, auth, DEPENDENCY)


def parameters_of(program: Program, path: str, function: Function) -> Iterator[Guarding]:
    """Yield the guards that the parameters of *function*, in *path*, depend on, and theirs in turn."""
    pending = [(path, function, 0)]
    seen = 0
    while pending and seen < _MOST:
        where, one, depth = pending.pop()
        for parameter in one.parameters:
            for guard in _of_parameter(program, Site(where, one.name), parameter.annotation, parameter.default):
                seen += 1
                yield replace(guard, role=UNUSED) if parameter.idle else guard
                found = _callable(program, program.evaluate(guard.site.path, guard.site.scope, guard.value))
                inner = program.function(found)
                if inner is not None and depth < _DEEPEST:
                    pending.append((found.path, inner, depth + 1))


def attributes_of(program: Program, path: str, scope: str) -> Iterator[Guarding]:
    """Yield the guards that the attributes of class *scope* and of its bases depend on (class-based controllers)."""
    pending = [Found("class", path, "", scope)]
    for _ in range(12):
        if not pending:
            return
        found = pending.pop(0)
        one = program.one_class(found)
        if one is None:
            continue
        for assign in program.modules[found.path].outline.assigns:
            if assign.scope == found.name:
                yield from _of_parameter(program, Site(found.path, found.name), assign.value, assign.value)
        maker = program.modules[found.path].functions.get(f"{found.name}.__init__")
        if maker is not None:
            yield from parameters_of(program, found.path, maker)
        pending.extend(program.evaluate(found.path, "", base) for base in one.bases)


def _depends(site: Site, value: Expr) -> Iterator[Guarding]:
    if value.kind == "call" and value.name.rpartition(".")[2] in {"Depends", "Security"}:
        dependency = value.items[0] if value.items else value.get("dependency")
        if dependency is not None:
            yield Guarding(site, dependency, DEPENDENCY)


def _of_parameter(program: Program, site: Site, annotation: Expr | None, default: Expr | None) -> Iterator[Guarding]:
    if default is not None:
        yield from _depends(site, default)
    for _ in range(5):  # an alias of an alias of Annotated[...]
        if annotation is None:
            return
        if annotation.kind in {"subscript", "join"}:
            for item in annotation.items:
                yield from _depends(site, item)
            # Optional[CurrentUser], CurrentUser | None: what is inside may be the alias.
            inside = annotation.items[:1] if not annotation.name.endswith("Annotated") else ()
            annotation = inside[0] if inside else None
            continue
        found = program.evaluate(site.path, site.scope, annotation)
        if found.kind == "class":
            # Depends() without a name takes the annotation itself.
            bare = default is not None and default.kind == "call" and not default.items and not default.named
            if bare and default is not None and default.name.endswith("Depends"):
                yield Guarding(site, annotation, DEPENDENCY)
            return
        if found.kind != "value" or found.value is None or found.value.kind not in {"subscript", "name"}:
            return
        site, annotation = Site(found.path, found.scope), found.value


def _callable(program: Program, found: Found) -> Found:
    """Return the function that is called for a dependency: itself, or a class's or an instance's."""
    if found.kind == "value" and found.value is not None and found.value.kind == "call":
        found = program.callee(found.path, found.scope, found.value)
    if found.kind == "class":
        functions = program.modules[found.path].functions
        for name in ("__call__", "__init__"):
            if f"{found.name}.{name}" in functions:
                return Found("function", found.path, found.name, f"{found.name}.{name}")
    return found
