"""What every function of a repository does with records, and which columns the tables have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.records.access import Doing, FileRecords, key_of, same_table
from checks.facts.records.muted import with_muted
from checks.facts.records.reading import functions_in
from checks.facts.records.tables import tables_in
from checks.facts.routes.bodies import Body
from checks.facts.tier import Tier, is_earlier_version, tier_of

_BROWSER = re.compile(r"(^|/)(public|static|assets)/.*\.[cm]?jsx?$")
#: A file without any of these touches no record and asks nobody.
_WORTH = re.compile(
    r"\b(?:session|user|auth|jwt|token|identity|current_\w+|role|admin)\b|send|\.(?:find|select|query|objects|delete|update|insert|create|save|upsert|register)",
    re.IGNORECASE,
)


#: Tables of people, in the form of same_table.
_PEOPLE = re.compile(r"\w{0,20}(?:user|profile|member|membership|account|employee|staff)")
#: What a file of components must have for any of it to run on a server.
_SERVED = re.compile(
    r"use server|export\s+(?:default\s+)?(?:async\s+function|const)\s+(?:loader|action|GET|POST|PUT|PATCH|DELETE)\b"
    r"|[\"'](?:hono|express|@prisma/|drizzle-orm)|export\s+default\s+async\s+function"
)


@dataclass(frozen=True, slots=True)
class Records:
    """
    What functions do, by file and key; *columns* by table.

    *tied* are tables whose records some function ties to who is asking: it filters by them, or writes them in.
    *peoples* are the columns of the tables of people: an organisation is a caller's where theirs is known. *ruled* are
    the tables that routes which ask for a role read or write, each as (table, "read" or "write").
    """

    functions: Mapping[tuple[str, str], Doing] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tied: frozenset[str] = frozenset()
    asks_roles: bool = False
    peoples: frozenset[str] = frozenset()
    ruled: frozenset[tuple[str, str]] = frozenset()

    def of(self, body: Body) -> Doing | None:
        """Return what the function *body* does, or None where it is nothing of interest."""
        return self.functions.get((body.path, key_of(body.line, body.name)))


def _kind_of(path: str) -> str | None:
    lower = path.lower()
    if lower.endswith(".prisma"):
        return "prisma"
    if lower.endswith(".sql"):
        return "sql" if tier_of(path) in {Tier.CODE, Tier.DOCS} else None
    aside = tier_of(path) is not Tier.CODE or _BROWSER.search(path) or is_earlier_version(path)
    return None if aside else language_of(path)


def read(text: str, kind: str) -> FileRecords | None:
    """Return what *text*, a file of *kind*, does with records and declares of them."""
    tables = tables_in(text, kind)
    functions: tuple[Doing, ...] = ()
    component = kind == "tsx" and not _SERVED.search(text)
    if kind not in {"sql", "prisma"} and not component and _WORTH.search(text):
        functions = with_muted(functions_in(text, kind), text)
    return FileRecords(functions, tables) if functions or tables else None


def join(parts: Mapping[str, FileRecords], _listing: Listing) -> Records:
    """Return what all files together do and declare."""
    columns: dict[str, frozenset[str]] = {}
    for part in parts.values():
        for table in part.tables:
            name = same_table(table.name)
            columns[name] = columns.get(name, frozenset()) | frozenset(table.columns)
    functions = {
        (path, one.key): _known_only(one, columns) for path, part in sorted(parts.items()) for one in part.functions
    }
    # Who made a record need not be whose it is: an object that is made with the caller ties nothing yet.
    tied = {
        same_table(access.table)
        for one in functions.values()
        for access in one.accesses
        if access.caller and access.operation != "make"
    }
    roles = any("role" in one.uses for one in functions.values())
    peoples = {column for table in columns if _PEOPLE.fullmatch(table) for column in columns[table]}
    return Records(functions, columns, frozenset(tied), roles, frozenset(peoples))


def _known_only(one: Doing, columns: Mapping[str, frozenset[str]]) -> Doing:
    """Return *one* without the objects that it makes of classes which are no declared tables."""
    made = any(access.operation == "make" for access in one.accesses)
    kept = (access for access in one.accesses if access.operation != "make" or same_table(access.table) in columns)
    return replace(one, accesses=tuple(kept)) if made else one


source = Collector(fact=Records, part=FileRecords, kind_of=_kind_of, read=read, join=join, parsers=PARSERS)
