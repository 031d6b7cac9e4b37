"""
The database lets people read or change what is not theirs.

With Supabase and Firebase the browser talks to the database itself, with a key that everybody can read. What a person
may see is decided by the database's rules alone: row level security and its policies, storage policies, Firebase's
rules. A button that is hidden, or a filter in the page, protects nothing.

The SQL of the repository is read as Supabase would run it: migrations in order, so that the final state is judged.
Reported are tables on which row level security was never switched on; policies that let everybody, or everybody who
signs up, read or change other people's rows; policies that trust `user_metadata`, which its user can edit; users who
may change their own role, plan or credits; storage open to all; functions (`SECURITY DEFINER`) and views that pass by
the policies; and Firebase rules in test mode. What may be meant (a public catalogue, a contact form) is told as advice,
as is everything where the code shows the server's key alone in use. Where the app asks for tables that no file of the
repository creates, their rules are not checked.

## How to fix
1. Switch row level security on for every table: `alter table public.x enable row level security;`. Without a policy
   nobody but the server gets in.
2. Write one policy for each command that compares the row's owner with the caller: `using ((select auth.uid()) =
   user_id)`, and the same `with check`.
3. Keep roles, plans and credits in a table that users cannot write, and ask that table in policies. Never
   `user_metadata`.
4. A policy for the server is not needed: the service key passes by all of them. If there is one, write `to
   service_role`.
5. Try it: ask the database with the public key and no login (`curl "$URL/rest/v1/x?select=*" -H "apikey: $ANON"`).

## Fix prompt
The places listed below let people read or change data that is not theirs, because the database's rules are missing or
too wide. Write one new migration (do not edit old ones) that mends each: enable row level security on every table of
schema public; drop each policy that says USING (true) or WITH CHECK (true) and replace it by one per command that
compares the owner's column with (select auth.uid()), for select, insert (with check), update (using and with check) and
delete; for admins ask a table user_roles through a SECURITY DEFINER function with `set search_path = ''`, never
user_metadata; keep users from changing role, plan and credit columns by moving them to a table without a policy for
writing; make buckets with private files private, and bind storage policies to (storage.foldername(name))[1] =
(select auth.uid())::text; give views security_invoker = true; let SECURITY DEFINER functions use auth.uid() instead of
an id that they are given, and revoke execute from anon. Keep public what is public on purpose, and say which that is.
For Firebase replace `if true` and dates by conditions on request.auth.uid. Then list for me what each kind of visitor
(nobody, a user, an admin) may now do with each table.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.database.exposed_database import ExposedDatabase
from checks.facts.database.firebase_holes import open_rules
from checks.facts.database.firebase_rules import FirebaseRules
from checks.facts.database.holes import Hole
from checks.facts.database.mending import mend_of
from checks.model import Confidence, Finding, Outcome, Placement, Severity
from checks.sentences import names

_CLIENT = {
    "src/integrations/supabase/client.ts": "import { createClient } from '@supabase/supabase-js';\n"
    "export const supabase = createClient(import.meta.env.VITE_SUPABASE_URL, "
    "import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY);\n",
    "src/pages/Auth.tsx": "import { supabase } from '@/integrations/supabase/client';\n"
    "export const join = (email, password) => supabase.auth.signUp({ email, password });\n",
}
_PROFILES = (
    "create table public.profiles (\n  id uuid primary key references auth.users(id) on delete cascade,\n"
    "  email text,\n  full_name text,\n  role text not null default 'user'\n);\n"
)
_ORDERS = (
    "CREATE TABLE public.orders (\n  id uuid PRIMARY KEY,\n  user_id uuid,\n  customer_email text,\n"
    "  total numeric\n);\n"
)
_ON = "ALTER TABLE public.{} ENABLE ROW LEVEL SECURITY;\n"
_ORDERS_ON = _ORDERS + _ON.format("orders")
_PROFILES_ON = _PROFILES + _ON.format("profiles")
_NEW_USER = """create function public.handle_new_user() returns trigger language plpgsql
security definer set search_path = '' as $$
begin
  insert into public.profiles (id, email, role)
  values (new.id, new.email, coalesce(new.raw_user_meta_data->>'role', 'user'));
  return new;
end;
$$;
create trigger on_auth_user_created
  after insert on auth.users for each row execute function public.handle_new_user();
"""
_VIEW = "create view public.order_list as select id, customer_email, total from public.orders;\n"
_EXEC = """create or replace function public.exec_sql(query text) returns void
language plpgsql security definer as $$ begin execute query; end $$;
"""
_KEEP_ROLE = """create policy "upd" on profiles for update using (auth.uid() = id);
create function keep_role() returns trigger language plpgsql as $$
begin new.role := old.role; return new; end $$;
create trigger keep before update on profiles for each row execute function keep_role();
"""
_REWARD = """create or replace function public.reward(member uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin update public.profiles set points = points + 100 where id = member; end $$;
"""
_DUE = """create function due() returns table (order_id uuid, customer_email text) language sql security definer
set search_path = '' as $$ select id, customer_email from public.orders where total > 0 $$;
"""
_OWN = 'CREATE POLICY "own" ON public.orders FOR ALL USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);\n'


def _app(*migrations: str) -> dict[str, str]:
    """Return the files of an app with *migrations*, in order."""
    names = (f"supabase/migrations/2025010{day}000000_step.sql" for day in range(1, 9))
    return _CLIENT | dict(zip(names, migrations, strict=False))


_NAMED = 3  # tables that a reason names

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad(_app(_ORDERS), says="Row level security is never switched on for orders", line=1),
        Bad(
            _app(
                _ORDERS_ON + 'CREATE POLICY "Enable read access for all users" ON public.orders\n'
                "  FOR SELECT USING (true);\n"
            ),
            says="lets anyone with the public key read every row of orders (customer_email)",
            line=8,
        ),
        Bad(  # named for the server, and open to all
            _app(_ORDERS_ON + 'CREATE POLICY "Service role can manage orders" ON orders FOR ALL USING (true);\n'),
            says="TO service_role",
            line=8,
        ),
        Bad(
            _app(_ORDERS_ON + 'create policy "read" on orders for select to authenticated using (true);\n'),
            says="anyone who is signed in",
        ),
        Bad(
            _app(
                _ORDERS_ON + "CREATE POLICY admin ON orders FOR ALL USING "
                "((auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');\n"
            ),
            says="user_metadata",
            line=8,
        ),
        Bad(
            _app(
                _PROFILES_ON + 'create policy "Users can update own profile" on public.profiles\n'
                "  for update using (auth.uid() = id);\n"
            ),
            says="role",
            line=8,
        ),
        Bad(
            _app(
                "create table public.user_roles (id uuid primary key, user_id uuid references auth.users, role text);\n"
                + _ON.format("user_roles")
                + 'create policy "ins" on user_roles for insert with check (auth.uid() = user_id);\n'
            ),
            says="make themselves administrators",
        ),
        Bad(  # the right sender, and anybody's conversation
            _app(
                "create table messages (id uuid, conversation_id uuid, sender_id uuid, body text);\n"
                + _ON.format("messages")
                + 'create policy "send" on messages for insert with check (auth.uid() = sender_id);\n'
            ),
            says="any conversation_id",
        ),
        Bad(
            _app(_PROFILES_ON, _NEW_USER),
            says="whoever signs up",
            line=5,
        ),
        Bad(_app(_REWARD), says="for the id that it is given", line=1),
        Bad(  # leave given by name outlives REVOKE ... FROM PUBLIC
            _app(
                _ORDERS_ON + _DUE,
                "grant execute on function due() to anon;\nrevoke all on function due() from public;\n",
            ),
            says="gives back customer_email of everybody",
        ),
        Bad(  # switched off again
            _app(
                _ORDERS_ON + _OWN,
                "-- fix permissions\nALTER TABLE orders DISABLE ROW LEVEL SECURITY;\n",
            ),
            says="is switched off",
            line=2,
        ),
        Bad(
            _app(_ORDERS_ON + _OWN, _VIEW),
            says="View order_list",
        ),
        Bad(
            _app(_EXEC),
            says="the whole database",
        ),
        Bad(
            _app("CREATE POLICY \"Anyone can delete\" ON storage.objects FOR DELETE USING (bucket_id = 'uploads');\n"),
            says="delete everybody's files",
        ),
        Bad(
            {
                **_CLIENT,
                "scripts/001_create_tables.sql": "CREATE TABLE customers (id serial primary key, email text);\n",
            },
            says="customers",
        ),
        Bad(
            {
                "firestore.rules": "rules_version = '2';\nservice cloud.firestore {\n"
                "  match /databases/{database}/documents {\n    match /{document=**} {\n"
                "      allow read, write: if true;\n    }\n  }\n}\n"
            },
            says="anyone, without a login, read and change everything",
            line=5,
        ),
        Bad(
            {"database.rules.json": '{\n  "rules": {\n    ".read": true,\n    ".write": "auth != null"\n  }\n}\n'},
            line=3,
        ),
        Good(_app(_ORDERS_ON + _OWN)),
        Good(_app(_ORDERS, _ON.format("orders"))),  # a later migration
        Good(  # replaced later
            _app(
                _ORDERS_ON + "create policy p on orders for select using (true);\n",
                "drop policy if exists p on orders;\n" + _OWN,
            )
        ),
        Good(
            _app(
                _ORDERS + "do $$ declare t text; begin\n  foreach t in array array['orders'] loop\n"
                "    execute format('alter table public.%I enable row level security', t);\n  end loop;\nend $$;\n"
                + _OWN
            )
        ),
        Good(
            _app(
                _ORDERS_ON + 'create policy "srv" on orders for all to service_role using (true);\n'
                "create policy old on orders for all using (auth.role() = 'service_role');\n"
            )
        ),
        Good(_app(_REWARD + "revoke execute on function reward(uuid) from public, anon, authenticated;\n")),
        Good(  # a trigger keeps the role as it is
            _app(_PROFILES_ON, _KEEP_ROLE)
        ),
        Good(
            _app(
                _PROFILES_ON + "revoke update on profiles from authenticated, anon;\n"
                "grant update (full_name) on profiles to authenticated;\n"
                'create policy "upd" on profiles for update using (auth.uid() = id);\n'
            )
        ),
        Good(  # another tool's own database
            {"prisma/migrations/20250101000000_init/migration.sql": 'CREATE TABLE "User" ("email" TEXT NOT NULL);\n'},
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good(
            {**_CLIENT, "src/list.ts": "const { data } = await supabase.from('orders').select('*');\n"},
            says="orders",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good(
            {
                "firestore.rules": "service cloud.firestore {\n  match /databases/{database}/documents {\n"
                "    match /users/{id} {\n      allow read, write: if request.auth != null && request.auth.uid == id;\n"
                "    }\n  }\n}\n"
            }
        ),
    ),
)


@check.detect
def detect(database: ExposedDatabase, firebase: FirebaseRules) -> Iterator[Finding]:
    """Yield what the rules of Supabase and of Firebase leave open; raise where they are not in the repository."""
    if not database.present and not firebase.files:
        raise NotApplicable(database.why)
    for hole in (*database.holes, *open_rules(firebase)):
        yield _finding(hole)
    if database.absent:
        tables = names([name for name, _ in database.absent], _NAMED)
        path, line = database.absent[0][1]
        raise NotChecked(
            f"the app uses {tables} ({path}:{line}), and no SQL file here creates them, so nobody can tell who "
            "may read them: put the rules into the repository (supabase db pull)",
            allows=Placement.SANDBOX,
        )


def _finding(hole: Hole) -> Finding:
    grave = hole.people and hole.sure
    return Finding(
        hole.message,
        path=hole.place.path,
        line=hole.place.line,
        kind=hole.kind,
        severity=Severity.CRITICAL if grave else Severity.HIGH if hole.sure else Severity.LOW,
        confidence=Confidence.HIGH if hole.sure else Confidence.LOW,
        blocking=hole.sure,
        allows=Placement.NOWHERE if grave else Placement.SANDBOX,
        identity=hole.about,
        fix=mend_of(hole),
    )
