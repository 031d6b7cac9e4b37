"""
The SQL of a repository: its Supabase migrations in order, and the other scripts that somebody may have run.

`supabase/migrations/*.sql` say what the database is; where they create a table, they decide about it. Scripts elsewhere
(`schema.sql`, `scripts/001_x.sql`) are pasted into Supabase's editor in an order that nobody wrote down; they count in
the order of their names. Migrations of Prisma, Drizzle and the like belong to a server's own database.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checks.fact import Collector, Listing
from checks.facts.database.replay import Replay
from checks.facts.database.schema import Schema
from checks.facts.database.sql_reading import read_sql
from checks.facts.database.sql_steps import SqlFile
from checks.facts.tier import Tier, tier_of

_MIGRATION = re.compile(r"(?P<root>^|.*/)supabase/migrations/(?P<name>.+\.sql)$")
_SUPABASE = re.compile(r"(^|/)supabase/")
_OTHERS = re.compile(
    r"(^|/)(prisma|drizzle|alembic|flyway|liquibase|knex|sequelize|typeorm|sqlx|diesel|goose|clickhouse|sqlite|mysql|d1|node_modules)/"
    r"|(^|/)migrations/\d{14}_\w+/migration\.sql$"
)
_BACKWARD = re.compile(
    r"\.down\.sql$|[_.-]down\.sql$|(^|/)(down|rollbacks?|revert)/|rollback[^/]*\.sql$", re.IGNORECASE
)
_ASKS = re.compile(r"(^|/)(diagnos|check|verify|debug|query|queries|inspect)[\w-]*(/|\.sql$)", re.IGNORECASE)
_FIRST = re.compile(r"schema|setup|init|create|base|full", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LARGEST = 8 * 1024 * 1024  # bytes: dumps are large, and reading one costs a second


@dataclass(frozen=True, slots=True)
class Database:
    """
    What the SQL files of a repository make.

    *migrated* is what Supabase's migrations alone leave behind, *all* what they and the scripts beside them do.
    *scripts* are the paths of those scripts, *orm* a table that another tool's migrations make, or an empty string;
    *supabase* says that some file speaks of Supabase's own things.
    """

    migrated: Schema
    all: Schema
    scripts: tuple[str, ...] = ()
    migrations: tuple[str, ...] = ()
    orm: tuple[str, int, str] | None = None
    supabase: bool = False
    unseen: tuple[str, ...] = field(default=())


def kind_of(path: str) -> str | None:
    """Return "sql" where *path* is SQL that an app may run."""
    if not path.lower().endswith(".sql") or tier_of(path) is Tier.VENDORED:
        return None
    return None if _BACKWARD.search(path) else "sql"


def read(text: str, _kind: str) -> SqlFile | None:
    """Return what *text* does to the database, or None where that is nothing that matters here."""
    return read_sql(text)


def join(parts: Mapping[str, SqlFile], _listing: Listing) -> Database:
    """Return what all files together leave behind."""
    chain: list[tuple[tuple[object, ...], str]] = []
    loose: list[tuple[tuple[object, ...], str]] = []
    orm: tuple[str, int, str] | None = None
    journals = {posixpath.dirname(path) for path in parts if _OTHERS.search(path)}
    journals |= {folder for folder in _drizzle(_listing)}
    for path, part in parts.items():
        migration = _MIGRATION.match(path)
        if migration is not None and tier_of(path) is Tier.CODE:
            chain.append(((migration["root"], _natural(migration["name"])), path))
        elif posixpath.dirname(path) in journals or (tier_of(path) is not Tier.CODE and not _SUPABASE.search(path)):
            made = next((step for step in part.steps if step.do == "table"), None)
            if posixpath.dirname(path) in journals and made is not None and orm is None:
                orm = (path, made.line, made.name)
        elif not _ASKS.search(path) and tier_of(path) is Tier.CODE:
            first = 0 if _FIRST.search(posixpath.basename(path)) else 1
            loose.append(((_numbered(path), first, _natural(path)), path))
    migrations = [path for _, path in sorted(chain)]
    scripts = [path for _, path in sorted(loose)]
    state = Replay()
    state.play((path, parts[path]) for path in migrations)
    migrated = state.schema()
    state.keeps = True
    state.play((path, parts[path]) for path in scripts)
    return Database(
        migrated,
        state.schema(),
        tuple(scripts),
        tuple(migrations),
        orm,
        any(parts[path].supabase for path in (*migrations, *scripts)),
        _unread(parts),
    )


def _drizzle(listing: Listing) -> Iterable[str]:
    """Yield the folders whose migrations drizzle-kit wrote: it keeps a journal beside them."""
    for entry in listing.entries:
        if entry.path.endswith("meta/_journal.json"):
            yield posixpath.dirname(posixpath.dirname(entry.path))


def _natural(path: str) -> str:
    """Return *path* with its numbers filled up, so that 2_x stands before 10_x."""
    return _DIGITS.sub(lambda match: match.group().zfill(20), path.lower())


def _numbered(path: str) -> int:
    """Return 0 for a file that says where in an order it stands, 1 for the others, which mend what is there."""
    return 0 if _DIGITS.match(posixpath.basename(path)) or _FIRST.search(posixpath.basename(path)) else 1


def _unread(parts: Mapping[str, SqlFile]) -> tuple[str, ...]:
    return tuple(f"{path}: too large to be read whole" for path, part in sorted(parts.items()) if not part.whole)


source = Collector(
    fact=Database,
    part=SqlFile,
    kind_of=kind_of,
    read=read,
    join=join,
    largest=_LARGEST,
)
