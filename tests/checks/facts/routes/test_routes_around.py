"""What stands around a route: layouts, middlewares that leave it out, other methods of its handler, its name."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, served

ASKS = (
    'import { getUser } from "~/session";\nimport { redirect } from "react-router";\n'
    "export async function loader({ request }) {\n  const user = await getUser(request);\n"
    "  if (!user) throw redirect('/login');\n  return null;\n}\n"
)
CHILD = (
    'import type { Route } from "react-router";\n'
    "export async function loader() {\n  return await prisma.user.findMany();\n}\n"
)


@pytest.mark.parametrize(
    ("layout", "child"),
    [
        ("_in+/_layout.tsx", "_in+/admin+/people.tsx"),
        ("_in.tsx", "_in.people.tsx"),
        ("office/route.tsx", "office.people.tsx"),
        ("office.tsx", "office/people.tsx"),
    ],
)
def test_a_layout_that_asks_is_told(layout: str, child: str) -> None:
    """A page below a layout whose loader turns callers away is guarded by that alone, which data requests pass by."""
    files = {f"app/routes/{layout}": ASKS, f"app/routes/{child}": CHILD}
    routes = [route for route in served(files).values() if route.file.endswith(child)]
    assert [(route.guard, route.by) for route in routes] == [("layout", f"app/routes/{layout}")]
    alone = {**files, f"app/routes/{layout}": ASKS.replace("if (!user) throw", "if (false) throw")}
    assert [route.guard for route in served(alone).values() if route.file.endswith(child)] == ["open"]


def test_who_is_signed_in_leaves_before_the_throw() -> None:
    """A helper that hands back the session and then throws turns away who has none."""
    helper = (
        "export const getSession = async (c) => {\n  const { session, user } = await getOptionalSession(c);\n"
        "  if (session && user) {\n    return { session, user };\n  }\n  throw new AppError(Code.None);\n};\n"
    )
    route = 'import { getSession } from "@/lib/s";\nexport async function DELETE(req) {\n  await getSession(req);\n}\n'
    assert guards({"app/api/x/route.ts": route, "lib/s.ts": helper}) == {"DELETE /api/x": "guarded"}
    told = helper.replace("AppError(Code.None)", 'HttpError(401, "Unauthorized")')
    assert guards({"app/api/x/route.ts": route, "lib/s.ts": told}) == {"DELETE /api/x": "guarded"}
    lenient = helper.replace("session && user", "!session")
    assert guards({"app/api/x/route.ts": route, "lib/s.ts": lenient}) == {"DELETE /api/x": "open"}


def test_a_proxy_that_leaves_the_route_out_is_named() -> None:
    """A route names the file whose matcher leaves it out, and that no other route has a guard."""
    files = {
        "app/api/x/route.ts": "export async function POST() {\n  await prisma.order.create({});\n}\n",
        "proxy.ts": "export function proxy(request) {\n  if (!request.cookies.get('sid')) return Response.redirect(L);"
        '\n}\nexport const config = { matcher: ["/office/:path*"] };\n',
    }
    route = served(files)["POST /api/x"]
    assert route.left_out == "your proxy.ts leaves it out"
    assert route.expected.endswith("no route of this app has one yet")


def test_the_guard_of_other_routes_is_named() -> None:
    """Where other routes have a guard with a name, that is what was expected."""
    text = (
        "from flask import Flask\nfrom flask_login import login_required\napp = Flask(__name__)\n"
        "@app.post('/a')\n@login_required\ndef a():\n    db.session.commit()\n"
        "@app.post('/b')\ndef b():\n    db.session.commit()\n"
    )
    assert served({"app.py": text})["POST /b"].expected.endswith("such as login_required, which other routes here have")


def test_a_handler_acts_for_its_other_methods() -> None:
    """What a handler does only for POST is not said of a GET of the same handler."""
    text = (
        "from aiohttp import web\nasync def wipe(request):\n    if request.method == 'POST':\n"
        "        await db.execute('DELETE FROM orders')\n        await db.commit()\n    return web.Response()\n"
        "app = web.Application()\napp.router.add_get('/reset', wipe)\napp.router.add_post('/reset', wipe)\n"
    )
    routes = served({"app.py": text})
    assert "stores" in routes["POST /reset"].traits
    assert not routes["GET /reset"].traits & {"stores", "writes", "destroys"}


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("62_34s_Stock.py", "/34s_Stock"),
        ("1_📊_Sales.py", "/Sales"),
        ("2 - New orders.py", "/New_orders"),
        ("7.py", "/7"),
    ],
)
def test_pages_of_streamlit_are_served_without_their_number(name: str, url: str) -> None:
    """One number, what parts it from the words, and a picture are no part of a page's path."""
    text = "import streamlit as st\nst.title('x')\nst.write(1)\n"
    assert f"GET {url}" in served({f"pages/{name}": text, "app.py": text})


@pytest.mark.parametrize(
    ("helper", "harmless"),
    [
        (
            "    found = {}\n    for key in keys:\n        found[key] = request.values.get(key)\n    return found\n",
            True,
        ),
        ("    found = {}\n    SEEN.append(keys)\n    return found\n", False),
        ("    return store.load(keys)\n", False),
        ("    return requests.get(keys[0]).json()\n", False),
    ],
)
def test_a_handler_that_gives_the_request_back_does_nothing(helper: str, *, harmless: bool) -> None:
    """An echo that helpers put together stores nothing; one whose helper keeps or asks for anything is told."""
    text = (
        "from flask import Flask, jsonify, request\nimport store\napp = Flask(__name__)\nSEEN = []\n"
        f"def picked(*keys):\n{helper}@app.post('/echo')\ndef echo():\n    return jsonify(picked('a', 'b'))\n"
    )
    assert ("stub" in served({"app.py": text})["POST /echo"].traits) is harmless
