"""Which function of the repository a call leads to, a method of an object that was made elsewhere included."""

from __future__ import annotations

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Found
from checks.facts.word_set import word_set

_TELLING = 6  # characters of a method's name that may be the only one of its kind
#: Methods of everybody's objects: one function of that name in the repository is not what such a call means.
_EVERYBODYS = word_set(
    """
    create update delete remove insert select filter append extend render execute commit rollback upload download
    toString forEach includes indexOf replace reduce concat values entries toJSON subscribe unsubscribe dispatch
    listen connect disconnect destroy refresh search process handle handler getItem setItem invoke stream
    """
)


class Callees:
    """Answers for one *program* what calls lead to."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._by_name: dict[tuple[bool, str], list[Found]] | None = None

    def function(self, path: str, scope: str, callee: str) -> Found | None:
        """Return the function of this repository that *callee*, in *scope* of *path*, leads to; or None."""
        if path not in self.program.modules:
            return None
        found = self.program.body_of(self.program.resolve(path, scope, callee))
        if found.kind == "function":
            return found
        last = callee.rpartition(".")[2]
        if found.kind == "external" and found.name.startswith("@"):
            return self._of_workspace(found.name)
        if found.kind != "unknown" or "." not in callee or len(last) < _TELLING or last in _EVERYBODYS:
            return None
        named = self._methods().get((path.endswith(".py"), last), [])
        return named[0] if len(named) == 1 else None

    def _of_workspace(self, origin: str) -> Found | None:
        """Return the one function of the package of this repository that *origin*, "@scope/name.function", leads to."""
        package, _, name = origin.partition(".")
        folder = package.partition("/")[2].partition("/")[0]
        if not folder or not name or "." in name:
            return None
        found = [
            Found("function", path, "", name)
            for path, module in self.program.modules.items()
            if f"/{folder}/" in f"/{path}" and name in module.functions
        ]
        return found[0] if len(found) == 1 else None

    def _methods(self) -> dict[tuple[bool, str], list[Found]]:
        """Return the methods of the repository by language and name."""
        if self._by_name is None:
            self._by_name = {}
            for path, module in self.program.modules.items():
                names = [(one, one.rpartition(".")[2]) for one in module.functions if "." in one]
                names += [
                    (one.value.name, one.name.rpartition(".")[2])
                    for one in module.outline.assigns
                    if one.value.kind == "function" and one.name.startswith("this.")
                ]
                for function, last in names:
                    key = (path.endswith(".py"), last)
                    self._by_name.setdefault(key, []).append(Found("function", path, "", function))
        return self._by_name
