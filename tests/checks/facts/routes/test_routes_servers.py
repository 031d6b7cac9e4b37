"""Routes of the smaller frameworks, of plain servers, and of apps that are one page."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, routes_of, served

TORNADO = (
    "import tornado.web\nclass Base(tornado.web.RequestHandler):\n"
    "    def get_current_user(self):\n        return None\n"
)
LITESTAR = "from litestar import Controller, Litestar, post\nfrom litestar.exceptions import NotAuthorizedException\n"


def test_tornado_reads_tables_and_what_stands_above_a_handler() -> None:
    """Each method of a handler is a route; `authenticated` guards one, a prepare that denies guards all of a class."""
    files = {
        "app.py": TORNADO + "class Notes(Base):\n    def post(self):\n        db.commit()\n"
        "    @tornado.web.authenticated\n    def delete(self):\n        db.commit()\n"
        "class Safe(Base):\n    def prepare(self):\n        if not self.current_user:\n"
        "            raise tornado.web.HTTPError(401)\n    def post(self):\n        db.commit()\n"
        "def make():\n    return tornado.web.Application([(r'/notes', Notes), tornado.web.url(r'/safe', Safe)])\n"
    }
    assert guards(files) == {"POST /notes": "open", "DELETE /notes": "guarded", "POST /safe": "guarded"}


def test_bottle_reads_bare_decorators_and_those_of_an_app() -> None:
    """`@post`, `@app.route(method=...)` and a hook before each request."""
    route = "@post('/notes')\ndef add():\n    db.commit()\n"
    app = "app = Bottle()\n@app.route('/x', method='DELETE')\n@auth_basic(check)\ndef remove():\n    db.commit()\n"
    hook = "@hook('before_request')\ndef first():\n    if not request.get_cookie('user'):\n        abort(401)\n"
    begins = "from bottle import Bottle, abort, auth_basic, hook, post, request\n"
    assert guards({"app.py": begins + route + app}) == {"POST /notes": "open", "DELETE /x": "guarded"}
    assert guards({"app.py": begins + hook + route}) == {"POST /notes": "guarded"}


@pytest.mark.parametrize(
    ("handler", "app", "guard"),
    [
        ("", "", "open"),
        ("", ", guards=[only]", "guarded"),
        (", guards=[only]", "", "guarded"),
        ("", ", on_app_init=[auth.on_app_init]", "guarded"),
    ],
)
def test_litestar_reads_the_guards_of_each_level(handler: str, app: str, guard: str) -> None:
    """A guard of the handler or of the app counts; a controller's path stands before its handlers' paths."""
    files = {
        "app.py": LITESTAR + "def only(connection, _):\n    if not connection.user:\n"
        "        raise NotAuthorizedException()\nclass Notes(Controller):\n    path = '/notes'\n"
        f"    @post('/new'{handler})\n    async def add(self, data: dict) -> None:\n        db.commit()\n"
        f"app = Litestar([Notes]{app})\n"
    }
    assert guards(files) == {"POST /notes/new": guard}


def test_elysia_reads_prefixes_and_what_comes_before() -> None:
    """A plug-in's prefix stands before its paths; onBeforeHandle guards what follows, a macro is doubted."""
    files = {
        "index.ts": 'import { Elysia } from "elysia";\nimport { notes } from "./notes";\n'
        'const app = new Elysia().use(notes).post("/x", ({ body }) => db.x.create({ data: body }), { auth: true })\n'
        "  .onBeforeHandle(({ user, status }) => { if (!user) return status(401); })\n  .listen(3000);\n",
        "notes.ts": 'import { Elysia } from "elysia";\nexport const notes = new Elysia({ prefix: "/notes" })\n'
        '  .delete("/:id", ({ params }) => db.note.delete({ where: { id: params.id } }));\n',
    }
    assert guards(files) == {"POST /x": "unknown", "DELETE /notes/:id": "open"}


@pytest.mark.parametrize(
    ("files", "route"),
    [
        (
            {"server.js": 'const http = require("http");\nhttp.createServer((req, res) => {\n'
             '  if (req.method === "POST") fs.writeFile("a", "b");\n  res.end();\n}).listen(80);\n'},
            "POST /*",
        ),
        ({"index.ts": "Bun.serve({ async fetch(req) { await db.note.create({}); } });\n"}, "ANY /*"),
        (
            {"index.ts": 'Bun.serve({ routes: { "/api/notes": { POST: async (req) => db.note.create({}) } } });\n'},
            "POST /api/notes",
        ),
        (
            {"server.py": "from http.server import BaseHTTPRequestHandler\nclass Handler(BaseHTTPRequestHandler):\n"
             "    def do_POST(self):\n        open('a', 'w').write('b')\n"},
            "POST /*",
        ),
    ],
)  # fmt: skip
def test_plain_servers_have_routes_too(files: dict[str, str], route: str) -> None:
    """A function that answers everything is a route of all paths, Bun's table one for each entry."""
    assert guards(files) == {route: "open"}


def test_an_app_of_a_framework_is_no_plain_server() -> None:
    """`http.createServer(app)` adds nothing to the routes of the app."""
    express = 'const http = require("http");\nconst app = require("express")();\napp.post("/x", x);\n'
    assert set(served({"server.js": express + "http.createServer(app).listen(80);\n"})) == {"POST /x"}


@pytest.mark.parametrize(
    ("begins", "login"),
    [
        ("import gradio as gr\ndemo = gr.Blocks()\n", "demo.launch(auth=check)\n"),
        ("from dash import Dash\napp = Dash(__name__)\n", "import dash_auth\ndash_auth.BasicAuth(app, people)\n"),
        ("import chainlit as cl\n@cl.on_message\ndef main(m): ...\n", "@cl.password_auth_callback\ndef a(u, p): ...\n"),
    ],
)
def test_apps_that_are_one_page_ask_by_their_own_means(begins: str, login: str) -> None:
    """Gradio, Dash and Chainlit serve one page, which is open until their own login is switched on."""
    assert set(guards({"app.py": begins}).values()) == {"open"}
    assert set(guards({"app.py": begins + login}).values()) == {"guarded"}


def test_a_page_s_routes_are_told_by_what_it_stores() -> None:
    """What stores something is changed by any visitor, not only read."""
    page = (
        "import gradio as gr\ndemo = gr.Interface(fn=f)\ndef f(x):\n    db.execute('INSERT INTO people VALUES (1)')\n"
    )
    assert set(served({"app.py": page})) == {"ANY /"}


def test_a_second_framework_that_is_not_read_is_said() -> None:
    """Routes of one framework do not stand for those of another that no reader knows."""
    flask = "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef home():\n    return ''\n"
    assert routes_of({"a.py": flask, "b.py": "import falcon\napi = falcon.App()\n"}).unread_servers == ("falcon",)
    assert routes_of({"a.py": flask}).unread_servers == ()


def test_routers_of_a_loop_are_included() -> None:
    """`for router in (a.router, b.router): app.include_router(router)` mounts each of them."""
    router = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('/%s')\ndef add(): ...\n"
    files = {
        "main.py": "from fastapi import FastAPI\nimport a, b\napp = FastAPI()\n"
        "for router in (a.router, b.router):\n    app.include_router(router)\n",
        "a.py": router % "x",
        "b.py": router % "y",
    }
    assert set(served(files)) == {"POST /x", "POST /y"}


def test_a_folder_called_like_a_package_is_not_the_package() -> None:
    """`import fastapi` below `web/fastapi/` means the package."""
    files = {
        "src/web/fastapi/app.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\ndef add(): ...\n"
    }
    assert set(served(files)) == {"POST /x"}


def test_a_list_of_protected_paths_within_a_function_limits_its_guard() -> None:
    """A middleware that turns people away from listed paths only guards no other."""
    files = {
        "middleware.ts": "export async function middleware(request) {\n  const kept = ['/account', '/billing'];\n"
        "  const { data: { user } } = await supabase.auth.getUser();\n"
        "  const asks = kept.some((path) => request.nextUrl.pathname.startsWith(path));\n"
        "  if (asks && !user) return NextResponse.redirect(new URL('/login', request.url));\n"
        "  return NextResponse.next();\n}\n",
        "app/api/upload/route.ts": "export async function POST(request) {\n  await prisma.file.create({});\n}\n",
        "app/account/api/route.ts": "export async function POST(request) {\n  await prisma.file.create({});\n}\n",
    }
    assert guards(files) == {"POST /api/upload": "open", "POST /account/api": "guarded"}


def test_pages_for_administrators_are_routes() -> None:
    """A server component under admin/ is served; a layout that redirects guards it, one for browsers does not."""
    page = {"app/admin/users/page.tsx": "export default async function Page() {\n  await prisma.user.findMany();\n}\n"}
    layout = "export default async function Layout() {\n  const me = await auth();\n  if (!me) redirect('/login');\n}\n"
    assert guards(page) == {"GET /admin/users": "open"}
    assert guards(page | {"app/admin/layout.tsx": layout}) == {"GET /admin/users": "guarded"}
    assert guards({"app/admin/page.tsx": '"use client";\nexport default function Page() {}\n'}) == {}
