"""Serverless functions as routes, and what guards them."""

from __future__ import annotations

from checks.check import Example
from checks.example import run_example
from checks.exposure import open_route
from tests.checks.facts.routes.route_facts import guards

SERVE = (
    "Deno.serve(async (req) => {\n  await supabase.from('x').insert(await req.json());\n"
    "  return new Response('ok');\n});\n"
)
CHECKED = (
    'import { serve } from "https://deno.land/std/http/server.ts";\nserve(async (req) => {\n'
    "  const auth = req.headers.get('Authorization');\n  if (!auth) throw new Error('none');\n"
    "  return new Response('ok');\n});\n"
)


def test_supabase_functions_are_open_behind_a_public_key_or_guarded() -> None:
    """A function is open where its gateway asks for no key, and little better where it asks for the public one."""
    files = {
        "supabase/functions/send-mail/index.ts": SERVE,
        "supabase/functions/charge/index.ts": SERVE,
        "supabase/functions/own/index.ts": CHECKED,
        "supabase/functions/_shared/index.ts": SERVE,
        "supabase/config.toml": 'project_id = "x"\n[functions.send-mail]\nverify_jwt = false\n'
        "[functions.charge]\nverify_jwt = true\n[functions.own]\nverify_jwt = false\n",
    }
    assert guards(files) == {
        "POST /functions/v1/send-mail": "open",
        "POST /functions/v1/charge": "behind",
        "POST /functions/v1/own": "guarded",
    }
    told = {finding.identity: finding.blocking for finding in run_example(open_route.check, Example(files)).findings}
    assert told == {"POST /functions/v1/send-mail": True, "POST /functions/v1/charge": False}


def test_vercel_serves_its_api_folder_only_where_it_deploys() -> None:
    """Files under api/ that export a handler are routes of a Vercel project, and of no other."""
    handler = "export default async function handler(req, res) {\n  await db.x.create(req.body);\n  res.end();\n}\n"
    files = {
        "api/orders/[id].ts": handler,
        "api/_lib.ts": handler,
        "src/api/client.ts": "export const get = () => 1;\n",
    }
    assert guards(files | {"vercel.json": "{}"}) == {"ANY /api/orders/[id]": "open"}
    assert guards(files) == {}


def test_firebase_and_netlify_functions_are_routes() -> None:
    """Firebase's onRequest answers anybody, onCall anybody unless its body asks, and Netlify serves what it exports."""
    files = {
        "functions/index.js": 'const { onRequest, onCall, HttpsError } = require("firebase-functions/v2/https");\n'
        "exports.a = onRequest(async (req, res) => { await save(req.body); });\n"
        "exports.b = onCall(async (request) => { if (!request.auth) throw new HttpsError('unauthenticated'); });\n",
        "netlify/functions/mail.js": "exports.handler = async (event) => {\n  await send(event.body);\n};\n",
    }
    assert guards(files) == {"ANY /a": "open", "POST /b": "guarded", "ANY /.netlify/functions/mail": "open"}
