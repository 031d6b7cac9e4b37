"""
A route spends money on every call, and nothing limits who calls it or how often.

Each route is followed through the functions it calls to what costs money: a language model, SMS, mail, payments. One
that answers without a login and without any limit holds the app back; one that asks who is there but counts nothing is
told as advice. A limit is a rate limiter, a quota, credits or a plan that is checked on the way. A key that the caller
brings is their own money.

Bots look for open model endpoints and resell them. The bill comes at the end of the month, and the key is blocked for
everybody when the quota is used up.

## How to fix
1. Ask for a login on the route; the public key of a Supabase project is in every visitor's browser and is none.
2. Count calls for each user and address, and answer 429 above a number that a person needs
   (`slowapi`, `express-rate-limit`, `@upstash/ratelimit`, a table of usage).
3. Cap what one call can cost (length of the text, `max_tokens`), and set a spending limit at the provider.

## Fix prompt
The routes listed below call a paid API and let anybody call them without end. For each: require a signed-in user on the
server (answer 401 otherwise), add a rate limit per user and per address that answers 429 with Retry-After, cap the
length of the input and the number of tokens of the answer, and keep the provider's key on the server. Use the limiter
that fits this stack, with storage that all instances share. Add a test that the call after the last allowed one is
answered 429.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.flows.paid_routes import PaidPage, PaidRoute, PaidRoutes
from checks.facts.tier import is_run_by_hand
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_COSTS = {
    "model": "calls {}, which costs money for each word",
    "sms": "sends SMS through {}, which costs money each time",
    "mail": "sends mail through {}",
    "maps": "asks {}, which costs money each time",
    "data": "asks {}, which counts or costs each call",
    "payment": "calls {}",
}
#: Asks whether a service answers, with the smallest of calls.
_PROBE = re.compile(r"/(?:status|health|check|test|ping)(?:[-_/]\w+)?/?$", re.IGNORECASE)
_ANYONE = frozenset({"open", "behind"})

_GATEWAY = (
    "Deno.serve(async (req) => {\n  const { messages } = await req.json();\n"
    '  const response = await fetch("https://ai.gateway.lovable.dev/v1/chat/completions", {\n    method: "POST",\n'
    '    headers: { Authorization: `Bearer ${Deno.env.get("LOVABLE_API_KEY")}` },\n'
    '    body: JSON.stringify({ model: "google/gemini-2.5-flash", messages }),\n  });\n'
    '  if (response.status === 429) return new Response("Rate limits exceeded", { status: 429 });\n'
    "  return new Response(response.body);\n});\n"
)
_ROUTE = (
    'import { openai } from "@ai-sdk/openai";\nimport { streamText } from "ai";\n\n'
    "export async function POST(req: Request) {\n  const { messages } = await req.json();\n"
    '  const result = streamText({ model: openai("gpt-4o"), messages });\n'
    "  return result.toDataStreamResponse();\n}\n"
)
_PLACES = (
    "Deno.serve(async (req) => {\n  const { input } = await req.json();\n"
    "  const url = `https://maps.googleapis.com/maps/api/place/autocomplete/json?input=${input}&key="
    '${Deno.env.get("GOOGLE_MAPS_KEY")}`;\n'
    "  const answer = await fetch(url);\n  return new Response(answer.body);\n});\n"
)
_IN_BROWSER = (
    'import OpenAI from "openai";\n'
    "const client = new OpenAI({\n  apiKey: import.meta.env.VITE_OPENAI_API_KEY, dangerouslyAllowBrowser: true });\n"
    "export const ask = (text: string) =>\n"
    '  client.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: text }] });\n'
)

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad({"app/api/chat/route.ts": _ROUTE}, says="POST /api/chat", line=4),
        Bad({"supabase/functions/chat/index.ts": _GATEWAY}, says="the Lovable AI gateway", line=1),
        Bad(
            {
                "main.py": "from fastapi import FastAPI\nfrom services.ai import answer\napp = FastAPI()\n"
                "@app.post('/ask')\ndef ask(question: str):\n    return answer(question)\n",
                "services/ai.py": "from openai import OpenAI\nclient = OpenAI()\ndef answer(text):\n"
                "    return client.chat.completions.create(model='gpt-4o', messages=[\n"
                "        {'role': 'user', 'content': text}])\n",
            },
            says="POST /ask calls OpenAI",
        ),
        Bad(
            {
                "app.py": "import streamlit as st\nfrom openai import OpenAI\nclient = OpenAI()\n"
                "question = st.text_input('Ask')\nif question:\n"
                "    st.write(client.chat.completions.create(model='gpt-4o', messages=[]))\n"
            },
            says="anyone who opens the page",
            line=6,
        ),
        Bad(  # advice: what is counted is another thing, deep beside the call
            {
                "server.js": 'const express = require("express");\nconst OpenAI = require("openai");\n'
                'const { welcome } = require("./notices");\nconst client = new OpenAI();\nconst app = express();\n'
                'app.post("/draft", async (req, res) => {\n  await welcome(req.body.id);\n'
                '  res.json(await client.chat.completions.create({ model: "gpt-4o", messages: [] }));\n});\n',
                "notices.js": "function checkRateLimit(id) {\n  return rateLimit.has(id);\n}\n"
                "function push(id) {\n  return checkRateLimit(id);\n}\n"
                "function welcome(id) {\n  return push(id);\n}\nmodule.exports = { welcome };\n",
            },
            says="what counts calls stands beside it only",
            line=6,
        ),
        Bad(  # Genkit: a prompt that is defined is called like a function
            {
                "src/app/actions.ts": '"use server";\nimport { draftPost } from "@/ai/flows/draft-post";\n'
                "export async function draftPostAction(topic: string) {\n  return draftPost({ topic });\n}\n",
                "src/app/page.tsx": '"use client";\nimport { draftPostAction } from "./actions";\n',
                "src/ai/flows/draft-post.ts": 'import { ai } from "@/ai/genkit";\n'
                "export async function draftPost(input) {\n  return draftPostFlow(input);\n}\n"
                'const draftPostPrompt = ai.definePrompt({ name: "draftPost", prompt: "Write about {{topic}}" });\n'
                'const draftPostFlow = ai.defineFlow({ name: "draftPostFlow" }, async (input) => {\n'
                "  const { output } = await draftPostPrompt(input);\n  return output;\n});\n",
            },
            says="POST action:draftPostAction calls a language model",
            line=3,
        ),
        Bad(  # advice: a server of one's own stands between
            {
                "app/api/media/route.ts": "const AGENT_SERVICE_URL = process.env.AGENT_SERVICE_URL;\n"
                "export async function POST(req: Request) {\n"
                "  return fetch(`${AGENT_SERVICE_URL}/media/generate-image`, { method: 'POST', body: req.body });\n}\n"
            },
            says="its own service of models",
            line=2,
        ),
        Bad(
            {
                "app/api/search/route.ts": "export async function GET(req: Request) {\n"
                '  const query = new URL(req.url).searchParams.get("q");\n  const url = '
                "`https://www.googleapis.com/customsearch/v1?key=${process.env.GOOGLE_API_KEY}&q=${query}`;\n"
                "  return fetch(url);\n}\n"
            },
            says="asks Google Custom Search",
            line=1,
        ),
        Good(
            {
                "app/api/chat/route.ts": _ROUTE.replace(
                    "  const { messages }", "  await reserveBudget(req);\n  const { messages }"
                )
            }
        ),
        Bad({"supabase/functions/places/index.ts": _PLACES}, says="asks Google Maps", line=1),
        Bad({"src/lib/ai.ts": _IN_BROWSER}, says="with a key that every visitor's browser gets", line=5),
        Bad(
            {
                "server.js": 'const express = require("express");\nconst { sendOtpSms } = require("sms-gate-client");\n'
                "const app = express();\n"
                'app.post("/resend-otp", async (req, res) => {\n'
                "  await sendOtpSms(req.body.phone);\n  res.json({ ok: true });\n});\napp.listen(3000);\n",
            },
            says="POST /resend-otp by the names of what it calls, sends SMS",
            line=4,
        ),
        Bad(
            {
                "app/actions/invite.ts": '"use server";\nimport { Resend } from "resend";\n'
                'import { auth } from "@/auth";\nconst resend = new Resend(process.env.RESEND_API_KEY);\n'
                "export async function invite(to: string) {\n  const session = await auth();\n"
                '  if (!session) throw new Error("Unauthorized");\n'
                '  await resend.emails.send({ from: "a@b.c", to, subject: "Join us", text: "Hello" });\n}\n',
                "app/page.tsx": 'import { invite } from "./actions/invite";\n'
                "export default function Page() { return <form action={invite} />; }\n",
            },
            says="sends mail through Resend, for everybody who is signed in",
            line=5,
        ),
        Bad(
            {
                "apps/web/app/api/hint/route.ts": 'import { makeHint } from "@acme/ai";\n'
                "export async function POST(req: Request) {\n"
                "  return Response.json(await makeHint(await req.text()));\n}\n",
                "packages/ai/src/hint.ts": 'import { generateText } from "ai";\n'
                "export async function makeHint(prompt: string) {\n"
                '  return (await generateText({ model: "anthropic/claude-sonnet-4", prompt })).text;\n}\n',
            },
            says="POST /api/hint calls a language model",
            line=2,
        ),
        Good(
            {
                "app/api/chat/route.ts": _ROUTE.replace(
                    "  const { messages }",
                    "  const { success } = await ratelimit.limit(ip);\n"
                    '  if (!success) return new Response("Too many requests", { status: 429 });\n  const { messages }',
                )
            }
        ),
        Good(
            {"server.js": 'const app = require("express")();\napp.get("/", (req, res) => res.end("hi"));\n'},
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good({"lib/add.ts": "export const add = (a: number, b: number) => a + b;\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(paid: PaidRoutes, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield the routes and pages that spend money without a limit: those that anyone can call first."""
    if not (paid.routes or paid.pages or paid.shipped):
        raise NotApplicable("no route was found that calls a paid API")
    found = [finding for one in paid.routes if (finding := _of_route(one)) is not None]
    found += [finding for page in paid.pages if (finding := _of_page(page)) is not None]
    found += [_of_browser(one) for one in paid.shipped if one.call.own_key]
    yield from sorted(found, key=lambda one: not one.blocking)


def _of_route(one: PaidRoute) -> Finding | None:
    """Return what is to be said of a route that spends money, or None."""
    route, call = one.route, one.call
    if one.limited or not call.own_key:
        return None
    name = f"{route.method} {route.path}"
    costs = _COSTS[call.what].format(call.service)
    if not call.sure:
        costs = f"by the names of what it calls, {costs}"
    hook = any(word in route.path.lower() for word in ("webhook", "/cron", "callback", "/hooks"))
    if route.guard == "guarded" and (hook or call.what == "payment"):
        return None  # its caller is known, and what it costs is little
    blocking = (
        route.guard in _ANYONE
        and call.what in {"model", "sms"}
        and call.sure
        and not one.aside
        and not hook
        and not (route.method == "GET" and _PROBE.search(route.path) is not None)
        and not route.traits & {"development", "unmet"}
    )
    if route.guard in _ANYONE:
        who = "for anyone" if route.guard == "open" else f"for anyone with {route.by}"
    elif route.guard == "guarded":
        who = "for everybody who is signed in"
    else:
        who = f"and whether it asks for a login is not clear ({route.by})"
    often = "what counts calls stands beside it only" if one.aside else "nothing limits how often"
    return Finding(
        f"{name} {costs}, {who}, and {often}",
        path=route.file,
        line=route.line,
        kind=call.what,
        severity=Severity.HIGH if blocking else Severity.MEDIUM if call.what in {"model", "sms"} else Severity.LOW,
        confidence=Confidence.HIGH if blocking else Confidence.MEDIUM,
        blocking=blocking,
        route=Route(route.method, route.path),
        identity=name,
    )


def _of_browser(one: PaidPage) -> Finding:
    """Return what is to be said of a page that asks a model with a key that it gives to every visitor."""
    return Finding(
        f"This code of the page calls {one.call.service} with a key that every visitor's browser gets: whoever copies "
        "it spends your money without end. Call it from a function on the server",
        path=one.path,
        line=one.call.line,
        kind=one.call.what,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        blocking=False,
        identity=f"browser {one.call.service}",
    )


def _of_page(page: PaidPage) -> Finding | None:
    """Return what is to be said of a Streamlit page that spends money, or None."""
    if page.limited or not page.call.own_key:
        return None
    blocking = not page.gated and not is_run_by_hand(page.path)
    who = "anyone who opens the page can do so without end" if not page.gated else "nothing limits how often"
    return Finding(
        f"This Streamlit page {_COSTS[page.call.what].format(page.call.service)}: {who}",
        path=page.path,
        line=page.call.line,
        kind=page.call.what,
        severity=Severity.HIGH if blocking else Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        blocking=blocking,
        identity=page.call.service,
    )
