"""Functions and views that pass by the rules: they run with their owner's rights, whoever calls them."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.database.data_words import gives_roles, is_about_people, private_columns, rights_in
from checks.facts.database.holes import Hole
from checks.facts.database.schema import PlacedFunction, PlacedView, Schema
from checks.facts.database.sql_steps import Function


def open_functions(schema: Schema) -> Iterator[Hole]:
    """Yield each function that acts with its owner's rights on what its caller names, without asking who calls."""
    for placed in schema.functions.values():
        function = placed.function
        if placed.schema != "public" or function.returns in {"trigger", "event_trigger"}:
            continue
        if function.metadata and function.caller and not function.writes:
            yield Hole(
                "rls-user-metadata",
                type(placed.place)(placed.place.path, function.metadata),
                f"{placed.name}() decides by user metadata, which every user can change for themselves",
                f"function {placed.name}",
                people=True,
            )
        elif function.definer and placed.callable_by:
            yield from _definer(schema, placed)


def _definer(schema: Schema, placed: PlacedFunction) -> Iterator[Hole]:
    function = placed.function
    who = "anyone with the public key" if "anon" in placed.callable_by else "anyone who is signed in"
    if function.runs and not function.caller:
        yield Hole(
            "rls-open",
            placed.place,
            f"{placed.name}() executes the SQL that it is given with its owner's rights, and {who} can call it: that "
            "is the whole database",
            f"function {placed.name}",
            people=True,
        )
        return
    touched = [name for name in function.writes if _matters(schema, name)]
    if touched and function.by_argument and not function.caller:
        yield Hole(
            "rls-open",
            placed.place,
            f"{placed.name}() changes {', '.join(touched[:2])} for the id that it is given, past all policies, and "
            f"never asks who calls: {who} can call it for somebody else",
            f"function {placed.name}",
            sure=any(_gives(schema, name, function) for name in touched) and not any(map(_proves, function.arguments)),
        )
        return
    read = [name for name in function.reads if _matters(schema, name)]
    if (
        read
        and function.by_argument
        and not function.caller
        and function.returns not in {"boolean", "bool", "void", ""}
    ):
        yield Hole(
            "rls-open",
            placed.place,
            f"{placed.name}() reads {', '.join(read[:2])} past all policies and never asks who calls. Is that meant "
            f"for {who}?",
            f"function {placed.name}",
            sure=False,
        )


def _matters(schema: Schema, name: str) -> bool:
    """Whether table *name* holds people's data or rights."""
    table = schema.tables.get(name if "." in name else f"public.{name}")
    columns = table.columns if table is not None else ()
    return name == "auth.users" or is_about_people(name, columns) or bool(rights_in(name, columns))


def _gives(schema: Schema, name: str, function: Function) -> bool:
    """Whether *function* gives rights or takes accounts away by what it writes into table *name*."""
    if name == "auth.users" or gives_roles(name):
        return True
    table = schema.tables.get(name if "." in name else f"public.{name}")
    return table is not None and not set(rights_in(table.name, table.columns)).isdisjoint(function.sets)


def _proves(argument: str) -> bool:
    """Whether an argument called so is a proof that its caller was given something."""
    return any(word in argument.lower() for word in ("code", "token", "secret", "otp", "password", "signature", "hash"))


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
        sources = [name for name in view.sources if _matters(schema, name)]
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
