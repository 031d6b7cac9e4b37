"""When an open CORS rule is told, and when it holds an app back."""

from __future__ import annotations

import pytest

from checks.check import Bad
from checks.example import run_example
from checks.exposure.permissive_cors import check
from checks.model import Finding

COOKIE = "def login(response):\n    response.set_cookie('session', make(), httponly=True, secure=True)\n"
FASTAPI = (
    "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\napp = FastAPI()\n"
    "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n"
)


def told(files: dict[str, str]) -> list[Finding]:
    """The findings on *files*."""
    return list(run_example(check, Bad(files)).findings)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.ts", "import cors from '@koa/cors';\napp.use(cors());\n", 2),
        ("a.ts", "import cors from '@fastify/cors';\napp.register(cors);\n", 2),
        ("a.ts", "import { cors } from 'hono/cors';\napp.use('*', cors());\n", 2),
        ("a.ts", "const app = await NestFactory.create(AppModule, { cors: true });\n", 1),
        ("a.ts", "app.enableCors({\n  origin: true,\n  credentials: true,\n});\n", 2),
        (
            "a.ts",
            "import cors from 'cors';\nconst corsOptions = {\n  origin: '*',\n};\napp.use(cors(corsOptions));\n",
            3,
        ),
        ("a.js", "res.setHeader('Access-Control-Allow-Origin', '*');\n", 1),
        ("a.js", "headers['Access-Control-Allow-Origin'] = '*';\n", 1),
        ("a.ts", "return new Response('', { headers: { 'access-control-allow-origin': '*' } });\n", 1),
        ("a.ts", "import cors from 'cors';\napp.use(cors({ origin: (o, done) => done(null, true) }));\n", 2),
        ("a.ts", "import cors from 'cors';\napp.use(cors({ origin: process.env.ORIGIN || '*' }));\n", 2),
        (
            "next.config.js",
            "module.exports = { headers: () => [{ key: 'Access-Control-Allow-Origin', value: '*' }] };\n",
            1,
        ),
        ("a.py", "from flask_cors import CORS\nCORS(app, resources={r'/api/*': {'origins': '*'}})\n", 2),
        ("a.py", "from flask_cors import cross_origin\n@cross_origin()\ndef f(): ...\n", 2),
        ("a.py", "response.headers['Access-Control-Allow-Origin'] = '*'\n", 1),
        ("a.py", "self.send_header('Access-Control-Allow-Origin', '*')\n", 1),
        ("config.py", "class Settings(BaseSettings):\n    CORS_ORIGINS: list[str] = ['*']\n", 2),
        ("config.py", "ALLOWED_ORIGINS = os.getenv('ALLOWED_ORIGINS', '*').split(',')\n", 1),
        ("netlify.toml", '[headers.values]\n  Access-Control-Allow-Origin = "*"\n', 2),
        ("public/_headers", "/*\n  Access-Control-Allow-Origin: *\n", 2),
        ("nginx/nginx.conf", "add_header 'Access-Control-Allow-Origin' '*';\n", 1),
    ],
)
def test_every_way_to_let_any_page_in_is_told_at_its_line(path: str, text: str, line: int) -> None:
    """Middlewares, headers, settings and hosts' files are told at the line that sets them, as advice by themselves."""
    (finding,) = told({path: text})
    assert (finding.path, finding.line, finding.blocking) == (path, line, False)


@pytest.mark.parametrize(
    "text",
    [
        "import cors from 'cors';\napp.use(cors({ origin: ['https://a.example'] }));\n",
        "import cors from 'cors';\napp.use(cors({ origin: (o, done) => ok.has(o) ? done(null, true) : done(e) }));\n",
        (
            "const origin = req.headers.origin;\nif (!allowed.includes(origin)) return;\n"
            "res.setHeader('Access-Control-Allow-Origin', origin);\n"
        ),
        "if (process.env.NODE_ENV !== 'production') {\n  app.use(cors({ origin: '*' }));\n}\n",
        "let cors;\nif (isDev) {\n  cors = { origin: '*' };\n}\nnew Server(server, { cors });\n",
        "// res.setHeader('Access-Control-Allow-Origin', '*')\n",
        "const chart = { origin: '*', x: 1 };\n",
    ],
)
def test_a_list_and_what_holds_in_development_alone_are_not_told(text: str) -> None:
    """An origin that is compared first, or let in on a developer's machine only, is no finding."""
    assert told({"a.ts": text}) == []


def test_cookies_make_it_hold_back_only_where_they_belong_to_the_same_app() -> None:
    """Credentials matter where the app signs people in by cookie; another app of the repository does not count."""
    assert [each.blocking for each in told({"main.py": FASTAPI + COOKIE})] == [True]
    assert [each.blocking for each in told({"main.py": FASTAPI})] == [False]
    assert [each.blocking for each in told({"api/main.py": FASTAPI, "shop/views.py": COOKIE})] == [False]


def test_a_star_beside_credentials_is_refused_by_browsers() -> None:
    """Express's cors answers with the star itself, which browsers take for no leave to send cookies."""
    files = {
        "a.ts": "import cors from 'cors';\nimport session from 'express-session';\n"
        "app.use(cors({ origin: '*', credentials: true }));\n"
    }
    assert [each.blocking for each in told(files)] == [False]


def test_a_library_and_a_folder_of_old_code_are_advice() -> None:
    """What others install, and what was set aside, is not served from here."""
    library = {"pyproject.toml": '[project]\nname = "x"\nclassifiers = ["Topic :: Internet"]\n'}
    assert [each.blocking for each in told({"x/main.py": FASTAPI + COOKIE} | library)] == [False]
    assert [each.blocking for each in told({"old_backup/main.py": FASTAPI + COOKIE})] == [False]
