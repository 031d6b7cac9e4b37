"""
Pages of any other site may call the app and read what it answers.

A browser keeps one site's scripts from reading another's answers, unless the other says so (CORS). An app that says so
to everybody gives up that protection: whoever gets a colleague to open a page can use the app from that colleague's
browser, inside the company's network, and where the browser sends a login cookie along, in their name.

With cookies, or where routes answer without a login, this holds the app back. A star for public data, or for an app
whose callers send a token in a header, does little harm: it is told as advice.

## How to fix
Name the pages that may call the app (`https://app.example.com`) in a setting, and nothing else; leave CORS out where
pages and API come from the same address. Never answer with the caller's own origin unless it stands in that list.

## Fix prompt
This app lets the pages of any site read its answers (the places are listed below). Replace the star, `origin: true` or
the echoed Origin header by a list of exact origins that is read from an environment variable (`ALLOWED_ORIGINS`, parted
by commas) and is empty when nothing is set, so that only pages of the same origin may call it. Keep credentials off
unless the app signs people in with cookies. In Supabase functions answer with the app's own address instead of `*`.
Add a test that a request with an unknown Origin gets no Access-Control-Allow-Origin header. Change nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment
from checks.facts.neighbours import is_set_aside, same_app
from checks.facts.routes.harm import harm_of
from checks.facts.routes.public_routes import Leave, public_by_design
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served
from checks.facts.tier import is_for_development
from checks.facts.web.cookies import Cookies
from checks.facts.web.cors import OpenOrigins, OriginsInFile
from checks.facts.web.open_origin import OpenOrigin
from checks.facts.web.origins import Origins
from checks.model import Confidence, Finding, Placement, Severity

_MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_CHANGES = frozenset({"writes", "stores", "destroys", "runs", "service_role"})
_SAID = {
    Origins.ANY: "pages of any site may read the answers",
    Origins.REFLECTED: "every site that asks is let in by name",
    Origins.PART: "it lets in every page whose address holds a certain text, and others can get such an address",
    Origins.DEFAULT: "pages of any site may read the answers unless a variable says otherwise",
}
_FASTAPI = "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\napp = FastAPI()\n"
_FUNCTION = (
    "const corsHeaders = {\n  'Access-Control-Allow-Origin': '*',\n"
    "  'Access-Control-Allow-Headers': 'content-type',\n};\n"
    "Deno.serve(async (req) => {\n  const { prompt } = await req.json();\n"
    "  const answer = await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body: prompt });\n"
    "  return new Response(answer.body, { headers: corsHeaders });\n});\n"
)

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "main.py": _FASTAPI
                + 'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n'
                "@app.post('/login')\ndef login(response):\n    response.set_cookie('session', make(), httponly=True)\n"
            },
            says="with their login cookie",
            line=4,
        ),
        Bad(
            {
                "server/index.ts": 'import cors from "cors";\nimport session from "express-session";\n'
                "const app = express();\n"
                "app.use(cors({ origin: true, credentials: true }));\n"
            },
            says="with their login cookie",
            line=4,
        ),
        Bad(
            {
                "app.py": "from flask import Flask\nfrom flask_cors import CORS\napp = Flask(__name__)\nCORS(app)\n"
                "@app.post('/orders')\ndef add():\n    db.session.commit()\n    return 'ok'\n"
            },
            says="POST /orders",
            line=4,
        ),
        Bad(
            {
                "supabase/functions/ask/index.ts": _FUNCTION,
                "supabase/config.toml": "[functions.ask]\nverify_jwt = false\n",
            },
            says="your account pays",
            line=2,
        ),
        Bad({"supabase/functions/ask/index.ts": _FUNCTION}, says="any site", line=2),  # advice
        Bad(
            {
                "vercel.json": '{"headers": [{"source": "/api/(.*)", "headers": [\n'
                '  {"key": "Access-Control-Allow-Origin", "value": "*"}]}]}\n'
            },
            line=2,
        ),
        Bad({"mysite/settings.py": "CORS_ALLOW_ALL_ORIGINS = True\n"}, line=1),
        Bad({"server.js": "const io = new Server(server, { cors: { origin: '*' } });\n"}, says="socket", line=1),
        Bad({"app.py": "socketio = SocketIO(app, cors_allowed_origins='*')\n"}, line=1),
        Bad({".streamlit/config.toml": "[server]\nenableCORS = false\n"}, line=2),
        Bad({"main.ts": "const app = await NestFactory.create(AppModule);\napp.enableCors();\n"}, line=2),
        Bad(  # advice
            {"app.yaml": "runtime: python311\nentrypoint: streamlit run app.py --server.enableCORS false\n"}, line=2
        ),
        Bad(  # advice
            {
                "server.js": "app.use((req, res, next) => {\n  const origin = req.headers.origin;\n"
                "  if (origin && origin.includes('.replit.dev')) {\n"
                "    res.setHeader('Access-Control-Allow-Origin', origin);\n  }\n  next();\n});\n"
            },
            says="holds a certain text",
            line=3,
        ),
        Good(
            {
                "main.py": _FASTAPI + "app.add_middleware(CORSMiddleware, allow_origins=settings.ORIGINS,"
                " allow_credentials=True)\n"
            }
        ),
        Good(
            {
                "server.ts": "import cors from 'cors';\nconst allowed = ['https://app.example.com'];\n"
                "app.use(cors({ origin: (origin, done) => allowed.includes(origin) ? done(null, true)"
                " : done(new Error('no')), credentials: true }));\n"
            }
        ),
        Good(
            {
                "middleware.ts": "const origin = req.headers.get('origin');\nif (allowed.includes(origin)) {\n"
                "  res.headers.set('Access-Control-Allow-Origin', origin);\n}\n"
            }
        ),
        Good(
            {
                "app.ts": "import cors from 'cors';\napp.use(cors({ origin: process.env.NODE_ENV === 'production'"
                " ? process.env.APP_URL : '*' }));\n"
            }
        ),
        Good({"app.py": "from flask_cors import CORS\nCORS(app, origins=['https://app.example.com'])\n"}),
    ),
)


@check.detect
def detect(
    origins: OpenOrigins, cookies: Cookies, routes: Routes, deployment: Deployment, _others: OtherLanguages
) -> Iterator[Finding]:
    """Yield each place that lets any site in: it holds the app back where that does harm for sure."""
    anonymous = [route for route in routes.served if _anonymous(route)]
    for path, part in sorted(origins.files.items()):
        for each in part.origins:
            near = [route for route in anonymous if _reaches(path, each, route.file)]
            sign_in = any(same_app(path, file, settings=each.way == "django") for file in cookies.sign_in)
            own = not (deployment.is_library or is_for_development(path) or is_set_aside(path))
            harm = _harm(path, part, each, near, routes, sign_in=sign_in) if own else ""
            yield Finding(
                _message(each, harm),
                path=path,
                line=each.line,
                kind=each.way,
                severity=Severity.HIGH if harm else Severity.MEDIUM if each.credentials else Severity.LOW,
                confidence=Confidence.HIGH if harm else Confidence.MEDIUM,
                blocking=bool(harm),
                source=each.shape,
            )


def _anonymous(route: Served) -> bool:
    """Whether anybody can change something through *route* without a login, against what its path promises."""
    harm = harm_of(route)
    open_ = route.guard == "open" and route.method in _MUTATING and route.resolved
    if route.framework == "Next.js action":
        return False  # Next.js compares the Origin of a call with its own
    return (
        open_
        and "development" not in route.traits
        and not _CHANGES.isdisjoint(route.traits)
        and harm is not None
        and harm.blocks
        and public_by_design(route) is Leave.NO
    )


def _reaches(path: str, each: OpenOrigin, file: str) -> bool:
    """Whether what *each* in *path* says holds for *file*, which may belong to another app of the repository."""
    return file == path or (each.whole and same_app(path, file, settings=each.way == "django"))


def _harm(
    path: str, part: OriginsInFile, each: OpenOrigin, near: list[Served], routes: Routes, *, sign_in: bool
) -> str:
    """Return what *each* lets other sites do for sure, or an empty string."""
    if each.origins in {Origins.DEFAULT, Origins.PART}:
        return ""
    if each.credentials and sign_in:
        return "it makes visitors' browsers call the app with their login cookie and reads what comes back"
    if each.way == "socket":
        return ""
    open_here = (route for route in routes.served if route.file == path and route.guard == "open")
    if part.paid and any(public_by_design(route) is Leave.NO for route in open_here):
        return "this function asks for no login and calls a paid service: your account pays for every call"
    if near:
        more = f" and {len(near) - 1} more ask" if len(near) > 1 else " asks"
        return f"{near[0].method} {near[0].path}{more} for no login, so any page can use it from a visitor's browser"
    return ""


def _message(each: OpenOrigin, harm: str) -> str:
    said = _SAID[Origins(each.origins)]
    what = f"{'The socket' if each.way == 'socket' else 'CORS'} is open: {said}"
    if harm:
        return f"{what}, and {harm}"
    if each.credentials:
        return f"{what}, with cookies as well; no login by cookie was found, so this is advice"
    return what
