"""A condition that a statement stands under, as text, and what its words mean there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checks.facts.code.denial_words import KEYWORDS, NAME, STRING


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What a condition's words mean where it stands.

    *local* maps a name to the text it was set from, *parameters* are the function's own, *state* names what the module
    holds for everybody, *lists* named lists of paths. *unproved* are functions of the file that take a token apart and
    never look at its signature; None where what stands before the program looks at it. *python* says in which of the
    two languages it is written. A module's own surroundings hold neither *local* nor *parameters*.
    """

    local: Mapping[str, str]
    parameters: frozenset[str]
    state: frozenset[str]
    lists: Mapping[str, tuple[str, ...]]
    unproved: frozenset[str] | None = None
    python: bool = False

    def within(self, local: Mapping[str, str], parameters: frozenset[str]) -> Surroundings:
        """Return what holds in a function of this module that has these names of its own."""
        return replace(self, local=local, parameters=parameters, state=self.state - local.keys())


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition a statement stands under; *holds* False where it must not hold (an else, an early exit before)."""

    text: str
    holds: bool = True
    enclosing: bool = True  # False for an early exit before the statement


def names_in(text: str) -> list[str]:
    """Return the names that *text* speaks of, without keywords and what stands in strings."""
    bare = STRING.sub(" ", text)
    return [name for name in dict.fromkeys(NAME.findall(bare)) if name.lower() not in KEYWORDS and name != "it"]
