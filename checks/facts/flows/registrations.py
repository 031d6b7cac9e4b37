"""What stands before a route where it is registered: its decorators and the middlewares in the same call."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Expr
from checks.facts.routes.served import Served

_MOST_NAMES, _DEEPEST = 200, 4


def names_before(program: Program, route: Served) -> frozenset[str]:
    """Return the names in the call or the decorators that register *route*."""
    module = program.modules.get(route.file)
    if module is None:
        return frozenset()
    function = module.functions.get(route.body[1]) if route.body[0] == route.file else None
    marks = [*(function.decorators if function is not None else ())]
    marks += [one.value for one in module.outline.calls if one.value.line == route.line]
    return frozenset(name for mark in marks for name in names_of(mark))


def names_of(value: Expr) -> Iterator[str]:
    """Yield the names and callees within *value*, a few levels deep."""
    stack: list[tuple[Expr, int]] = [(value, 0)]
    for _ in range(_MOST_NAMES):
        if not stack:
            return
        one, depth = stack.pop()
        if one.name and one.kind in {"name", "call"}:
            yield one.name
        if depth < _DEEPEST:
            stack.extend((inner, depth + 1) for inner in one.items)
            stack.extend((inner, depth + 1) for _, inner in one.named)
            if one.base is not None:
                stack.append((one.base, depth + 1))
