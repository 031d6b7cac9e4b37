"""
A call to another server sets no limit of time.

Most clients set no limit of their own: `requests`, `urlopen` and `axios` wait as long as the other side keeps the
connection open, and Node's `fetch` waits five minutes. One slow service then holds every worker of the app, and the
app stands still although nothing in it is broken.

It is advice: one finding a file, at the first of its calls. Clients that bring a limit (httpx, aiohttp, the SDKs of
OpenAI and Anthropic) are no finding unless the limit is switched off.

## How to fix
Give each call a limit: `requests.get(url, timeout=10)`, `axios.create({ timeout: 10_000 })`,
`fetch(url, { signal: AbortSignal.timeout(10_000) })`. Decide what the user sees when it is reached.

## Fix prompt
Give every outbound call of this app a time limit (the places are listed below): timeout=10 for requests and urlopen, a
timeout in one shared axios instance, `signal: AbortSignal.timeout(10_000)` for fetch on the server. Use longer limits
only for calls to language models and uploads, and write down why. Catch the timeout where the call is made and answer
with 504 or a clear message. Retry at most twice, with a growing pause, and only calls that change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment
from checks.facts.operations.outbound_calls import OutboundCalls
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_SHOWN = 5  # lines named in one message

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad(
            {
                "weather.py": "import requests\n\n\ndef weather(city):\n"
                "    response = requests.get(f'https://api.example.com/{city}')\n    return response.json()\n"
            },
            says="requests.get",
            line=5,
        ),
        Bad(
            {
                "app/api/ask/route.ts": "export async function POST(req) {\n"
                "  const res = await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body });\n"
                "  return Response.json(await res.json());\n}\n"
            },
            says="fetch",
            line=2,
        ),
        Bad(
            {"server/pay.js": "const axios = require('axios');\nawait axios.post(process.env.PAY_URL, data);\n"}, line=2
        ),
        Bad({"llm.py": "import httpx\nclient = httpx.Client(timeout=None)\n"}, says="httpx.Client", line=2),
        Good({"weather.py": "import requests\nrequests.get('https://api.example.com', timeout=10)\n"}),
        Good({"server/pay.js": "await fetch(url, { signal: AbortSignal.timeout(5000) });\n"}),
        Good({"server/pay.js": "const api = axios.create({ baseURL: url, timeout: 5000 });\nawait api.get('/x');\n"}),
        Good({"server/http.js": "axios.defaults.timeout = 5000;\n", "server/pay.js": "axios.get(process.env.URL);\n"}),
        Good({"src/page.tsx": "const load = () => fetch('https://api.example.com');\n"}),
        Good({"llm.py": "import httpx\nhttpx.get('https://api.example.com')\n"}),
        Good(
            {
                "pyproject.toml": '[project]\nname = "x"\nclassifiers = ["Topic :: Internet"]\n',
                "x.py": "import requests\n",
            },
            outcome=Outcome.NOT_APPLICABLE,
        ),
    ),
)


@check.detect
def detect(calls: OutboundCalls, deployment: Deployment, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield one advice for each file that calls another server without a limit of time."""
    if deployment.is_library:
        raise NotApplicable("a library or command line that others install: they set its limits")
    for path, waiting in calls.files.items():
        first = waiting[0]
        lines = ", ".join(str(each.line) for each in waiting[1 : _SHOWN + 1])
        more = f" (and {len(waiting) - 1} more: line {lines})" if len(waiting) > 1 else ""
        yield Finding(
            f"{first.call} sets no limit of time{more}",
            path=path,
            line=first.line,
            kind=first.call,
            confidence=Confidence.MEDIUM,
            blocking=False,
            source=first.call,
        )
