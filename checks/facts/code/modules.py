"""One file with its names in reach, and what a name leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts.code.outline import Assign, Class, Expr, Function, Import, Outline

_DEEPEST = 12  # scopes within scopes


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a name leads to.

    *kind* is function, class, value, parameter, module, external or unknown. *path* and *scope* say where it stands,
    *name* is its name there (of something external: its origin, "flask_login.login_required"), *value* what a value was
    set to.
    """

    kind: str
    path: str = ""
    scope: str = ""
    name: str = ""
    value: Expr | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies it."""
        return self.path, self.scope, self.name


UNKNOWN = Found("unknown")


class Module:
    """One outline with its names in reach."""

    def __init__(self, path: str, outline: Outline) -> None:
        self.path = path
        self.outline = outline
        self.functions: dict[str, Function] = {function.name: function for function in outline.functions}
        self.classes: dict[str, Class] = {one.name: one for one in outline.classes}
        self.parents = {inner: function.name for function in outline.functions for inner in function.inner}
        self.assigns: dict[tuple[str, str], Assign] = {}
        for assign in outline.assigns:
            before = self.assigns.get((assign.scope, assign.name))
            # `x = None` first and the real thing later: the call is what counts.
            if before is None or before.value.kind != "call" or assign.value.kind == "call":
                self.assigns[assign.scope, assign.name] = assign
        self.imports: dict[str, Import] = {one.local: one for one in outline.imports if one.local != "*"}
        self.wildcards = [one.module for one in outline.imports if one.local == "*"]
        self.exports: dict[str, Expr] = {}
        for name, value in outline.exports:
            self.exports.setdefault(name, value)
        self.starred = [value.name for name, value in outline.exports if name == "*"]

    def scopes(self, scope: str) -> Iterator[str]:
        """Yield *scope* and the scopes around it, the module ("") last."""
        for _ in range(_DEEPEST):
            if not scope:
                break
            yield scope
            scope = self.parents.get(scope) or scope.rpartition(".")[0]
        yield ""
