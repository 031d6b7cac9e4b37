"""
What the package index says of the names that the app asks for itself: since when there are such, and until when.

The worker names them; the parent asks (`checks.gather.package_index`). Names that nobody outside can know are not
asked: folders of the repository, scopes that are sent to a registry of their own, and files that use another index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from checks.fact import Listing, Question
from checks.facts.packages.dependencies import Dependencies, Dependency
from checks.facts.packages.imports import Imports
from checks.facts.packages.index_answer import Asked, IndexAnswer, Known
from checks.facts.packages.install_sources import InstallSources
from checks.facts.packages.packages import NPM
from checks.facts.packages.slips import is_popular

_NPM_NAME = re.compile(r"^(@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*$")
_PYPI_NAME = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
_LONGEST_NAME = 214  # npm's limit; PyPI's names are shorter


@dataclass(frozen=True, slots=True)
class Named:
    """One package that the app asks for (*dependency*), or that its code imports and no file names (at *path*)."""

    ecosystem: str
    name: str
    path: str
    line: int
    dependency: Dependency | None


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """
    *known* is the index's word on names, by (ecosystem, name); *at* is when it was asked.

    *named* are all that were asked for, *unanswered* why there is no word on some of them, by (ecosystem, name).
    """

    at: datetime
    known: dict[tuple[str, str], Known]
    named: tuple[Named, ...]
    unanswered: dict[tuple[str, str], str]


def names_of(
    dependencies: Dependencies, imports: Imports, sources: InstallSources, listing: Listing
) -> Iterator[Named]:
    """Yield each name that the public index can know, once, where it is asked for."""
    seen: set[tuple[str, str]] = set()
    scopes = {name.partition("/")[0] for _, name in dependencies.own if name.startswith("@")} | sources.scopes
    for one in dependencies.packages:
        key = (one.ecosystem, one.name)
        if not one.direct or one.locked or key in seen or key in dependencies.own or one.path in sources.elsewhere:
            continue
        if _is_askable(one.ecosystem, one.name) and one.name.partition("/")[0] not in scopes:
            seen.add(key)
            yield Named(*key, one.path, one.line, one)
    if NPM not in dependencies.ecosystems:
        return
    declared = {name for ecosystem, name in dependencies.own if ecosystem == NPM}
    declared |= {one.name for one in dependencies.packages if one.ecosystem == NPM}
    declared |= {piece.partition(".")[0] for path in listing.paths for piece in path.split("/")}
    for (ecosystem, name), (path, line) in imports.first.items():
        # Of Python a name in code does not tell the package; of npm it does, unless it is a folder or an alias.
        if ecosystem == NPM and name.partition("/")[0] not in scopes and _is_askable(NPM, name):
            first = name.partition("/")[0]
            if name not in declared and first.removeprefix("@") not in declared and not is_popular(NPM, name):
                yield Named(NPM, name, path, line, None)


def _is_askable(ecosystem: str, name: str) -> bool:
    pattern = _NPM_NAME if ecosystem == NPM else _PYPI_NAME
    return len(name) <= _LONGEST_NAME and pattern.match(name) is not None


def ask(dependencies: Dependencies, imports: Imports, sources: InstallSources, listing: Listing) -> tuple[Asked, ...]:
    """Return the names to be asked for, those that nobody knows first: they are asked before time runs out."""
    used: dict[tuple[str, str], set[str]] = {}
    for one in dependencies.packages:
        if one.version is not None and one.direct:
            used.setdefault((one.ecosystem, one.name), set()).add(one.version)
    named = names_of(dependencies, imports, sources, listing)
    asked = [Asked(one.ecosystem, one.name, tuple(sorted(used.get((one.ecosystem, one.name), ())))) for one in named]
    return tuple(sorted(asked, key=lambda one: (is_popular(one.ecosystem, one.name), one.ecosystem, one.name)))


def join(
    answer: IndexAnswer, dependencies: Dependencies, imports: Imports, sources: InstallSources, listing: Listing
) -> PackageIndex:
    """Return the index's words by name."""
    return PackageIndex(
        answer.at,
        {(one.ecosystem, one.name): one for one in answer.known},
        tuple(names_of(dependencies, imports, sources, listing)),
        {(one.ecosystem, one.name): one.reason for one in answer.unanswered},
    )


source = Question(
    fact=PackageIndex,
    topic="package_index",
    needs=(Dependencies, Imports, InstallSources, Listing),
    ask=ask,
    answer=IndexAnswer,
    join=join,
    slow=True,
)
