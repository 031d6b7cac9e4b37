"""The holes in what Supabase serves to the browser: of its migrations first, then of the scripts beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.database.escalation_holes import escalations
from checks.facts.database.function_holes import open_functions, open_views
from checks.facts.database.holes import Hole
from checks.facts.database.policy_holes import Signup, open_policies
from checks.facts.database.schema import Place, Schema
from checks.facts.database.sql_files import Database
from checks.facts.database.storage_holes import open_storage
from checks.facts.database.supabase_use import SupabaseUse
from checks.facts.database.table_holes import open_tables

_OWN = frozenset({"users"})  # also a table of Supabase's own, in another schema


@dataclass(frozen=True, slots=True)
class ExposedDatabase:
    """
    What a browser can do that it should not. *present* says whether a database is exposed at all, *why* why not.

    *absent* are the tables that the app uses and that no file creates, each with the first place where it is used.
    """

    present: bool
    why: str = ""
    holes: tuple[Hole, ...] = ()
    absent: tuple[tuple[str, tuple[str, int]], ...] = ()


def derive(database: Database, use: SupabaseUse) -> ExposedDatabase:
    """Return the holes in *database*, as far as the app in *use* exposes it."""
    if not (database.migrations or database.supabase or use.used):
        return ExposedDatabase(
            present=False, why="no database that a browser could ask: neither Supabase nor Firebase is in use"
        )
    signup = Signup(use.open_sign_up)
    migrated = database.migrated
    sure = list(_in_schema(migrated, signup))
    every = list(_in_schema(database.all, signup))
    known = {(hole.kind, hole.about) for hole in sure}
    later = {(hole.kind, hole.about) for hole in every}
    created = {table.name for table in migrated.tables.values() if table.created is not None}
    holes = [hole if (hole.kind, hole.about) in later else _mended(hole) for hole in sure]
    for hole in every:
        if (hole.kind, hole.about) not in known:
            decided = hole.about.split(" ")[0] in created  # the migrations say otherwise
            holes.append(_by_hand(hole) if decided else hole)
    if not use.browser:
        holes = [_server_only(hole) for hole in holes]
    if use.used and database.orm is not None:
        holes.append(_orm(database.orm))
    holes.sort(key=lambda hole: (not hole.sure, hole.place.path, hole.place.line))
    made = database.all.names | _OWN
    absent = tuple(
        (name, place) for name, place in sorted(use.tables.items()) if name not in made and database.orm is None
    )
    return ExposedDatabase(present=True, holes=tuple(holes), absent=absent)


def _in_schema(schema: Schema, signup: Signup) -> Iterator[Hole]:
    """Yield the holes in *schema*, each named once."""
    seen = set()
    for hole in (
        *open_tables(schema),
        *open_policies(schema, signup),
        *escalations(schema),
        *open_functions(schema),
        *open_views(schema),
        *open_storage(schema),
    ):
        if (hole.kind, hole.about) not in seen:
            seen.add((hole.kind, hole.about))
            yield hole


def _mended(hole: Hole) -> Hole:
    return replace(
        hole, message=f"{hole.message} (a script beside the migrations mends it, if somebody ran it)", sure=False
    )


def _by_hand(hole: Hole) -> Hole:
    return replace(hole, message=f"{hole.message} (if somebody ran this script after the migrations)", sure=False)


def _server_only(hole: Hole) -> Hole:
    message = f"{hole.message}. The code here uses the server's key alone; it holds as soon as the public key is known"
    return replace(hole, message=message, sure=False)


def _orm(table: tuple[str, int, str]) -> Hole:
    path, line, name = table
    return Hole(
        "rls-open",
        Place(path, line),
        f"Table {name} and others are made by another tool, which switches no row level security on: if this database is "
        "Supabase's, anyone with the public key can read them",
        "orm",
        sure=False,
    )


source = Derived(fact=ExposedDatabase, needs=(Database, SupabaseUse), derive=derive)
