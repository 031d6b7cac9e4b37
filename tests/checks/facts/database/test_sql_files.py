"""The state in which migrations leave a database."""

from __future__ import annotations

from checks.example import facts_of
from checks.facts.database.schema import Schema, Table
from checks.facts.database.sql_files import Database

TABLE = "create table {} (id uuid primary key, name text);\n"
ON = "alter table {} enable row level security;\n"


def database(files: dict[str, str]) -> Database:
    """The Database fact of *files*."""
    fact = facts_of(files).get(Database).value
    assert isinstance(fact, Database)
    return fact


def migrated(*migrations: str) -> Schema:
    """What *migrations* leave behind, in order."""
    return database({f"supabase/migrations/{n:03}_x.sql": text for n, text in enumerate(migrations)}).migrated


def table(schema: Schema, name: str) -> Table:
    """Table *name* of schema public."""
    return schema.tables[f"public.{name}"]


def test_migrations_are_applied_in_the_order_of_their_names() -> None:
    """What a later migration switches off is off, whatever an earlier one said."""
    schema = migrated(TABLE.format("a") + ON.format("a"), "alter table public.a disable row level security;")
    assert table(schema, "a").rls is False
    assert table(schema, "a").off is not None


def test_a_table_that_is_dropped_is_gone_and_a_renamed_one_keeps_its_rules() -> None:
    """A dropped table is nobody's business; a rename takes the row level security along."""
    schema = migrated(
        TABLE.format("a") + TABLE.format("b") + ON.format("b"), "drop table a; alter table b rename to c;"
    )
    assert set(schema.tables) == {"public.c"}
    assert table(schema, "c").rls is True


def test_a_loop_over_names_is_each_name_and_over_the_catalogue_every_table() -> None:
    """What a DO block puts together counts for the tables that it lists, or for all there are."""
    made = "".join(TABLE.format(name) for name in "abc")
    loop = (
        "do $$ declare t text; begin for t in select unnest(array['a','b']) loop "
        "execute 'alter table ' || t || ' enable row level security'; end loop; end $$;"
    )
    assert [table(migrated(made + loop), name).rls for name in "abc"] == [True, True, False]
    every = (
        "do $$ declare r record; begin for r in select tablename from pg_tables where schemaname = 'public' loop "
        "execute format('alter table public.%I enable row level security', r.tablename); end loop; end $$;"
    )
    assert all(table(migrated(made + every), name).rls for name in "abc")


def test_policies_are_altered_renamed_and_dropped() -> None:
    """The policy that counts is the last one written under its name."""
    schema = migrated(
        TABLE.format("a") + "create policy p on a for select using (true); create policy q on a using (true);",
        "alter policy p on a using (false); alter policy q on a rename to r; drop policy if exists none on a;",
    )
    policies = table(schema, "a").policies
    assert set(policies) == {"p", "r"}
    assert policies["p"].policy.using == "false"
    assert policies["p"].policy.command == "select"


def test_a_loop_over_a_tables_policies_drops_them_all() -> None:
    """A block that drops what pg_policies names leaves none, and what it creates next counts."""
    sweep = (
        "do $$ declare t text; p record; begin foreach t in array array['a'] loop "
        "for p in select policyname from pg_policies where schemaname = 'public' and tablename = t loop "
        "execute format('drop policy if exists %I on public.%I', p.policyname, t); end loop; "
        "execute format('create policy \"new %1$s\" on public.%1$I for select using (false)', t); end loop; end $$;"
    )
    schema = migrated(
        TABLE.format("a") + "create policy p on a using (true); create policy q on a using (true);" + sweep
    )
    assert set(table(schema, "a").policies) == {"new a"}


def test_a_policy_of_each_table_is_known_by_the_name_that_a_loop_puts_together() -> None:
    """What one loop makes as `t || '_read'` another one drops, with the endings in a list of its own."""
    made = "".join(TABLE.format(name) for name in "ab")
    create = (
        "do $$ declare t text; begin foreach t in array array['a','b'] loop "
        "execute format('create policy %I on public.%I for select using (true)', t || '_read', t); "
        "execute format('create policy %I on public.%I for insert with check (true)', t || '_write', t); "
        "end loop; end $$;"
    )
    assert set(table(migrated(made + create), "a").policies) == {"a_read", "a_write"}
    drop = (
        "do $$ declare t text; p text; begin foreach t in array array['a'] loop "
        "foreach p in array array['_read', '_write'] loop "
        "execute format('drop policy if exists %I on public.%I', t || p, t); end loop; end loop; end $$;"
    )
    schema = migrated(made + create, drop)
    assert not table(schema, "a").policies
    assert set(table(schema, "b").policies) == {"b_read", "b_write"}


def test_grants_and_revokes_are_counted_in() -> None:
    """A table that is revoked from a role is closed to it until something is granted again."""
    schema = migrated(
        TABLE.format("a") + "revoke all on a from anon, authenticated; grant select on public.a to authenticated;"
    )
    assert table(schema, "a").roles("select") == ("authenticated",)
    assert table(schema, "a").roles("update") == ()
    later = migrated(
        "alter default privileges in schema public revoke all on tables from anon, authenticated;" + TABLE.format("a")
    )
    assert table(later, "a").roles("select") == ()


def test_scripts_beside_the_migrations_are_kept_apart() -> None:
    """Loose scripts add to what migrations make, without deciding about it; another tool's migrations make nothing."""
    fact = database(
        {
            "supabase/migrations/1_a.sql": TABLE.format("a"),
            "scripts/fix.sql": ON.format("a") + TABLE.format("b") + "drop table a;",
            "supabase/migrations/1_a.down.sql": "drop table a;",
            "prisma/migrations/20250101000000_x/migration.sql": TABLE.format("c"),
            "docs/setup.md": "# Setup\n```sql\n" + TABLE.format("d") + "```\n",
        }
    )
    assert table(fact.migrated, "a").rls is False
    assert table(fact.all, "a").rls is True
    assert set(fact.all.tables) == {"public.a", "public.b"}
    assert table(fact.documented, "d").created is not None
    assert table(fact.documented, "d").created.line == 3  # type: ignore[union-attr]
    assert fact.orm is not None


def test_more_than_is_followed_is_said() -> None:
    """A chain of files that would keep the replay busy is followed as far as it goes, and never a pass."""
    loop = (
        "do $$ declare t text; begin for t in select tablename from pg_tables loop "
        "execute format('alter table %I enable row level security', t); end loop; end $$;\n"
    )
    fact = database({"supabase/migrations/1.sql": "".join(TABLE.format(f"t{n}") for n in range(2_000)) + loop * 200})
    assert fact.unseen
    many = "".join(f"create policy p{n} on a using (auth.uid() = b{n});\n" for n in range(15_000))
    assert database({"supabase/migrations/1.sql": TABLE.format("a") + many}).unseen
