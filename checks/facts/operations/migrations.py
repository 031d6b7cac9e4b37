"""
What the newest migrations of a database do to data that is already there.

Only the last few of each folder are looked at: what stands before them has long been carried out. Alembic's are told
apart by who follows whom, all others by their names, which begin with a number or a date.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS
from checks.facts.operations.migration_code import of_alembic, of_django
from checks.facts.operations.migration_sql import of_sql
from checks.facts.operations.migration_step import Step
from checks.facts.tier import Tier, tier_of

_NEWEST = 3  # of one folder


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """One migration: its steps, and for Alembic its own name and those that it follows."""

    steps: tuple[Step, ...] = ()
    revision: str = ""
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Migrations:
    """The steps of the newest migrations, by path; *count* of all migrations."""

    newest: Mapping[str, tuple[Step, ...]]
    count: int


_SQL = re.compile(r"(^|/)(migrations?|migrate|drizzle|schema_?changes|changelog)/(?:.*/)?[^/]+\.sql$", re.IGNORECASE)
_DOWN = re.compile(r"(^|[/._-])(down|rollback|undo|revert)\.sql$|(^|/)(down|rollback|seeds?)/", re.IGNORECASE)
_ALEMBIC = re.compile(r"(^|/)versions/[^/]+\.py$")
_DJANGO = re.compile(r"(^|/)migrations/\d{4}_[^/]+\.py$")
_REVISION = re.compile(r"^(?:down_)?revision(?:\s*:[^=\n]{1,60})?\s*=\s*(?P<value>[^\n]{1,200})", re.MULTILINE)


def kind_of(path: str) -> str | None:
    """Return which kind of migration *path* is, by its folder and name; None where it is none."""
    if tier_of(path) in {Tier.VENDORED, Tier.TEST, Tier.DOCS}:
        return None
    if _SQL.search(path):
        return None if _DOWN.search(path) else "sql"
    if _ALEMBIC.search(path):
        return "alembic"
    return "django" if _DJANGO.search(path) else None


def read(text: str, kind: str) -> MigrationFile:
    """Return the steps of *text* that touch data which is already there."""
    if kind == "sql":
        return MigrationFile(tuple(of_sql(text)))
    if kind == "django":
        return MigrationFile(tuple(of_django(text)))
    names = [re.findall(r"[\"']([\w-]{1,60})[\"']", match["value"]) for match in _REVISION.finditer(text)]
    own = next((found[0] for found in names[:1] if found), "")
    follows = tuple(each for found in names[1:2] for each in found)
    return MigrationFile(tuple(of_alembic(text)), own, follows)


def join(parts: Mapping[str, MigrationFile], _listing: Listing) -> Migrations:
    """Return the newest migrations of each folder that holds some."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in parts:
        folder = posixpath.dirname(path)
        # Prisma's and some others' lie each in a folder of its own.
        folders[posixpath.dirname(folder) if posixpath.basename(path) == "migration.sql" else folder].append(path)
    newest: dict[str, tuple[Step, ...]] = {}
    for paths in folders.values():
        newest |= {path: parts[path].steps for path in _last(sorted(paths), parts) if parts[path].steps}
    return Migrations(dict(sorted(newest.items())), len(parts))


def _last(paths: list[str], parts: Mapping[str, MigrationFile]) -> Iterator[str]:
    """Yield the last few of *paths*; the very first of a folder makes the tables and has nothing to harm."""
    by_revision = {parts[path].revision: path for path in paths if parts[path].revision}
    if len(by_revision) < len(paths):
        yield from paths[1:][-_NEWEST:]
        return
    followed = {name for path in paths for name in parts[path].follows}
    layer = [path for path in paths if parts[path].revision not in followed]
    seen: set[str] = set()
    for _ in range(_NEWEST):
        layer = [path for path in layer if path not in seen and parts[path].follows]
        seen.update(layer)
        yield from layer
        layer = [by_revision[name] for path in layer for name in parts[path].follows if name in by_revision]


source = Collector(fact=Migrations, part=MigrationFile, kind_of=kind_of, read=read, join=join, parsers=PARSERS)
