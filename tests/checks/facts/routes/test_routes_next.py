"""Next.js's routes, actions and middlewares, and what guards them."""

from __future__ import annotations

import pytest

from checks.facts.routes.next_matchers import covers
from tests.checks.facts.routes.route_facts import guards, served

ROUTE = "export async function POST(request) {\n  await db.order.create({});\n}\n"
SESSION = 'import { getServerSession } from "next-auth";\n'


@pytest.mark.parametrize(
    ("body", "guard"),
    [
        ("const s = await getServerSession();\n  if (!s) return new Response(null, { status: 401 });", "guarded"),
        ("const s = await getServerSession();\n  if (!s?.user) throw new Error('no');", "guarded"),
        ("const s = await getServerSession();\n  if (!s) redirect('/login');", "guarded"),
        ("const user = await getUser();\n  if (!user) return Response.json({});", "guarded"),
        ("await requireUser();", "guarded"),
        (
            "if (request.headers.get('authorization') !== process.env.CRON) return new Response('', NO);",
            "guarded",
        ),
        (
            "try { stripe.webhooks.constructEvent(b, sig, k); } catch (x) { return new Response('', BAD); }",
            "guarded",
        ),
        ("const s = await getServerSession();\n  console.log(s);", "open"),
        ("const user = await getUser();", "open"),
        ("if (!process.env.STRIPE_KEY) return new Response('', { status: 401 });", "open"),
        ("const { id } = await request.json();\n  if (!id) return Response.json({}, { status: 400 });", "open"),
    ],
)
def test_check_in_a_handler_counts_when_it_can_deny(body: str, guard: str) -> None:
    """A handler that turns callers away for who they are is guarded; one that only looks is open."""
    files = {
        "app/api/x/route.ts": SESSION + 'import { getUser, requireUser } from "@/lib/me";\n'
        f"export async function POST(request) {{\n  {body}\n}}\n",
        "lib/me.ts": "export const getUser = cache(async () => (await cookies()).get('u') ?? null);\n"
        "export const requireUser = cache(async () => {\n  const user = await getUser();\n"
        "  if (!user) throw new Error('Unauthorized');\n  return user;\n});\n",
    }
    assert guards(files) == {"POST /api/x": guard}


def test_paths_come_from_folders() -> None:
    """Groups and slots are no part of a path, parameters are, and pages/api tells its methods apart."""
    files = {
        "src/app/(shop)/api/@modal/items/[id]/route.ts": ROUTE,
        "web/next.config.js": "module.exports = {};\n",
        "web/app/api/app/route.ts": ROUTE,
        "pages/api/users/index.ts": "export default function h(req, res) {\n  if (req.method === 'PUT') res.end();\n"
        "  else if (req.method === 'GET') res.end();\n}\n",
    }
    assert set(guards(files)) == {"POST /api/items/[id]", "POST /api/app", "PUT /api/users", "GET /api/users"}


def test_only_the_checked_method_of_a_page_is_guarded() -> None:
    """A check within one method's branch guards that method alone."""
    page = (
        "export default async function h(req, res) {\n  if (req.method === 'POST') {\n"
        "    if (!req.cookies.sid) return res.status(401).end();\n  }\n"
        "  if (req.method === 'DELETE') await drop();\n}\n"
    )
    assert guards({"pages/api/x.js": page}) == {"POST /api/x": "guarded", "DELETE /api/x": "open"}


CLERK = (
    'import { clerkMiddleware, createRouteMatcher } from "@clerk/nextjs/server";\n'
    'const listed = createRouteMatcher(["/sign-in(.*)", "/api/open(.*)"]);\n'
    "export default clerkMiddleware(async (auth, req) => {\n  if (%slisted(req)) await auth.protect();\n});\n"
)


def test_middleware_denies_by_default_or_only_what_it_lists() -> None:
    """A middleware's list is what it lets pass where the test is negated, and what it guards where it is not."""
    files = {"app/api/x/route.ts": ROUTE, "app/api/open/route.ts": ROUTE}
    assert guards(files | {"middleware.ts": CLERK % "!"}) == {"POST /api/x": "guarded", "POST /api/open": "open"}
    assert guards(files | {"middleware.ts": CLERK % ""}) == {"POST /api/x": "open", "POST /api/open": "guarded"}


def test_known_middleware_guards_what_its_matcher_covers() -> None:
    """next-auth's middleware guards the paths of its matcher and no others."""
    files = {
        "app/api/x/route.ts": ROUTE,
        "app/admin/api/route.ts": ROUTE,
        "middleware.ts": 'export { default } from "next-auth/middleware";\n'
        'export const config = { matcher: ["/admin/:path*"] };\n',
    }
    assert guards(files) == {"POST /api/x": "open", "POST /admin/api": "guarded"}


@pytest.mark.parametrize(
    ("matcher", "path", "answer"),
    [
        ("/admin/:path*", "/admin/x/y", True),
        ("/admin/:path*", "/admin", True),
        ("/admin/:path*", "/administer", False),
        ("/api/(.*)", "/api/x", True),
        ("/api/x", "/api/x/y", False),
        ("/:lang/x", "/en/x", True),
        ("/((?!api|_next/static|favicon.ico).*)", "/api/x", False),
        ("/((?!api|_next/static|favicon.ico).*)", "/dashboard", True),
        ("/((?!_next|.*\\..*).*)", "/api/x", True),
    ],
)
def test_matchers_cover_paths_without_being_run(matcher: str, path: str, answer: bool) -> None:
    """A matcher is compared with a path by its parts: a repository's regular expression is never run."""
    assert covers(matcher, path) is answer


ACTION = '"use server";\nexport async function save(id) {\n  await db.order.update({});\n}\n'


def test_actions_count_once_a_browser_can_know_them() -> None:
    """An action is served when a client component imports it or JSX hands it on; a helper beside it is not met."""
    alone = {"app/actions.ts": ACTION}
    client = alone | {"app/form.tsx": '"use client";\nimport { save } from "./actions";\n'}
    page = alone | {"app/page.tsx": 'import { save } from "./actions";\nexport default () => <form action={save} />;\n'}
    assert "unmet" in served(alone)["POST action:save"].traits
    assert "unmet" not in served(client)["POST action:save"].traits
    assert "unmet" not in served(page)["POST action:save"].traits


def test_clients_built_in_chains_carry_their_guards() -> None:
    """An action made from a client whose middleware denies is guarded, however long the chain."""
    files = {
        "app/client.ts": 'import { createSafeActionClient } from "next-safe-action";\n'
        "export const open = createSafeActionClient();\n"
        "export const closed = open.use(async ({ next }) => {\n  const session = await getSession();\n"
        "  if (!session) throw new Error('no');\n  return next();\n});\n",
        "app/actions.ts": '"use server";\nimport { open, closed } from "./client";\n'
        "export const a = open.schema(s).action(async () => db.x.update());\n"
        "export const b = closed.schema(s).action(async () => db.x.update());\n",
    }
    assert guards(files) == {"POST action:a": "open", "POST action:b": "guarded"}


def test_what_decides_behind_the_route_is_said() -> None:
    """A client under the caller's own session leaves the decision to row level security; a service role does not."""
    route = (
        'import { createServerClient } from "@supabase/ssr";\nexport async function POST() {\n'
        "  const db = createServerClient(url, {key});\n  await db.from('orders').insert({{}});\n}}\n"
    )
    files = {"app/api/a/route.ts": route.replace("{key}", "anon").replace("{{}}", "{}").replace("}}", "}")}
    admin = {"app/api/a/route.ts": files["app/api/a/route.ts"].replace("anon", "process.env.SUPABASE_SERVICE_ROLE_KEY")}
    assert guards(files) == {"POST /api/a": "elsewhere"}
    assert guards(admin) == {"POST /api/a": "open"}
