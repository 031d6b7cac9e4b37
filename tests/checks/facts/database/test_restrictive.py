"""Restrictive policies narrow what others open, for the roles that they name."""

from __future__ import annotations

import pytest

from checks.example import facts_of
from checks.facts.database.conditions import Reach
from checks.facts.database.policy_holes import reach_of
from checks.facts.database.sql_files import Database

_OPEN = (
    "create table notes (id int, body text); alter table notes enable row level security; "
    "create policy p on notes for select using (true);"
)
_NARROW = "create policy {0} on notes as restrictive for all to {0} using (false);"
_MADE, _LATER = "supabase/migrations/1.sql", "supabase/migrations/2.sql"


@pytest.mark.parametrize(
    ("files", "reach"),
    [
        ({_MADE: _OPEN}, Reach.ANYONE),
        ({_MADE: _OPEN, _LATER: _NARROW.format("anon")}, Reach.SIGNED_IN),
        ({_MADE: _OPEN, _LATER: _NARROW.format("authenticated")}, Reach.ANYONE),
        ({_MADE: _OPEN, _LATER: _NARROW.format("anon") + _NARROW.format("authenticated")}, Reach.NOBODY),
        ({_MADE: _OPEN, _LATER: _NARROW.format("public")}, Reach.NOBODY),
        ({"open.sql": _OPEN + _NARROW.format("public")}, Reach.NOBODY),
        ({"open.sql": _OPEN, "close.sql": _NARROW.format("public")}, Reach.ANYONE),
    ],
)
def test_a_restrictive_policy_holds_for_its_roles(files: dict[str, str], reach: Reach) -> None:
    """A policy reaches whom no restrictive one of a migration, or of its own script, shuts out."""
    fact = facts_of(files).get(Database).value
    assert isinstance(fact, Database)
    schema = fact.all
    table = schema.tables["public.notes"]
    assert reach_of(table, table.policies["p"].policy, "select", schema.functions).reach is reach
