"""The holes in what Supabase serves to the browser: of its migrations first, then of the scripts beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.fact import Derived
from checks.facts.database.escalation_holes import escalations
from checks.facts.database.function_holes import loose_paths, open_functions, open_views
from checks.facts.database.holes import Hole
from checks.facts.database.policy_holes import Signup, open_policies
from checks.facts.database.schema import Place, Schema
from checks.facts.database.scope_holes import narrow_policies
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
            kind, _, name = hole.about.partition(" ")
            # The migrations say otherwise.
            decided = kind in created or (kind == "function" and name.split(" ")[0] in migrated.functions)
            holes.append(_by_hand(hole) if decided else hole)
    texts = {(hole.kind, hole.about): hole for hole in _in_schema(database.documented, signup)}
    holes += [_in_text(hole) for key, hole in texts.items() if key not in later and hole.place.path in database.texts]
    holes += _again(database.scripted, holes, set(database.scripts))
    holes += _twice(database, holes)
    holes += _switched_off(database, {hole.place for hole in holes})
    if not use.browser:
        holes = [_server_only(hole) for hole in holes]
    if use.used and database.orm is not None:
        holes.append(_orm(database.orm))
    holes = sorted(_by_line(holes), key=lambda hole: (not hole.sure, hole.place.path, hole.place.line))
    made = database.all.names | _OWN
    absent = tuple(
        (name, place) for name, place in sorted(use.tables.items()) if name not in made and database.orm is None
    )
    return ExposedDatabase(present=True, holes=tuple(holes), absent=absent)


def _by_line(holes: list[Hole]) -> list[Hole]:
    """Return *holes* with those of one line told once: a loop makes the same policy for many tables."""
    lines: dict[tuple[Place, str, bool], list[Hole]] = defaultdict(list)
    for hole in holes:
        lines[hole.place, hole.kind, hole.sure].append(hole)
    told = []
    for same in lines.values():
        first = next((hole for hole in same if hole.people), same[0])
        more = f" (and {len(same) - 1} more like it, by the same line)" if len(same) > 1 else ""
        told.append(replace(first, message=first.message + more))
    return told


def _in_schema(schema: Schema, signup: Signup) -> Iterator[Hole]:
    """Yield the holes in *schema*, each named once."""
    seen = set()
    for hole in (
        *open_tables(schema),
        *open_policies(schema, signup),
        *escalations(schema),
        *narrow_policies(schema),
        *open_functions(schema, signup),
        *open_views(schema),
        *loose_paths(schema),
        *open_storage(schema),
    ):
        if (hole.kind, hole.about) not in seen:
            seen.add((hole.kind, hole.about))
            yield hole


def _again(scripted: Schema, holes: list[Hole], scripts: set[str]) -> list[Hole]:
    """Return the sure ones of *holes* that a script makes a second time: mended in the first place, they come back."""
    known = {(hole.kind, hole.about): hole.place for hole in holes if hole.sure}
    return [
        replace(
            hole,
            message=f"{hole.message} ({known[key].path} says so too, and this script would bring it back)",
            sure=False,
        )
        for hole in _in_schema(scripted, Signup(open=False))
        if (key := (hole.kind, hole.about)) in known and hole.place != known[key] and hole.place.path in scripts
    ]


def _twice(database: Database, holes: list[Hole]) -> list[Hole]:
    """Return the policies among *holes* that give something away, where another script writes them word for word."""
    known = {hole.about: hole for hole in holes if hole.sure or hole.kind == "rls-escalation"}
    told = {(hole.about, hole.place.path) for hole in holes}
    return [
        replace(
            known[about],
            place=place,
            message=f"{known[about].message} ({known[about].place.path} says so too)",
            about=f"{about} in {place.path}",
            sure=False,
        )
        for about, place in database.again
        if about in known and (about, place.path) not in told
    ]


def _switched_off(database: Database, told: set[Place]) -> list[Hole]:
    """Return the lines of scripts that switch row level security off, where the final state does not show it."""
    return [
        Hole(
            "rls-open",
            place,
            f"This script switches row level security off for {name}: make sure that nobody runs it",
            f"{name} off in {place.path}",
            sure=False,
        )
        for name, place in database.switched_off
        if place not in told
    ]


def _mended(hole: Hole) -> Hole:
    return replace(
        hole, message=f"{hole.message} (a script beside the migrations mends it, if somebody ran it)", sure=False
    )


def _by_hand(hole: Hole) -> Hole:
    return replace(hole, message=f"{hole.message} (if somebody ran this script after the migrations)", sure=False)


def _in_text(hole: Hole) -> Hole:
    return replace(hole, message=f"{hole.message} (as this text says it is set up)", sure=False)


def _server_only(hole: Hole) -> Hole:
    end = "" if hole.message.endswith("?") else "."
    message = (
        f"{hole.message}{end} The code here uses the server's key alone; it holds as soon as the public key is known"
    )
    return replace(hole, message=message, sure=False)


def _orm(table: tuple[str, int, str]) -> Hole:
    path, line, name = table
    return Hole(
        "rls-open",
        Place(path, line),
        f"Table {name} and others are made by another tool, which switches no row level security on: if this database "
        "is Supabase's, anyone with the public key can read them",
        "orm",
        sure=False,
    )


source = Derived(fact=ExposedDatabase, needs=(Database, SupabaseUse), derive=derive)
