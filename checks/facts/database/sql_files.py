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
from checks.facts.database.schema import Place, Schema
from checks.facts.database.sql_reading import read_sql
from checks.facts.database.sql_steps import SqlFile
from checks.facts.tier import Tier, tier_of

_MIGRATION = re.compile(r"(?P<root>^|.*/)supabase/migrations/(?P<name>.+\.sql)$")
_SUPABASE = re.compile(r"(^|/)supabase/")
_OTHERS = re.compile(
    r"(^|/)(prisma|drizzle|alembic|flyway|liquibase|knex|sequelize|typeorm|sqlx|diesel|goose|clickhouse|sqlite|mysql|d1)/"
    r"|(^|/)migrations/\d{14}_\w+/migration\.sql$"
)
_BACKWARD = re.compile(
    r"\.down\.sql$|[_.-]down\.sql$|(^|/)(down|rollbacks?|revert)/|rollback[^/]*\.sql$", re.IGNORECASE
)
_KEPT_BESIDE = re.compile(r"(^|/)(migrations?|sql|database|db|schemas?|supabase)/[^/]*\.sql$", re.IGNORECASE)
_ASKS = re.compile(r"(^|/)(diagnos|check|verify|debug|query|queries|inspect)[\w-]*(/|\.sql$)", re.IGNORECASE)
_FIRST = re.compile(r"schema|setup|init|create|base|full", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LARGEST = 8 * 1024 * 1024  # bytes: dumps are large, and reading one costs a second


@dataclass(frozen=True, slots=True)
class Database:
    """
    What the SQL files of a repository make.

    *migrated* is what Supabase's migrations alone leave behind, *all* what they and the scripts beside them do,
    *documented* what they do with the SQL in the *texts* for people, *scripted* what the scripts do by themselves.
    *scripts* are the paths of those scripts, *orm* a table that another tool's migrations make, with its place;
    *switched_off* are tables and the lines of scripts that switch their row level security off; *again* are policies
    ("table name") and where a script writes them as another file did; *supabase* says that some file speaks of
    Supabase's own things.
    """

    migrated: Schema
    all: Schema
    documented: Schema = field(default_factory=Schema)
    scripted: Schema = field(default_factory=Schema)
    texts: frozenset[str] = frozenset()
    scripts: tuple[str, ...] = ()
    migrations: tuple[str, ...] = ()
    orm: tuple[str, int, str] | None = None
    switched_off: tuple[tuple[str, Place], ...] = ()
    again: tuple[tuple[str, Place], ...] = ()
    supabase: bool = False
    unseen: tuple[str, ...] = field(default=())


def kind_of(path: str) -> str | None:
    """Return "sql" where *path* is SQL that an app may run, "text" where it may show some."""
    if tier_of(path) is Tier.VENDORED:
        return None
    if path.lower().endswith(".md"):
        return "text"
    if not path.lower().endswith(".sql"):
        return None
    return None if _BACKWARD.search(path) else "sql"


def read(text: str, kind: str) -> SqlFile | None:
    """Return what *text* does to the database, or None where that is nothing that matters here."""
    return read_sql(text if kind == "sql" else _fenced(text))


def _fenced(text: str) -> str:
    """Return the SQL between ```sql and ``` of *text*, each on its own line, and nothing else."""
    kept = []
    inside = False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        inside = not inside and line.strip().lower() in {"```sql", "```postgresql", "```pgsql"} if fence else inside
        kept.append("" if fence or not inside else line)
    return "\n".join(kept)


def join(parts: Mapping[str, SqlFile], listing: Listing) -> Database:
    """Return what all files together leave behind."""
    chain: list[tuple[tuple[object, ...], str]] = []
    loose: list[tuple[tuple[object, ...], str]] = []
    orm: tuple[str, int, str] | None = None
    journals = {posixpath.dirname(path) for path in parts if _OTHERS.search(path)}
    journals |= set(_drizzle(listing))
    texts = sorted(path for path in parts if path.lower().endswith(".md"))
    for path, part in parts.items():
        if path in texts:
            continue
        migration = _MIGRATION.match(path)
        if migration is not None and tier_of(path) is Tier.CODE:
            chain.append(((migration["root"], _natural(migration["name"])), path))
        elif posixpath.dirname(path) in journals or not _is_run(path, part):
            made = next((step for step in part.steps if step.do == "table"), None)
            if posixpath.dirname(path) in journals and made is not None and orm is None:
                orm = (path, made.line, made.name)
        elif not _ASKS.search(path) and (tier_of(path) is Tier.CODE or not _SUPABASE.search(path)):
            first = 0 if _FIRST.search(posixpath.basename(path)) else 1
            loose.append(((_numbered(path), first, _natural(path)), path))
    migrations = [path for _, path in sorted(chain)]
    scripts = [path for _, path in sorted(loose)]
    state = Replay()
    state.play((path, parts[path]) for path in migrations)
    migrated = state.schema()
    state.keeps = True
    state.play((path, parts[path]) for path in scripts)
    every = state.schema()
    state.play((path, parts[path]) for path in texts)
    beside = Replay(keeps=True, left=max(state.left, 0))
    beside.play((path, parts[path]) for path in scripts if migrations)
    return Database(
        migrated,
        every,
        state.schema(),
        beside.schema(),
        frozenset(texts),
        tuple(scripts),
        tuple(migrations),
        orm,
        tuple(
            (step.name, Place(path, step.line)) for path in scripts for step in parts[path].steps if step.do == "no rls"
        ),
        tuple(_again(every, ((path, parts[path]) for path in scripts))),
        any(parts[path].supabase for path in (*migrations, *scripts)),
        (*_unread(parts), *(("the SQL files say more than is followed",) if state.left <= 0 else ())),
    )


def _again(every: Schema, scripts: Iterable[tuple[str, SqlFile]]) -> Iterable[tuple[str, Place]]:
    """Yield each policy that one of *scripts* writes word for word as it stands in *every*, made by another file."""
    for path, part in scripts:
        for step in part.steps:
            table = every.tables.get(f"{step.schema or 'public'}.{step.name}") if step.policy is not None else None
            made = table.policies.get(step.other) if table is not None else None
            if made is not None and made.place.path != path and made.policy == step.policy:
                yield f"{step.name} {step.other}", Place(path, step.line)


def _is_run(path: str, part: SqlFile) -> bool:
    """
    Whether *path* is SQL that somebody runs: code, or a folder of migrations that lies among the documents.

    Of the latter only what names Supabase's own things (auth.uid(), anon) counts.
    """
    tier = tier_of(path)
    if tier is Tier.DOCS:
        return part.supabase and _KEPT_BESIDE.search(path) is not None
    return tier is Tier.CODE or _SUPABASE.search(path) is not None


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
