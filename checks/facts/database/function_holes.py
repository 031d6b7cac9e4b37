"""Functions and views that pass by the rules: they run with their owner's rights, whoever calls them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.facts.database.data_words import (
    gives_roles,
    gives_worth,
    is_about_people,
    moves_worth,
    private_columns,
    rights_in,
    words_of,
)
from checks.facts.database.holes import Hole
from checks.facts.database.policy_holes import Signup
from checks.facts.database.schema import Place, PlacedFunction, PlacedView, Schema
from checks.facts.database.sql_steps import Function

#: Words of arguments: what only somebody has who was given it, what everybody may know, whom or which row it is about.
_PROOFS = frozenset({"code", "token", "secret", "otp", "password", "signature", "hash"})
_PUBLIC = frozenset(
    {"referral", "referrer", "currency", "country", "tx", "transaction", "language", "amount", "amt", "symbol", "price"}
)
_STATES = frozenset({"status", "state", "paid", "approved", "verified", "completed"})
_IDS = frozenset({"id", "uid", "uuid", "user", "email", "username", "wallet", "ids"})


def open_functions(schema: Schema, signup: Signup) -> Iterator[Hole]:
    """Yield each function that acts with its owner's rights on what its caller names, without asking who calls."""
    for placed in schema.functions.values():
        function = placed.function
        if placed.schema != "public" or function.returns in {"trigger", "event_trigger"}:
            continue
        if function.metadata and function.caller and not function.writes:
            yield Hole(
                "rls-user-metadata",
                Place(placed.place.path, function.metadata),
                f"{placed.name}() decides by user metadata, which every user can change for themselves",
                f"function {placed.name}",
                people=True,
            )
        elif function.definer and not function.caller and (placed.callable_by or placed.left_open):
            hole = _definer(schema, placed)
            if hole is not None and placed.callable_by:
                grave = hole.people and ("anon" in placed.callable_by or signup.open)
                yield replace(hole, people=grave)
                yield from _granted(placed, replace(hole, people=grave))
            elif hole is not None:
                yield _by_default(hole)


def _granted(placed: PlacedFunction, hole: Hole) -> Iterator[Hole]:
    """Yield the first line of each file that gives the browser leave to call what *hole* is about."""
    files: dict[str, Place] = {}
    for _, place in placed.grants:
        files.setdefault(place.path, place)
    for place in files.values():
        yield replace(
            hole,
            place=place,
            message=f"This grant lets the browser call {placed.name}() ({hole.place.path}:{hole.place.line}), which "
            "runs with its owner's rights and never asks who calls; REVOKE ... FROM PUBLIC does not take it back",
            about=f"{hole.about} granted in {place.path}",
        )


def _by_default(hole: Hole) -> Hole:
    """Return *hole* of a function that was closed to PUBLIC alone: Supabase gives its roles leave by their names."""
    message = (
        f"{hole.message} (PUBLIC was deprived of it; Supabase gives anon and authenticated leave by their names, so "
        "write REVOKE EXECUTE ... FROM anon, authenticated too)"
    )
    return replace(hole, message=message, sure=False)


def _definer(schema: Schema, placed: PlacedFunction) -> Hole | None:
    """Return what a function does for anybody that it should do for some, or None."""
    function = placed.function
    who = "anyone who is signed in" if placed.callable_by == ("authenticated",) else "anyone with the public key"
    hole = Hole("rls-open", placed.place, "", f"function {placed.name}")
    if function.runs:
        said = (
            f"{placed.name}() executes the SQL that it is given with its owner's rights, and {who} can call it: that "
            "is the whole database"
        )
        return replace(hole, message=said, people=True)
    touched = [name for name in function.writes if _matters(schema, name, function)]
    if touched and function.by_argument:
        grave = _is_grave(touched, function)
        said = (
            f"{placed.name}() changes {', '.join(touched[:2])} for the id that it is given, past all policies, and "
            f"never asks who calls: {who} can call it for somebody else"
        )
        return replace(hole, message=said, sure=grave, people=grave)
    return _reader(schema, placed, hole, who)


def _reader(schema: Schema, placed: PlacedFunction, hole: Hole, who: str) -> Hole | None:
    """Return *hole* of a function that gives other people's data back; sure where it asks for nothing at all."""
    function = placed.function
    read = [name for name in function.reads if _matters(schema, name, function)]
    row = schema.tables.get(f"public.{function.returns}")
    columns = function.shows or (tuple(row.columns) if row is not None else ())
    shown = private_columns(columns)
    if shown and not function.by_argument and any(is_about_people(name, columns) for name in function.reads):
        said = (
            f"{placed.name}() gives back {', '.join(shown[:3])} of everybody, past all policies, and never asks who "
            f"calls: {who} can call it"
        )
        return replace(hole, message=said, people=True)
    if not read or not function.by_argument or function.returns in {"boolean", "bool", "void", ""}:
        return None
    said = (
        f"{placed.name}() reads {', '.join(read[:2])} past all policies and never asks who calls. Is that meant for "
        f"{who}?"
    )
    return replace(hole, message=said, sure=False)


def _matters(schema: Schema, name: str, function: Function) -> bool:
    """Whether table *name*, which *function* writes or reads, holds people's data, rights or money."""
    table = schema.tables.get(name if "." in name else f"public.{name}")
    columns = table.columns if table is not None else ()
    filled = function.sets if name in function.writes else ()
    return (
        name == "auth.users"
        or is_about_people(name, columns)
        or bool(rights_in(name, columns))
        or (name in function.writes and (moves_worth(name) or gives_worth(name, filled)))
    )


def _is_grave(touched: list[str], function: Function) -> bool:
    """Whether *function* gives rights or money, or deletes what it is given the id of, in the tables *touched*."""
    if function.counts or any(map(_proves, function.arguments)):
        return False
    chosen = frozenset[str]().union(*map(words_of, function.arguments))
    return any(
        name == "auth.users"
        or gives_roles(name)
        or gives_worth(name, function.sets)
        or (moves_worth(name) and bool(chosen & _STATES))
        or (name in function.deletes and bool(chosen & _IDS))
        for name in touched
    )


def _proves(argument: str) -> bool:
    """Whether an argument called so is a proof that its caller was given something; a transaction's hash is public."""
    words = words_of(argument)
    return bool(words & _PROOFS) and not words & _PUBLIC


def loose_paths(schema: Schema) -> Iterator[Hole]:
    """Yield one remark on all functions that run with their owner's rights and set no search_path."""
    found = [placed for placed in schema.functions.values() if placed.function.definer and not placed.function.path_set]
    if found:
        names = ", ".join(f"{placed.name}()" for placed in found[:3])
        more = f" and {len(found) - 3} more run" if len(found) > 3 else " run" if len(found) > 1 else " runs"  # noqa: PLR2004 - what fits a line
        yield Hole(
            "rls-open",
            found[0].place,
            f"{names}{more} with the owner's rights (SECURITY DEFINER) and no search_path: add SET search_path = ''",
            "search_path",
            sure=False,
        )


def open_views(schema: Schema) -> Iterator[Hole]:
    """Yield each view that shows people's data past the policies of the tables it reads."""
    for placed in schema.views.values():
        view = placed.view
        if placed.schema != "public" or view.invoker or not placed.readable_by or view.caller:
            continue
        sources = [name for name in view.sources if _matters(schema, name, Function())]
        if not sources:
            continue
        shown = _shown(schema, placed, sources)
        sure = bool(shown) and not view.counts and not view.materialized
        what = "auth.users" if "auth.users" in view.sources else sources[0]
        yield Hole(
            "rls-open",
            placed.place,
            f"View {placed.name} reads {what} with its owner's rights, so policies do not hold"
            + (f": it shows {', '.join(shown[:3])} of every row" if shown else "")
            + "; make it with (security_invoker = true)",
            f"view {placed.name}",
            sure=sure,
            people=sure,
        )


def _shown(schema: Schema, placed: PlacedView, sources: list[str]) -> tuple[str, ...]:
    """Return the private columns that a view shows: by name, or all of its tables' where it has a star."""
    columns = set(placed.view.columns)
    if "*" in columns:
        for name in sources:
            table = schema.tables.get(name if "." in name else f"public.{name}")
            columns |= set(table.columns if table is not None else ())
    return tuple(sorted(private_columns(columns)))
