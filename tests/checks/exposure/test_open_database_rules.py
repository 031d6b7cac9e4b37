"""What the database's rules let anybody do, where examples cannot say it."""

from __future__ import annotations

import pytest

from checks.check import Bad
from checks.evaluate import ask
from checks.example import facts_of, run_example
from checks.exposure import open_database_rules
from checks.model import Finding, Outcome, Placement, Result

CLIENT = {
    "package.json": '{"dependencies": {"@supabase/supabase-js": "2"}}',
    "src/client.ts": "export const supabase = createClient(u, import.meta.env.VITE_SUPABASE_ANON_KEY);\n",
}
ON = "alter table {0} enable row level security;\n"


def answer(sql: str, *, client: dict[str, str] | None = None, path: str = "supabase/migrations/1_a.sql") -> Result:
    """What the check says of *sql* as the only migration, in an app with *client*."""
    return run_example(open_database_rules.check, Bad({**(CLIENT if client is None else client), path: sql}))


def told(sql: str) -> list[Finding]:
    """The findings on *sql*."""
    return list(answer(sql).findings)


@pytest.mark.parametrize(
    ("columns", "policy", "blocking", "place"),
    [
        ("id uuid, email text", "for select using (true)", True, Placement.NOWHERE),
        ("id uuid, username text, avatar_url text", "for select using (true)", False, Placement.SANDBOX),
        ("id uuid, email text", "for insert with check (true)", False, Placement.SANDBOX),
        ("id uuid, email text, role text", "for insert with check (true)", True, Placement.SANDBOX),
        ("id uuid, username text", "for update using (true)", True, Placement.SANDBOX),
        ("id uuid, email text", "for select to authenticated using (true)", True, Placement.SANDBOX),
        ("id uuid, email text", "for delete using (auth.role() = 'authenticated')", True, Placement.SANDBOX),
    ],
)
def test_a_policy_weighs_by_command_role_and_data(columns: str, policy: str, blocking: bool, place: Placement) -> None:
    """Reading people's data is worst, a form is advice, and whoever needs a login without a sign-up is milder."""
    (finding,) = told(
        f"create table profiles ({columns});\n{ON.format('profiles')}create policy p on profiles {policy};"
    )
    assert (finding.blocking, finding.allows) == (blocking, place)
    assert finding.line == 3


@pytest.mark.parametrize(
    "sql",
    [
        "create policy p on a for select using (is_published = true);",  # a catalogue's published rows
        "create policy p on a to service_role using (true);",
        "create policy p on a using (auth.role() = 'service_role');",
        "create policy p on a for select using (true);\ncreate policy r on a as restrictive using (auth.uid() = id);",
        "create policy p on a for select using (true);\nrevoke all on a from anon, authenticated;",
        "create policy p on a using (team_id in (select id from teams));",
    ],
)
def test_what_is_narrowed_elsewhere_is_no_fault(sql: str) -> None:
    """The server's role, restrictive policies, revoked grants and other tables' rules are counted in."""
    assert told("create table a (id uuid, is_published boolean, team_id uuid);\n" + ON.format("a") + sql) == []


def test_a_role_column_counts_in_tables_of_accounts_alone() -> None:
    """The role of a chat message gives nobody rights; a role that can only be harmless gives none either."""
    own = "{0}create policy p on {1} for update using (auth.uid() = user_id);\n"
    message = "create table messages (id uuid, user_id uuid, role text);\n"
    assert told(own.format(message + ON.format("messages"), "messages")) == []
    harmless = "create table profiles (user_id uuid, role text check (role in ('buyer', 'seller')));\n"
    assert told(own.format(harmless + ON.format("profiles"), "profiles")) == []
    plain = "create table profiles (user_id uuid, role text);\n"
    (finding,) = told(own.format(plain + ON.format("profiles"), "profiles"))
    assert finding.kind == "rls-escalation"


def test_scripts_beside_the_migrations_are_told_as_advice() -> None:
    """What a script says against the migrations holds nothing back, and neither does what a script mends."""
    made = "create table orders (id uuid, email text);\n"
    files = {**CLIENT, "supabase/migrations/1.sql": made, "fix.sql": ON.format("orders")}
    result = run_example(open_database_rules.check, Bad(files))
    assert [finding.blocking for finding in result.findings] == [False]
    files = {
        **CLIENT,
        "supabase/migrations/1.sql": made + ON.format("orders"),
        "open.sql": "alter table orders disable row level security;",
    }
    result = run_example(open_database_rules.check, Bad(files))
    assert [(finding.path, finding.blocking) for finding in result.findings] == [("open.sql", False)]


def test_a_database_that_only_the_server_asks_is_told_as_advice() -> None:
    """Where no public key is in use, a table without rules is not open yet."""
    server = {
        "app.py": "from supabase import create_client\ndb = create_client(url, os.environ['SUPABASE_SERVICE_KEY'])\n"
    }
    (finding,) = answer("create table customers (email text);", client=server).findings
    assert not finding.blocking


def test_tables_that_no_file_creates_are_not_checked() -> None:
    """Rules that are not in the repository are never a pass, and leave the sandbox open where all was seen."""
    client = {
        **CLIENT,
        "src/list.ts": "supabase.from('orders').select();\nsupabase.storage.from('files').list();\n// supabase",
    }
    result = answer("create table a (id uuid);\n" + ON.format("a"), client=client)
    assert result.outcome is Outcome.NOT_CHECKED
    assert result.allows is Placement.SANDBOX
    assert "orders" in (result.reason or "")
    assert "files" not in (result.reason or "")


def test_a_migration_that_nobody_could_read_is_never_a_pass() -> None:
    """A file that could not be read leaves the question open at full strength."""
    files = {
        **CLIENT,
        "supabase/migrations/1.sql": "create table a (id uuid);\n" + ON.format("a"),
        "supabase/migrations/2.sql": "x",
    }
    result = ask(open_database_rules.check, facts_of(files, unread=frozenset({"supabase/migrations/2.sql"})))
    assert result.outcome is Outcome.NOT_CHECKED
    assert result.allows is Placement.NOWHERE


MESSAGES = "create table messages (id uuid, conversation_id uuid, sender_id uuid, body text);\n" + ON.format("messages")
PERMISSIONS = "create table bot_permissions (id uuid, user_id uuid, permission text);\n" + ON.format("bot_permissions")
PAYMENTS = "create table escrow_payments (id uuid, buyer_id uuid, amount numeric, status text);\n" + ON.format(
    "escrow_payments"
)
MEMBERS = (
    "create table profiles (id uuid, company_id uuid);\nalter table profiles enable row level security;\n"
    "create table companies (id uuid, invite_token text);\nalter table companies enable row level security;\n"
    "create policy seen on companies for select using (exists (select 1 from profiles p where p.id = auth.uid() "
    "and p.company_id = companies.id));\n"
)
OWN_PROFILE = "create policy upd on profiles for update using (auth.uid() = id);\n"


@pytest.mark.parametrize(
    ("sql", "line", "says"),
    [
        (
            MESSAGES + "create policy p on messages for insert with check (auth.uid() = sender_id);",
            3,
            "any conversation_id",
        ),
        (
            PERMISSIONS + "create policy p on bot_permissions for insert with check (auth.uid() = user_id);",
            3,
            "give themselves rights",
        ),
        (PAYMENTS + "create policy p on escrow_payments for all using (auth.uid() = buyer_id);", 3, "status, amount"),
        (ON.format("profiles") + OWN_PROFILE, 2, "no file here tells its columns"),
        (MEMBERS + OWN_PROFILE, 5, "company_id of profiles"),
    ],
)
def test_a_policy_that_asks_for_too_little_beside_the_caller_is_advice(sql: str, line: int, says: str) -> None:
    """Somebody else's conversation, a right to it, a payment's state or one's own company may be written: told."""
    findings = [finding for finding in told(sql) if says in finding.message]
    assert [(finding.line, finding.blocking) for finding in findings] == [(line, False)]


@pytest.mark.parametrize(
    "sql",
    [
        MESSAGES + "create policy p on messages for insert with check (auth.uid() = sender_id and exists (select 1 "
        "from conversations c where c.id = conversation_id and c.owner = auth.uid()));",
        PAYMENTS + "create policy p on escrow_payments for select using (auth.uid() = buyer_id);",
        MEMBERS,
        MEMBERS + "create policy upd on profiles for update using (auth.uid() = id) with check (auth.uid() = id and "
        "company_id = my_company());\n",
    ],
)
def test_a_policy_that_asks_for_the_place_as_well_is_sound(sql: str) -> None:
    """Membership that is asked, payments that are only read, and a company that cannot be chosen are no faults."""
    assert told(sql) == []


@pytest.mark.parametrize("column", ["es_admin", "is_super_admin", "is_administrator", "isadmin", "is_moderator"])
def test_an_admin_column_is_known_in_other_languages(column: str) -> None:
    """Whatever a column is called that makes an administrator, its own row's owner must not write it."""
    sql = f"create table perfiles (id uuid, {column} boolean);\n{ON.format('perfiles')}"
    (finding,) = told(sql + "create policy p on perfiles for update using (auth.uid() = id);")
    assert finding.blocking
    assert column in finding.message


def test_a_script_that_makes_the_same_hole_again_is_told() -> None:
    """A policy of the migrations that a script by hand repeats is told there too, as advice."""
    sql = f"create table notes (id uuid);\n{ON.format('notes')}create policy p on notes for delete using (true);\n"
    files = {**CLIENT, "supabase/migrations/1_a.sql": sql, "create_notes_manual.sql": "\n" + sql}
    found = run_example(open_database_rules.check, Bad(files)).findings
    assert [(each.path, each.line, each.blocking) for each in found] == [
        ("supabase/migrations/1_a.sql", 3, True),
        ("create_notes_manual.sql", 4, False),
    ]


def test_a_policy_written_twice_stands_where_it_was_written_first() -> None:
    """The second CREATE POLICY of the same words changes nothing, so the first one's line is told."""
    sql = f"create table notes (id uuid);\n{ON.format('notes')}create policy p on notes for delete using (true);\n"
    (finding,) = told(sql + "create policy p on notes for delete using (true);")
    assert finding.line == 3


OWN_ROW = (
    "create table profiles (id uuid primary key, role text);\n"
    + ON.format("profiles")
    + 'create policy "Own profile" on profiles for update using (auth.uid() = id);\n'
)
GIVES = (
    "create function give(member uuid) returns void language plpgsql security definer set search_path = '' as $$\n"
    "begin update public.profiles set credits = credits + 10 where id = member; end $$;\n"
)


def test_a_policy_that_a_called_function_makes_stands_where_it_is_written() -> None:
    """A migration that calls its own function has made what the function makes; one that is only defined has not."""
    sql = (
        "create table orders (id uuid, customer_email text);\n" + ON.format("orders") + "create function open_up() "
        "returns void language plpgsql as $$ begin\n"
        "create policy everybody on orders for select to anon using (true);\nend $$;\n"
    )
    assert not told(sql)
    assert [(one.line, one.blocking) for one in told(sql + "select public.open_up();\n")] == [(4, True)]


def test_migrations_among_the_documents_count_and_so_does_what_a_second_one_repeats() -> None:
    """SQL in docs/migrations is what somebody ran; the same policy in its corrected copy is advice."""
    client = CLIENT | {"docs/migrations/001_init_fixed.sql": "-- corrected\n" + OWN_ROW}
    found = answer(OWN_ROW, client=client, path="docs/migrations/001_init.sql").findings
    assert [(one.path, one.line, one.blocking) for one in found] == [
        ("docs/migrations/001_init.sql", 3, True),
        ("docs/migrations/001_init_fixed.sql", 4, False),
    ]


def test_a_table_made_anew_has_lost_its_policies() -> None:
    """DROP TABLE takes the policies with it: what counts is what stands at the end."""
    orders = "create table orders (id uuid, customer_email text, user_id uuid);\n" + ON.format("orders")
    again = orders + "create policy own on orders using (auth.uid() = user_id);\n"
    assert not told(f"{orders}create policy p on orders using (true);\ndrop table if exists orders cascade;\n{again}")


@pytest.mark.parametrize(
    ("leave", "blocking"),
    [
        ("", [True]),
        ("revoke all on function give(uuid) from public, anon, authenticated;", []),
        ("revoke execute on function give from public;", [False]),
        ("grant execute on function give(uuid) to anon;\nrevoke all on function give from public;", [True, True]),
        ("grant execute on function give to anon;\nrevoke all on function give from public, anon, authenticated;", []),
    ],
)
def test_leave_to_call_a_function_is_what_is_left_at_the_end(leave: str, blocking: list[bool]) -> None:
    """A grant by name outlives REVOKE ... FROM PUBLIC and is told too; Supabase's own default is told as advice."""
    assert [one.blocking for one in told(GIVES + leave)] == blocking


def test_functions_are_closed_where_the_defaults_are() -> None:
    """ALTER DEFAULT PRIVILEGES deprives the browser of functions that are made after it."""
    closed = "alter default privileges in schema public revoke execute on functions from public, anon, authenticated;\n"
    assert not told(closed + GIVES)


def test_what_a_function_counts_by_itself_nobody_chooses() -> None:
    """A function that sums points up gives nothing away, whoever calls it for whomever."""
    sums = GIVES.replace("credits + 10", "( select coalesce(sum(amount), 0) from public.ledger where owner = member)")
    assert [one.blocking for one in told(sums)] == [False]
