"""How far the condition of a policy reaches."""

from __future__ import annotations

import pytest

from checks.facts.database.conditions import Reach, judge
from checks.facts.database.schema import Place, PlacedFunction
from checks.facts.database.sql_steps import Function

FUNCTIONS = {
    "is_boss": PlacedFunction("is_boss", "public", Function(caller=True), Place("a.sql", 1)),
    "everybody": PlacedFunction("everybody", "public", Function(always_true=True), Place("a.sql", 1)),
    "claims": PlacedFunction("claims", "public", Function(metadata=3), Place("a.sql", 1)),
}


@pytest.mark.parametrize(
    ("condition", "reach"),
    [
        (None, Reach.ANYONE),
        ("true", Reach.ANYONE),
        ("((TRUE))", Reach.ANYONE),
        ("1 = 1", Reach.ANYONE),
        ("false", Reach.NOBODY),
        ("auth.role() = 'service_role'", Reach.NOBODY),
        ("(auth.jwt() ->> 'role') = 'service_role'", Reach.NOBODY),
        ("auth.role() = 'authenticated'", Reach.SIGNED_IN),
        ("(select auth.role()) = 'authenticated'::text", Reach.SIGNED_IN),
        ("auth.uid() is not null", Reach.SIGNED_IN),
        ("(select auth.uid()) IS NOT NULL", Reach.SIGNED_IN),
        ("auth.role() in ('anon', 'authenticated')", Reach.ANYONE),
        ("auth.uid() = user_id", Reach.CALLER),
        ("(( SELECT auth.uid() AS uid) = user_id)", Reach.CALLER),
        ("auth.uid()::text = owner", Reach.CALLER),
        ("auth.uid() = user_id or true", Reach.ANYONE),
        ("auth.uid() = user_id or is_public = true", Reach.ROWS),
        ("is_public = true", Reach.ROWS),
        ("status = 'open' and created_at between now() and now()", Reach.ROWS),
        ("auth.role() = 'authenticated' and is_public", Reach.ROWS),
        ("exists (select 1 from profiles where profiles.id = auth.uid())", Reach.SIGNED_IN),
        ("exists (select 1 from profiles where id = auth.uid() and role = 'admin')", Reach.CALLER),
        ("exists (select 1 from admins where user_id = auth.uid())", Reach.CALLER),
        ("order_id in (select id from orders)", Reach.CALLER),  # the other table's own rules decide
        ("is_boss()", Reach.CALLER),
        ("everybody()", Reach.ANYONE),
        ("unheard_of()", Reach.CALLER),
        ("length(name) > 3", Reach.ROWS),
        ("(" * 40 + "true" + ")" * 40, Reach.ANYONE),
        ("auth.uid() = a and (b or " * 20 + "true" + ")" * 20, Reach.CALLER),
    ],
)
def test_a_condition_reaches_as_far_as_its_widest_part(condition: str | None, reach: Reach) -> None:
    """The widest of what OR joins and the narrowest of what AND joins decide; what cannot be told is no fault."""
    assert judge(condition, FUNCTIONS).reach is reach


@pytest.mark.parametrize(
    ("condition", "metadata"),
    [
        ("(auth.jwt() -> 'user_metadata' ->> 'role') = 'admin'", False),  # written with user_metadata in quotes
        ("claims()", True),
        ("(auth.jwt() -> 'app_metadata' ->> 'role') = 'admin'", False),
    ],
)
def test_metadata_that_users_write_is_seen(condition: str, metadata: bool) -> None:
    """What a user may change is told apart from what the server alone writes."""
    judged = judge(condition, FUNCTIONS)
    assert judged.metadata is (metadata or "user_metadata" in condition)


@pytest.mark.parametrize(
    ("condition", "own"),
    [
        ("auth.uid() = id", True),
        ("id = (select auth.uid())", True),
        ("auth.uid() = id and is_active", True),
        ("auth.uid() = id and is_boss()", False),
        ("exists (select 1 from admins where user_id = auth.uid())", False),
    ],
)
def test_an_own_row_is_one_compared_with_the_caller(condition: str, own: bool) -> None:
    """A row is the caller's own where its column is compared with the caller's id, and nothing more is asked."""
    assert judge(condition, FUNCTIONS).own is own


def test_a_buckets_name_limits_nobody() -> None:
    """In storage a condition on the bucket alone lets in everybody."""
    assert judge("bucket_id = 'files'", {}, storage=True).reach is Reach.ANYONE
    owned = "bucket_id = 'files' and auth.uid()::text = (storage.foldername(name))[1]"
    assert judge(owned, {}, storage=True).reach is Reach.CALLER
