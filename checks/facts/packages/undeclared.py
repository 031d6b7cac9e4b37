"""
Packages that the code imports while no file says which packages its language needs.

A name that is imported does not tell which package brings it (`yaml` comes with PyYAML), so nothing is compared name by
name. But code that imports `flask`, in a repository where no manifest of Python's names any package, runs on something
that nobody wrote down: no check of dependencies may pass there.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Derived
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.imports import Imports


@dataclass(frozen=True, slots=True)
class Use:
    """The first import, at *path* and *line*, of a package (by its *name* in code) that no file speaks of."""

    ecosystem: str
    name: str
    path: str
    line: int

    def __str__(self) -> str:
        """Return it as a person reads it."""
        return f"the code imports {self.name}, and no file says which packages of {self.ecosystem} it needs"


@dataclass(frozen=True, slots=True)
class Undeclared:
    """The *uses* of packages in languages for which the repository holds no manifest at all."""

    uses: tuple[Use, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """The first use of each ecosystem, as a sentence."""
        firsts = {use.ecosystem: use for use in reversed(self.uses)}
        return tuple(f"{use.path}:{use.line}: {use}" for use in firsts.values())


def derive(imports: Imports, dependencies: Dependencies) -> Undeclared:
    """Return the imports of those ecosystems that no manifest and no lock speaks of."""
    return Undeclared(
        tuple(
            Use(ecosystem, name, path, line)
            for (ecosystem, name), (path, line) in imports.first.items()
            if ecosystem not in dependencies.ecosystems
        )
    )


source = Derived(fact=Undeclared, needs=(Imports, Dependencies), derive=derive)
