"""The database as a chain of SQL files leaves it: tables with their policies, functions, views, buckets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checks.facts.database.sql_steps import Column, Function, Policy, View

#: The roles that a browser has with the public key: without and with a login.
BROWSER_ROLES = ("anon", "authenticated")
_MOST_GRANTS = 20  # of one function that are kept


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class PlacedPolicy:
    """A policy and where it was last written."""

    policy: Policy
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """
    One table. *created* is None where no file creates it, *off* where its row level security was switched off.

    *rls* is None where nothing says. *revoked* are (privilege, role) pairs; *kept* the columns that a grant of UPDATE
    is limited to, or None. *triggers* are (name, function, when).
    """

    schema: str
    name: str
    created: Place | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    rls: bool | None = None
    off: Place | None = None
    policies: Mapping[str, PlacedPolicy] = field(default_factory=dict)
    revoked: frozenset[tuple[str, str]] = frozenset()
    kept: tuple[str, ...] | None = None
    triggers: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def closed(self, role: str, command: str) -> bool:
        """Whether *role* was deprived of *command* by a REVOKE."""
        return not self.revoked.isdisjoint({("all", role), (command, role)})

    def roles(self, command: str) -> tuple[str, ...]:
        """Return which of the browser's roles may use *command* as far as grants go."""
        return tuple(role for role in BROWSER_ROLES if not self.closed(role, command))


@dataclass(frozen=True, slots=True)
class Bucket:
    """One storage bucket; *limited* where sizes or types are."""

    name: str
    public: bool
    place: Place
    limited: bool = False


@dataclass(frozen=True, slots=True)
class PlacedFunction:
    """
    A function, where it was last written, which roles were deprived of calling it, and who was given leave where.

    *grants* are (role, place). What was granted to a role by its name stays when PUBLIC is deprived of it, and through
    all replacements of the function.
    """

    name: str
    schema: str
    function: Function
    place: Place
    revoked: frozenset[str] = frozenset()
    grants: tuple[tuple[str, Place], ...] = ()

    @property
    def callable_by(self) -> tuple[str, ...]:
        """The browser's roles that may call it: public stands for both until it is revoked."""
        given = {role for role, _ in self.grants}
        return tuple(role for role in BROWSER_ROLES if {role, "public"}.isdisjoint(self.revoked) or role in given)

    def granted(self, roles: frozenset[str], place: Place) -> PlacedFunction:
        """Return it as *roles* were given leave at *place*."""
        given = tuple((role, place) for role in BROWSER_ROLES if role in roles)
        grants = tuple(dict.fromkeys((*self.grants, *given)))[:_MOST_GRANTS]
        revoked = frozenset[str]() if "public" in roles else self.revoked - roles
        return replace(self, revoked=revoked, grants=grants)

    def refused(self, roles: frozenset[str]) -> PlacedFunction:
        """Return it as *roles* were deprived of calling it."""
        kept = tuple(given for given in self.grants if given[0] not in roles)
        return replace(self, revoked=self.revoked | roles, grants=kept)

    @property
    def left_open(self) -> tuple[str, ...]:
        """The browser's roles that Supabase gave leave by its defaults, where only PUBLIC was deprived of it."""
        given = self.callable_by
        return tuple(role for role in BROWSER_ROLES if role not in self.revoked and role not in given)


@dataclass(frozen=True, slots=True)
class PlacedView:
    """A view and where it was last written; *revoked* as for tables."""

    name: str
    schema: str
    view: View
    place: Place
    revoked: frozenset[tuple[str, str]] = frozenset()

    @property
    def readable_by(self) -> tuple[str, ...]:
        """The browser's roles that may read it."""
        return tuple(role for role in BROWSER_ROLES if self.revoked.isdisjoint({("all", role), ("select", role)}))


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything that a chain of files makes; tables are called `schema.name`, the rest by its name alone."""

    tables: Mapping[str, Table] = field(default_factory=dict)
    functions: Mapping[str, PlacedFunction] = field(default_factory=dict)
    views: Mapping[str, PlacedView] = field(default_factory=dict)
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of all tables that are created, and of views, without their schema."""
        made = {table.name for table in self.tables.values() if table.created is not None}
        return frozenset(made | set(self.views))

    def values_of(self, column: Column) -> tuple[str, ...]:
        """Return the words that *column* may hold, by its CHECK or its enum; none where nothing limits it."""
        return column.values or self.enums.get(column.kind, ())
