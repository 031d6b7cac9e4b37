"""Tables without row level security: whoever has the public key reads and writes them whole."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.database.data_words import is_about_people, private_columns
from checks.facts.database.holes import Hole
from checks.facts.database.schema import Schema, Table

_NAMED = 3  # columns that a message names


def open_tables(schema: Schema) -> Iterator[Hole]:
    """Yield each table of schema public on which row level security is off."""
    for table in schema.tables.values():
        if table.schema != "public" or table.rls is not False:
            continue
        place = table.off or table.created
        roles = {role for command in ("select", "insert", "update", "delete") for role in table.roles(command)}
        if place is None or not roles:
            continue
        people = is_about_people(table.name, table.columns)
        who = "anyone with the public key" if "anon" in roles else "anyone who is signed in"
        cause = "is switched off for" if table.off is not None else "is never switched on for"
        also = "; its policies do nothing until it is" if table.policies else ""
        yield Hole(
            "rls-open",
            place,
            f"Row level security {cause} {table.name}: {who} can read, change and delete every row{told(table)}{also}",
            f"{table.name} without row level security",
            people=people,
        )


def told(table: Table) -> str:
    """Return the columns of *table* that make its data private, in brackets, or nothing."""
    columns = private_columns(table.columns)
    more = " ..." if len(columns) > _NAMED else ""
    return f" ({', '.join(columns[:_NAMED])}{more})" if columns else ""
