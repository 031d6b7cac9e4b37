"""SvelteKit, Remix, tRPC, Streamlit and Koa: what they serve, and what guards it."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, served

NEXT_ROUTE = "export async function POST() {\n  await db.order.create({});\n}\n"
PAGE = "import sqlite3\nimport streamlit as st\nst.set_page_config(page_title='x')\nsqlite3.connect('a').commit()\n"


def test_sveltekit_endpoints_actions_and_hooks() -> None:
    """Endpoints, form actions and loads are routes; the handle hook stands before all of them."""
    files = {
        "src/routes/(app)/api/[id]/+server.ts": "export async function DELETE() {\n  await db.delete(x);\n}\n",
        "src/routes/notes/+page.server.ts": "export const load = async () => ({});\n"
        "export const actions = { default: async () => {}, add: async ({ locals }) => {\n"
        "  if (!locals.user) return fail(401);\n  await db.insert(x);\n} };\n",
    }
    found = {"DELETE /api/[id]": "open", "GET /notes": "open", "POST /notes": "open", "POST /notes?/add": "guarded"}
    assert guards(files) == found
    hook = (
        "export async function handle({ event, resolve }) {\n"
        "  if (!event.locals.user) return new Response(null, { status: 401 });\n  return resolve(event);\n}\n"
    )
    assert set(guards({**files, "src/hooks.server.ts": hook}).values()) == {"guarded"}


def test_remix_loaders_and_actions() -> None:
    """The name of a file makes the path; what a called function throws guards."""
    files = {
        "app/routes/notes.$id.tsx": "import { json } from '@remix-run/node';\n"
        "import { requireUserId } from '~/session.server';\nexport default function Note() { return null; }\n"
        "export async function action({ params }) {\n  await db.note.delete({});\n}\n"
        "export async function loader({ request }) {\n  await requireUserId(request);\n  return json({});\n}\n",
        "app/session.server.ts": "import { redirect } from '@remix-run/node';\n"
        "export async function requireUserId(request) {\n  const userId = await getUserId(request);\n"
        "  if (!userId) throw redirect('/login');\n  return userId;\n}\n",
    }
    assert guards(files) == {"POST /notes/:id": "open", "GET /notes/:id": "guarded"}


def test_trpc_procedures_are_what_they_are_built_with() -> None:
    """A procedure's middleware is followed to its definition."""
    files = {
        "trpc.ts": "import { initTRPC, TRPCError } from '@trpc/server';\nconst t = initTRPC.create();\n"
        "export const router = t.router;\nexport const open = t.procedure;\n"
        "export const member = t.procedure.use(({ ctx, next }) => {\n"
        "  if (!ctx.session?.user) throw new TRPCError({ code: 'UNAUTHORIZED' });\n  return next();\n});\n",
        "notes.ts": "import { router, open, member } from './trpc';\nexport const notesRouter = router({\n"
        "  add: open.mutation(async () => { await db.note.create({}); }),\n"
        "  list: member.query(async () => db.note.findMany()),\n});\n",
    }
    assert guards(files) == {"POST /trpc/notes.add": "open", "GET /trpc/notes.list": "guarded"}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"app.py": PAGE}, {"ANY /": "open"}),
        ({"app.py": "import streamlit as st\nst.title('x')\n"}, {"GET /": "open"}),
        ({"app.py": PAGE + "if not st.session_state.get('logged_in'):\n    st.stop()\n"}, {"ANY /": "guarded"}),
        (  # a login in the main script does not run before a page of its own
            {
                "app.py": PAGE + "if not st.session_state.get('logged_in'):\n    st.stop()\n",
                "pages/1_Orders.py": PAGE,
            },
            {"ANY /": "guarded", "ANY /Orders": "open"},
        ),
        (  # it does under st.navigation
            {
                "app.py": PAGE + "if not st.session_state.get('logged_in'):\n    st.stop()\nst.navigation([])\n",
                "pages/1_Orders.py": PAGE,
            },
            {"ANY /": "guarded", "ANY /Orders": "guarded"},
        ),
        (  # a function of the repository stops the page
            {
                "app.py": "from auth import check_login\n" + PAGE + "check_login()\n",
                "auth.py": "import streamlit as st\ndef check_login():\n"
                "    if not st.session_state.get('authenticated'):\n        st.stop()\n",
            },
            {"ANY /": "guarded"},
        ),
        ({"parts/table.py": "import streamlit as st\ndef table():\n    st.write(1)\n"}, {}),
    ],
)
def test_streamlit_pages(files: dict[str, str], found: dict[str, str]) -> None:
    """Each script is a page; only what turns people away guards it."""
    assert guards(files) == found


def test_koa_mounts_what_a_router_routes() -> None:
    """`app.use(router.routes())` serves the router, behind what stands before it."""
    koa = (
        "const Koa = require('koa');\nconst Router = require('@koa/router');\nconst app = new Koa();\n"
        "const router = new Router();\nrouter.post('/x', async (ctx) => { await db.save(); });\n"
    )
    assert guards({"s.js": koa + "app.use(router.routes());\n"}) == {"POST /x": "open"}
    guard = "const jwt = require('koa-jwt');\napp.use(jwt({}));\n"
    assert guards({"s.js": koa + guard + "app.use(router.routes());\n"}) == {"POST /x": "guarded"}


@pytest.mark.parametrize(
    ("callback", "guard"),
    [
        ("authorized: ({ auth }) => !!auth", "guarded"),
        ("authorized({ auth, request }) { if (request.ok) { return true; } return auth.ok; }", "unknown"),
        ("authorized: () => true", "open"),
        ("jwt: ({ token }) => token", "open"),
    ],
)
def test_the_middleware_of_nextauth_denies_by_its_callback(callback: str, guard: str) -> None:
    """NextAuth's own middleware turns away nobody unless its `authorized` callback says so."""
    files = {
        "app/api/orders/route.ts": NEXT_ROUTE,
        "auth.ts": "import NextAuth from 'next-auth';\n"
        f"export const {{ auth }} = NextAuth({{ callbacks: {{ {callback} }} }});\n",
        "middleware.ts": "export { auth as middleware } from './auth';\n",
    }
    assert guards(files) == {"POST /api/orders": guard}


@pytest.mark.parametrize(
    "body",
    [
        "const { userId } = req.body;\n  if (!userId) return res.status(400).end();",
        "const user = await getUser(req.params.userId);\n  if (!user) return res.status(404).end();",
        "const { error } = await admin.auth.admin.createUser({});\n  if (error) return res.status(500).end();",
        "const ok = await updateOrder(1, currentUser);\n  if (!ok) throw new Error('no');",
    ],
)
def test_what_a_request_names_and_what_a_write_came_to_guard_nothing(body: str) -> None:
    """An id of a user in the request, a user looked up by it, and the outcome of a write are no identity."""
    app = "const app = require('express')();\n"
    route = f"app.post('/x', async (req, res) => {{\n  {body}\n  await db.order.create({{}});\n}});\n"
    assert guards({"s.js": app + route}) == {"POST /x": "open"}


def test_options_of_a_middleware_are_no_doubt() -> None:
    """`session(sessionSettings)` is a session, whatever its options are called."""
    text = (
        "const session = require('express-session');\nconst app = require('express')();\n"
        "function setup(app) {\n  const sessionSettings = make();\n  app.use(session(sessionSettings));\n"
        "  app.post('/x', (req, res) => { db.save(); });\n}\nsetup(app);\n"
    )
    assert guards({"s.js": text}) == {"POST /x": "open"}


def test_bodies_of_a_route_are_named() -> None:
    """A route knows the functions that its call runs, and by what name they were called."""
    text = (
        "const app = require('express')();\nconst auth = (req, res, next) => next();\n"
        "async function orders(id) { return 1; }\napp.get('/x', auth, async (req, res) => orders(req.params.id));\n"
    )
    (route,) = served({"s.js": text}).values()
    assert [(body.part, body.called) for body in route.bodies] == [("handler", ""), ("called", "orders"), ("guard", "")]
