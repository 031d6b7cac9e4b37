"""Guards that believe a header anybody can send, and guards that hold for some paths only."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards

_JOB = (
    'import { mayRun } from "@/lib/jobs";\nexport async function GET(req: Request) {\n'
    "  const refused = mayRun(req);\n  if (refused) return refused;\n  await settle();\n"
    "  return Response.json({});\n}\n"
)
_REFUSE = '  return Response.json({ error: "no" }, { status: 401 });\n}\n'
_SECRET = '  const byHand = req.headers.get("authorization") === `Bearer ${process.env.CRON_SECRET}`;\n'


def _job(body: str) -> str:
    """Return the guard of a job whose check has *body*."""
    text = "export function mayRun(req: Request) {\n" + body
    return guards({"app/api/cron/settle/route.ts": _JOB, "lib/jobs.ts": text})["GET /api/cron/settle"]


@pytest.mark.parametrize(
    "body",
    [
        '  const cron = req.headers.get("x-vercel-cron") === "1";\n' + _SECRET + "  if (cron || byHand) return null;\n",
        '  if (req.headers.get("x-vercel-cron")) return null;\n' + _SECRET + "  if (byHand) return null;\n",
        '  const agent = req.headers.get("user-agent") ?? "";\n  const cron = agent.includes("vercel-cron");\n'
        + _SECRET
        + "  const allowed = cron || byHand;\n  if (allowed) return null;\n",
    ],
)
def test_a_header_that_anybody_sends_is_no_guard(body: str) -> None:
    """Who says that they are the scheduler is let in, and anybody can say so."""
    if "allowed" in body:
        body = body.replace("  if (allowed) return null;\n", "  if (!allowed) {\n  " + _REFUSE.replace("}\n", "  }\n"))
        assert _job(body + "  return null;\n}\n") == "open"
    else:
        assert _job(body + _REFUSE) == "open"


@pytest.mark.parametrize(
    "body",
    [
        _SECRET + "  if (byHand) return null;\n",
        '  const cron = req.headers.get("x-vercel-cron") === "1";\n' + _SECRET + "  if (cron && byHand) return null;\n",
        '  const secret = req.headers.get("x-internal");\n  if (secret === process.env.JOBS) return null;\n',
        '  const sent = req.headers.get("x-cron");\n  if (sent === process.env.CRON_SECRET) return null;\n',
    ],
)
def test_a_secret_is_a_guard(body: str) -> None:
    """What is compared with a secret guards, whatever the header is called and whatever else is asked."""
    assert _job(body + _REFUSE) == "guarded"


def test_flask_believes_no_scheduler() -> None:
    """A header that is there says nothing; one that must equal a secret does."""
    text = (
        "from flask import Flask, abort, request\napp = Flask(__name__)\n@app.post('/jobs')\ndef jobs():\n"
        "    if ASKED:\n        abort(403)\n    db.session.commit()\n    return ''\n"
    )
    asked = {
        "not request.headers.get('X-Internal')": "open",
        "'curl' in request.headers.get('User-Agent', '')": "open",
        "request.headers.get('X-Internal') != JOB_SECRET": "guarded",
        "not request.headers.get('X-Internal') or request.headers.get('X-Job-Token') != JOB_SECRET": "guarded",
    }
    found = {one: guards({"app.py": text.replace("ASKED", one)})["POST /jobs"] for one in asked}
    assert found == asked


_SESSION = """
export async function middleware(request) {
  const { data: { user } } = await supabase.auth.getUser();
  const needsUser = request.nextUrl.pathname.startsWith("/app") ||
    request.nextUrl.pathname.startsWith("/api/team");
  if (needsUser && !user) {
    if (request.nextUrl.pathname.startsWith("/api/")) {
      return NextResponse.json({ error: "no" }, { status: 401 });
    }
    return NextResponse.redirect(new URL("/login", request.url));
  }
  return NextResponse.next();
}
"""


def test_paths_within_paths_narrow_each_other() -> None:
    """A refusal for /api/ below a test for /api/team holds for /api/team alone."""
    action = "export async function POST() {\n  await db.order.create({});\n  return Response.json({});\n}\n"
    files = {"app/api/team/route.ts": action, "app/api/orders/route.ts": action, "middleware.ts": _SESSION}
    assert guards(files) == {"POST /api/team": "guarded", "POST /api/orders": "open"}


_HOOK = (
    'const app = require("express")();\napp.post("/webhook", async (req, res) => {\n'
    '  const sig = req.headers["stripe-signature"];\n  if (!sig) return res.status(400).end();\n  HOW\n'
    "  await orders.settle(event);\n  res.end();\n});\n"
)


@pytest.mark.parametrize(
    ("how", "guard"),
    [
        ("const event = req.body;", "open"),
        ("const event = stripe.webhooks.constructEvent(req.body, sig, SECRET);", "guarded"),
        ("if (sign(req.body) !== sig) return res.status(400).end();", "guarded"),
        ("const event = await hooks.verify(req.body, sig);", "guarded"),
    ],
)
def test_a_signature_that_nobody_looks_at_is_no_guard(how: str, guard: str) -> None:
    """That a signature was sent says nothing; what is made of it does."""
    assert guards({"server.js": _HOOK.replace("HOW", how)}) == {"POST /webhook": guard}


_RUN = (
    "const { error } = await db.rpc('run', { sql: `CREATE TABLE IF NOT EXISTS notes (id uuid PRIMARY KEY, note text,"
    " owner uuid); CREATE POLICY own ON notes USING (owner = auth.uid())` });"
)


@pytest.mark.parametrize(
    "run",
    [
        'const { error } = await getSupabaseAdmin().rpc("tidy");',
        _RUN,
    ],
)
def test_an_error_of_the_database_is_nobody_turned_away(run: str) -> None:
    """The client that acts as the administrator, and words of SQL, ask nobody who they are."""
    body = f"  {run}\n  if (error) {{\n    return Response.json({{ error }});\n  }}\n  return Response.json({{}});\n"
    files = {"app/api/tidy/route.ts": "export async function POST(req) {\n" + body + "}\n"}
    assert guards(files) == {"POST /api/tidy": "open"}


@pytest.mark.parametrize(
    ("who", "guard"),
    [
        ("const one = await store.getUser(req.body.senderId);", "open"),
        ("const { senderId } = req.body;\n  const one = await store.getUser(senderId);", "open"),
        ("const one = await store.getUser(req.session.userId);", "guarded"),
        ("const one = await store.getUserByToken(req.query.token);", "guarded"),
    ],
)
def test_who_the_request_names_is_not_who_asks(who: str, guard: str) -> None:
    """Anybody can name an administrator in the body."""
    text = (
        'const app = require("express")();\napp.post("/notices", async (req, res) => {\n'
        f'  {who}\n  if (one.role !== "admin") return res.status(403).end();\n  await notices.create({{}});\n'
        "  res.end();\n});\n"
    )
    assert guards({"server.js": text}) == {"POST /notices": guard}
