"""Which routes spend money, and what counts as a limit."""

from __future__ import annotations

import pytest

from checks.example import facts_of
from checks.fact import needed
from checks.facts.flows.paid_routes import PaidRoutes

_HANDLER = (
    'import OpenAI from "openai";\nconst openai = new OpenAI();\nexport async function POST(req: Request) {\n'
    '  const { q } = await req.json();\n  BEFORE\n  const r = await openai.chat.completions.create({ model: "m" });\n'
    "  AFTER\n  return Response.json(r);\n}\n"
)


def _paid(files: dict[str, str]) -> list[tuple[str, str, bool]]:
    fact = facts_of(files, None, needed((PaidRoutes,)).values()).get(PaidRoutes).value
    assert isinstance(fact, PaidRoutes)
    return [(one.route.path, one.call.service, one.limited) for one in fact.routes]


@pytest.mark.parametrize(
    ("before", "limited"),
    [
        ("", False),
        ("await limiter.check(req);", True),
        ('const { count } = await supabase.from("ai_usage").select();', True),
        ("if (user.credits < 1) return new Response('no', { status: 402 });", True),
        ("// TODO: rate limit", False),
        ('const note = "rate limit exceeded";', False),
        ("const max_tokens = 100;", False),
        ("if (error instanceof RateLimitError) throw error;", False),
    ],
)
def test_a_limit_is_what_counts(before: str, limited: bool) -> None:
    """Code that counts calls is a limit; comments, messages and how another service's refusal is handled are none."""
    text = _HANDLER.replace("BEFORE", before).replace("AFTER", "")
    assert _paid({"app/api/ask/route.ts": text}) == [("/api/ask", "OpenAI", limited)]


def test_the_refusal_of_a_gateway_is_no_limit() -> None:
    """Handling the 429 of the service that is asked does not limit who asks."""
    after = 'if (r.status === 429) return new Response("Rate limits exceeded, add credits", { status: 429 });'
    assert not _paid({"app/api/ask/route.ts": _HANDLER.replace("AFTER", after).replace("BEFORE", "")})[0][2]


def test_a_limiter_before_all_routes_or_one() -> None:
    """A limiter is found where the route is registered, and where it stands before all of them."""
    ask = 'app.post("/ask", MIDDLE async (req, res) => res.json(await openai.chat.completions.create({})));\n'
    head = (
        'const rateLimit = require("express-rate-limit");\nconst OpenAI = require("openai");\n'
        'const app = require("express")();\nconst openai = new OpenAI();\nconst guard = rateLimit({ max: 5 });\n'
    )
    assert not _paid({"server.js": head + ask.replace("MIDDLE", "")})[0][2]
    assert _paid({"server.js": head + "app.use(guard);\n" + ask.replace("MIDDLE", "")})[0][2]
    assert _paid({"server.js": head + ask.replace("MIDDLE", "aiLimiter,")})[0][2]


def test_an_address_that_stands_in_a_constant() -> None:
    """A call of an address that a constant holds is one of its service."""
    text = (
        'const URL = "https://api.anthropic.com/v1/messages";\nexport async function POST(req: Request) {\n'
        "  return fetch(URL, { method: 'POST', body: await req.text() });\n}\n"
    )
    assert _paid({"app/api/ask/route.ts": text}) == [("/api/ask", "Anthropic", False)]


def test_a_model_on_ones_own_machine_is_free() -> None:
    """Asking a model on localhost costs nobody anything."""
    text = "export async function POST(req: Request) {\n  return fetch('http://localhost:11434/api/chat');\n}\n"
    assert not _paid({"app/api/ask/route.ts": text})


def test_a_streamlit_page_that_calls_a_model_in_another_file() -> None:
    """A page is followed into the functions it imports; the finding stands where the page calls them."""
    page = "import streamlit as st\nfrom llm import answer\nif q := st.chat_input():\n    st.write(answer(q))\n"
    model = "import google.generativeai as genai\ndef answer(q):\n    return model.generate_content(q).text\n"
    fact = facts_of({"app.py": page, "llm.py": model}, None, needed((PaidRoutes,)).values()).get(PaidRoutes).value
    assert [(one.path, one.call.line, one.gated) for one in fact.pages] == [("app.py", 4, False)]


_GATE = "export function rateLimit(key) {\n  hits.set(key, 1);\n  return hits.get(key) > 9;\n}\n"
_OWN = "export function middleware(request) {\n  if (rateLimit(request.ip)) return new Response('');\n}\n"


@pytest.mark.parametrize(
    ("path", "text", "limited"), [("server/middleware.ts", "", False), ("middleware.ts", _OWN, True)]
)
def test_a_limiter_that_nothing_uses_limits_nothing(path: str, text: str, limited: bool) -> None:
    """Only what Next calls before every route limits them all; a helper in a file of that name may lie unused."""
    route = _HANDLER.replace("BEFORE", "").replace("AFTER", "")
    assert _paid({"app/api/ask/route.ts": route, path: _GATE + text}) == [("/api/ask", "OpenAI", limited)]


def test_a_limiter_before_one_router_limits_its_routes_alone() -> None:
    """`router.use(limiter)` counts for the file that says so."""
    head = (
        'const OpenAI = require("openai");\nconst openai = new OpenAI();\nconst router = require("express").Router();\n'
    )
    ask = 'router.post("/", async (req, res) => res.json(await openai.chat.completions.create({})));\n'
    limit = 'const limiter = require("express-rate-limit")({ max: 5 });\nrouter.use(limiter);\n'
    files = {
        "server.js": 'const app = require("express")();\n'
        'app.use("/a", require("./a"));\napp.use("/b", require("./b"));\n',
        "a.js": f"{head}{limit}{ask}module.exports = router;\n",
        "b.js": f"{head}{ask}module.exports = router;\n",
    }
    assert _paid(files) == [("/a/", "OpenAI", True), ("/b/", "OpenAI", False)]


def test_a_stand_in_costs_nothing() -> None:
    """What is called a mock of a service asks nobody."""
    text = _HANDLER.replace("BEFORE", "").replace("AFTER", "").replace("await openai.", "await mockOpenAI.")
    assert _paid({"app/api/ask/route.ts": text}) == []


@pytest.mark.parametrize(("module", "found"), [("ai", [("/api/ask", "a language model", False)]), ("./rhymes", [])])
def test_a_function_of_ones_own_may_have_a_sdks_name(module: str, found: list[tuple[str, str, bool]]) -> None:
    """`generateText` is the SDK's where something of models is imported."""
    text = (
        f'import {{ generateText }} from "{module}";\nexport async function POST(req) {{\n'
        "  return Response.json(await generateText({ prompt: await req.text() }));\n}\n"
    )
    rhymes = "export const generateText = (one) => one.prompt.toUpperCase();\n"
    assert _paid({"app/api/ask/route.ts": text, "app/api/ask/rhymes.ts": rhymes}) == found
