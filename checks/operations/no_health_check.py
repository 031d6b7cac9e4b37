"""
Nothing can ask the app whether it is well.

A server needs a route that answers without a login and without side effects (`/health`, `/healthz`, `/ready`), or a
container health check or a host's setting that does the asking. Without one the platform keeps sending people to a
process that hangs, a deployment that cannot start replaces one that worked, and whoever is paged starts by guessing.

It is advice: well-run software comes without one too, and a host may ask for any page. An app of pages and functions
alone (Vite with Supabase, say) runs no server of its own, but what it calls can fail as well, and nobody is told.

## How to fix
Add a GET route `/health` that answers 200 quickly, and name it where the app runs: HEALTHCHECK in the Dockerfile, a
probe in Kubernetes, healthCheckPath or its like at the host. Let it say no when the database cannot be reached. Where
there is no server, add one function that does so, and let an uptime service ask it every few minutes.

## Fix prompt
Add a health check to this app: a GET route `/health` without authentication that runs one trivial database query if the
app has a database, answers 200 with {"status": "ok"} when that works and 503 when it does not, within two seconds, and
returns no configuration or versions. Without a server, make it a function of the platform (a Supabase edge function
`health`, say) that reads one row of a public table. Then point the deployment or an uptime service at it (HEALTHCHECK
in the Dockerfile, readinessProbe, or the host's health check path), and add a test for both answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment
from checks.facts.health_probes import HealthProbes
from checks.facts.routes.routes import Routes
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_HEALTH = re.compile(
    r"/_*(?:health\w*|health-?check\w*|ready\w*|readiness|live|livez|liveness|alive|ping|status|up|heartbeat|_stcore)"
    r"(?:/(?:db|live|ready|liveness|readiness|startup|check))?/?",
    re.IGNORECASE,
)
#: The status of a payment or a connection, not of the app.
_OF_SOMETHING = re.compile(
    r"/(?!(?:api|v\d+|server|system|app|public|internal|service|bot)/)[\w-]+/(?:status|live|up)/?$", re.IGNORECASE
)
#: These answer by themselves.
_OWN = {"streamlit": "Streamlit answers /_stcore/health itself"}
_SERVER = "no health check: no route such as GET /health, and nothing at the container or the host asks the app"
_PAGES = (
    "no health check: the app is pages and functions alone, and no address tells whether what they call (the database, "
    "the functions) works; nobody is told when it does not"
)
_APP = "from fastapi import FastAPI\napp = FastAPI()\n"

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad({"main.py": _APP + "@app.get('/items')\ndef items(): ...\n"}, says="no health check"),
        Bad(  # of an admin's storage, behind a login
            {
                "app/api/admin/storage/health/route.ts": 'import { auth } from "@/auth";\n'
                "export async function GET() {\n  const session = await auth();\n"
                "  if (!session) return new Response(null, { status: 401 });\n  return Response.json({});\n}\n"
            },
            says="no health check",
        ),
        Good({"main.py": _APP + "@app.get('/healthz')\ndef health(): ...\n"}),
        Good({"main.py": _APP + "@app.get('/items')\ndef items(): ...\n", "Dockerfile": "HEALTHCHECK CMD curl -f /\n"}),
        Bad({"main.py": _APP + "@app.get('/items')\ndef items(): ...\n", "Dockerfile": "HEALTHCHECK NONE\n"}),
        Bad(  # the database is asked, the app is not
            {
                "main.py": _APP + "@app.get('/items')\ndef items(): ...\n",
                "compose.yaml": "services:\n  db:\n    healthcheck:\n      test: pg_isready\n",
            }
        ),
        Bad({"server.js": 'const app = require("express")();\napp.post("/ping/:id", ping);\n'}),
        Bad({"server.js": 'const app = require("express")();\napp.get("/api/stripe/status", show);\n'}),
        Good({"app/api/health/route.ts": "export async function GET() {\n  return Response.json({});\n}\n"}),
        Good({"deploy/app.yaml": "spec:\n  readinessProbe:\n    httpGet: {path: /}\n", "Procfile": "web: x\n"}),
        Bad({"Procfile": "web: ./serve\n"}),
        Bad(  # pages that call a service: no server of its own, and nobody hears when the service fails
            {
                "package.json": '{"private": true, "scripts": {"dev": "vite"}, "devDependencies": {"vite": "^5"}}',
                "src/App.tsx": "export const App = () => supabase.from('notes').select();\n",
            },
            says="pages",
        ),
        Bad(  # Streamlit answers for itself, not for the API beside it
            {
                "main.py": _APP + "@app.get('/items')\ndef items(): ...\n",
                "ui.py": "import streamlit as st\nst.title('Items')\n",
            },
            says="no health check",
        ),
        Bad(  # it would answer, and nobody asks
            {"app.py": "import streamlit as st\nst.title('Items')\n", "Dockerfile": "FROM python\nEXPOSE 8501\n"},
            says="nothing asks",
        ),
        Good({"app.py": "import streamlit as st\nst.title('Items')\n"}, outcome=Outcome.NOT_APPLICABLE),
        Good({"lib.py": "def add(a, b):\n    return a + b\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(routes: Routes, probes: HealthProbes, deployment: Deployment, others: OtherLanguages) -> Iterator[Finding]:
    """Yield one finding where the app serves and nothing asks it how it is."""
    if deployment.is_library:
        raise NotApplicable("a library or command line that others install: whoever runs it asks it")
    # What asks for a login answers no machine: a page of an admin's is no health check.
    if any(
        route.method in {"GET", "ANY"} and route.guard != "guarded" and _is_health(route.path)
        for route in routes.served
    ):
        return
    if probes.asking or routes.health:
        return
    others_serve = [name for name in routes.servers if name not in _OWN]
    asked = [route for route in routes.served if route.framework.lower() not in _OWN]
    own = next((_OWN[name] for name in routes.servers if name in _OWN), None)
    if own is not None and not asked and not others_serve:
        if not probes.serving:
            raise NotApplicable(own)
        yield Finding(
            f"{own}, but nothing asks it: {probes.serving[0]} has no HEALTHCHECK, and no other file asks",
            path=probes.serving[0],
            confidence=Confidence.MEDIUM,
            blocking=False,
            identity="nobody asks",
        )
        return
    running = probes.serving or any(route.framework != "function" for route in asked)
    if not asked and not probes.serving:
        if others_serve:
            raise NotChecked(f"it serves HTTP with {', '.join(others_serve[:3])}, but none of its routes could be read")
        if not deployment.pages:
            raise NotApplicable("no server: nothing that was read answers HTTP requests")
    if not routes.served and others.files and probes.serving:
        return  # the route may stand in what was not read
    yield Finding(
        _SERVER if running else _PAGES,
        confidence=Confidence.MEDIUM if running else Confidence.LOW,
        blocking=False,
        identity="no health check",
    )


def _is_health(path: str) -> bool:
    """Whether *path* ends in a health check's name; `/orders/:id/status` speaks of an order."""
    if _OF_SOMETHING.search(path):
        return False
    return not re.search(r"[{<:\[]", path) and re.search(_HEALTH.pattern + r"$", path, re.IGNORECASE) is not None
