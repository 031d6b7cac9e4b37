"""Routes that are registered in a function which nothing calls: code that was left behind, and serves nothing."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Expr, Outline
from checks.facts.routes.surface import Site

_REGISTERS = re.compile(r"(?:routes?|router|endpoints?|api)$", re.IGNORECASE)
_LOADS = frozenset({"import", "require"})
_MOST_ITEMS = 5  # of one call that are looked at


class Callers:
    """Answers for one *program* whether a function that registers routes is ever called."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def miss(self, site: Site) -> bool:
        """
        Whether nothing calls the function that *site* stands in.

        Only said of a function that its file exports by name (what loads a whole folder takes the default), where no
        file names it, and none loads its file.
        """
        module = self._program.modules.get(site.path)
        function = site.scope.partition(".")[0]
        if module is None or not _REGISTERS.search(function) or module.outline.language == "python":
            return False
        if function not in {name for name, _ in module.outline.exports}:
            return False
        return function not in self._named and _stem(site.path) not in self._loaded

    @cached_property
    def _outlines(self) -> tuple[Outline, ...]:
        return tuple(module.outline for module in self._program.modules.values())

    @cached_property
    def _named(self) -> frozenset[str]:
        """The last parts of all names that are imported or called."""
        names = {one.name for outline in self._outlines for one in outline.imports}
        for outline in self._outlines:
            names |= {call.rpartition(".")[2] for function in outline.functions for call in function.calls}
        return frozenset(names)

    @cached_property
    def _loaded(self) -> frozenset[str]:
        """The names, without folder and ending, of all files that some file loads whole."""
        stems = {_stem(one.module) for outline in self._outlines for one in outline.imports if one.name in {"", "*"}}
        for outline in self._outlines:
            for call in outline.calls:
                if _callee(call.value) in _LOADS:
                    stems |= {_stem(item.name) for item in call.value.items[:_MOST_ITEMS] if item.kind == "text"}
        return frozenset(stems)


def _callee(value: Expr) -> str:
    return value.name or (value.base.name if value.base is not None else "")


def _stem(path: str) -> str:
    """Return the name of a file without its ending; of an index file that of its folder."""
    stem = posixpath.basename(path).partition(".")[0]
    return posixpath.basename(posixpath.dirname(path)) if stem == "index" else stem
