"""What an app keeps in its own process or on its own disk: databases, files, sessions, records, who is signed in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.code.syntax import language_of
from checks.facts.neighbours import is_set_aside
from checks.facts.operations.kept import DATABASES, Kept, What
from checks.facts.operations.kept_javascript import javascript
from checks.facts.operations.kept_python import python
from checks.facts.operations.kept_sqlite import schema
from checks.facts.tier import Tier, is_built, is_for_development, is_run_by_hand, tier_of

_TAKES = re.compile(
    r"""\{[^{}]{0,300}\b(?:storage|db|database|store|repository)\b[^{}]{0,300}\}\s*(?:from"""
    r"""|=\s*require\()\s*["'](?P<module>\.[\w./-]{0,200}|@/[\w./-]{0,200})["']"""
)


@dataclass(frozen=True, slots=True)
class KeptInFile:
    """What the code of one file keeps; *uses* are the last names of modules that it takes a storage from."""

    kept: tuple[Kept, ...] = ()
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalState:
    """What all files keep, as (path, kept), in order of paths and lines."""

    kept: tuple[tuple[str, Kept], ...]

    @property
    def databases(self) -> tuple[tuple[str, Kept], ...]:
        """The SQLite files, those for sure first."""
        found = [each for each in self.kept if each[1].what in DATABASES]
        return tuple(sorted(found, key=lambda each: each[1].what != DATABASES[0]))


def kind_of(path: str) -> str | None:
    """Return as what *path* is read; None for tests, scripts that a person starts, and code for the browser."""
    if tier_of(path) is not Tier.CODE or is_run_by_hand(path) or is_built(path) or is_set_aside(path):
        return None
    name = posixpath.basename(path)
    if "cache" in name.lower():
        return None  # what may be lost
    if name.endswith(".prisma"):
        return "schema"
    if is_for_development(path) or "migrations/" in path or name in {"setup.py", "manage.py"}:
        return None
    language = language_of(path)
    if language == "tsx" or path.endswith(".jsx"):
        return None
    served = "/api/" in f"/{path}" or "/server/" in f"/{path}" or "functions/" in path
    return f"{language}-server" if language not in {None, "python"} and served else language


def read(text: str, kind: str) -> KeptInFile | None:
    """Return what *text* keeps in the process or on the disk, or None."""
    if kind == "schema":
        found = list(schema(text))
    elif kind == "python":
        found = list(python(text))
    else:
        found = list(javascript(text, served=kind.endswith("-server")))
    unique = {(each.what, each.line): each for each in sorted(found, key=lambda each: each.line)}
    uses = tuple(sorted({_last(match["module"]) for match in _TAKES.finditer(text)}))
    return KeptInFile(tuple(unique.values()), uses) if unique or uses else None


def _last(module: str) -> str:
    return module.rpartition("/")[2].partition(".")[0]


def join(parts: Mapping[str, KeptInFile], _listing: Listing) -> LocalState:
    """Return what all files keep; a storage that no other file takes is left over."""
    used = {name for part in parts.values() for name in part.uses}
    return LocalState(
        tuple(
            (path, each)
            for path, part in sorted(parts.items())
            for each in part.kept
            if each.what != What.STORAGE or _last(path) in used
        )
    )


source = Collector(fact=LocalState, part=KeptInFile, kind_of=kind_of, read=read, join=join)
