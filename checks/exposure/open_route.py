"""
A route answers without a login where one is needed.

Every route that the app serves is followed to what guards it: decorators, dependencies, middlewares, hooks and checks
in the handler itself. A guard counts when its body can turn away a caller for who they are, never because of its name.
Routes that change something, or give away people's data, must have one. Login pages, health checks, documentation and
the like are public by design; a public form or list is told as advice, for the owner to confirm.

Whoever finds the address of an open route can use it: bots try the usual ones within hours of a deployment. This is the
fault that does the most damage in apps built quickly.

## How to fix
Have these routes ask for a login: put the guard that the app already has on each, or add one where there is none; best
on everything at once, with a list of public paths: what denies by default cannot be forgotten on the next route. A page
that hides a button guards nothing.

## Fix prompt
The routes listed below answer without a login. Add server-side authentication to each: use the guard that this app
already has (middleware, dependency or decorator) or add one that answers 401 to anonymous callers, and prefer denying
by default with a short list of public paths. Where a route acts on somebody's record, also check that the record is
the caller's own. Do not rely on the frontend; add a test per route that an anonymous request gets 401.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment
from checks.facts.routes.doubts import doubt_of
from checks.facts.routes.harm import harm_of
from checks.facts.routes.outliers import outliers
from checks.facts.routes.public_routes import Leave, public_by_design
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_FLASK = "from flask import Flask, abort, jsonify, request, session\napp = Flask(__name__)\n"
_FASTAPI = "from fastapi import Depends, FastAPI, HTTPException, Request\napp = FastAPI()\n"
_EXPRESS = 'const express = require("express");\nconst app = express();\n'

_ROUTER = (
    'const router = require("express").Router();\n'
    'router.delete("/orders/:id", async (req, res) => {\n  await Order.destroy();\n  res.end();\n});\n'
    "module.exports = router;\n"
)
_ENV = "export async function GET() {\n  return Response.json({ url: process.env.DATABASE_URL ?? null });\n}\n"
_ACTION = "export async function POST(request) {\n  await prisma.order.create({});\n  return Response.json({});\n}\n"
_MIDDLEWARE = (
    'import { NextResponse } from "next/server";\nimport { readSession } from "@/lib/session";\n'
    'const OPEN = ["/login", "/api/health"];\nexport async function middleware(request) {\n'
    "  const path = request.nextUrl.pathname;\n  if (OPEN.includes(path)) return NextResponse.next();\n"
    '  const session = await readSession(request.cookies.get("sid"));\n'
    '  if (!session) return NextResponse.redirect(new URL("/login", request.url));\n'
    "  return NextResponse.next();\n}\n"
)
_URLS = "from django.urls import path\nfrom . import views\nurlpatterns = [path('orders/<int:pk>/', views.order)]\n"

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.NOWHERE,
    examples=(
        Bad(
            {"app.py": _FLASK + '@app.post("/refund")\ndef refund():\n    db.session.commit()\n    return "ok"\n'},
            says="POST /refund answers without a login",
            line=3,
        ),
        Bad(  # named like a guard, and turns nobody away
            {
                "app.py": _FLASK + "def login_required(f):\n    def inner(*a):\n        g.user = session.get('user')\n"
                "        return f(*a)\n    return inner\n@app.delete('/orders/<int:id>')\n@login_required\n"
                "def remove(id):\n    Order.query.delete()\n    return ''\n"
            },
            says="DELETE /orders/<int:id>",
        ),
        Good(  # a decorator of the repository that can deny
            {
                "app.py": _FLASK + "from guards import members\n@app.delete('/orders/<int:id>')\n@members\n"
                "def remove(id):\n    return ''\n",
                "guards.py": "def members(f):\n    def inner(*a):\n        if 'user' not in session:\n"
                "            abort(401)\n        return f(*a)\n    return inner\n",
            }
        ),
        Bad(  # the whole process shares one login
            {
                "app.py": _FLASK + "current = None\n@app.before_request\ndef check():\n    if current is None:\n"
                "        abort(401)\n@app.post('/notes')\ndef notes():\n    return keep(request.json)\n"
            },
            says="POST /notes",
        ),
        Good(  # an alias of Annotated[..., Depends(...)]
            {
                "main.py": _FASTAPI + "from deps import CurrentUser\n@app.get('/users')\n"
                "def users(me: CurrentUser):\n    return db.query(User).all()\n",
                "deps.py": "from typing import Annotated\nfrom fastapi import Depends, Header, HTTPException\n"
                "def current(authorization: str = Header(None)):\n    if not authorization:\n"
                "        raise HTTPException(status_code=401)\nCurrentUser = Annotated[User, Depends(current)]\n",
            }
        ),
        Bad(
            {
                "main.py": _FASTAPI + "from api import router\napp.include_router(router, prefix='/api')\n",
                "api.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/users')\n@router.get('/')\n"
                "def users():\n    return db.query(User).all()\n",
            },
            says="GET /api/users/ answers without a login: anyone can read user",
            line=3,
        ),
        Bad(  # any header passes for a login: nobody looks at what it says
            {
                "main.py": _FASTAPI + "from fastapi.security import HTTPBearer\nbearer = HTTPBearer()\n"
                "@app.get('/teams')\ndef teams(sent=Depends(bearer)):\n    return registry.list_teams()\n"
            },
            says="for anything sent to HTTPBearer",
        ),
        Bad({"app/api/db/route.ts": _ENV}, says="read a secret of the server's own settings", line=1),
        Good(  # nobody mounts the router
            {
                "main.py": _FASTAPI,
                "old.py": "from fastapi import APIRouter\nr = APIRouter()\n@r.post('/x')\ndef x(): ...\n",
            },
            outcome=Outcome.NOT_CHECKED,
        ),
        Bad(
            {"server.js": _EXPRESS + 'app.use("/api", require("./orders"));\n', "orders.js": _ROUTER},
            says="DELETE /api",
        ),
        Good(
            {
                "server.js": _EXPRESS
                + 'const auth = require("./auth");\napp.use(auth);\napp.use("/api", require("./orders"));\n',
                "orders.js": _ROUTER,
                "auth.js": "module.exports = (req, res, next) => {\n"
                "  if (!req.session.user) return res.status(401).end();\n  next();\n};\n",
            }
        ),
        Bad(  # the guard stands after the route
            {
                "server.js": _EXPRESS + 'app.post("/pay", pay);\nfunction auth(req, res, next) {\n'
                "  if (!req.user) return res.sendStatus(401);\n  next();\n}\napp.use(auth);\n"
            },
            says="POST /pay",
        ),
        Bad({"app/api/orders/route.ts": _ACTION}, says="POST /api/orders answers without a login", line=1),
        Good(  # a middleware that denies by default
            {
                "src/app/api/orders/route.ts": _ACTION,
                "src/middleware.ts": _MIDDLEWARE,
                "src/lib/session.ts": "export const readSession = (sid) => store.get(sid);\n",
            }
        ),
        Bad(  # its matcher leaves the API out
            {
                "app/api/orders/route.ts": _ACTION,
                "middleware.ts": _MIDDLEWARE + 'export const config = { matcher: ["/dashboard/:path*"] };\n',
            },
            says="POST /api/orders",
        ),
        Bad(  # a server action reads the session and never asks
            {
                "app/actions.ts": '"use server";\nexport async function removeOrder(id) {\n'
                "  const session = await auth();\n  await db.order.delete({ where: { id } });\n}\n",
                "app/list.tsx": '"use client";\nimport { removeOrder } from "./actions";\n',
            },
            says="POST action:removeOrder",
        ),
        Good(
            {
                "app/actions.ts": '"use server";\nexport async function removeOrder(id) {\n'
                "  const session = await auth();\n  if (!session?.user) return { error: 'no' };\n"
                "  await db.order.delete({ where: { id } });\n}\n"
            }
        ),
        Bad(
            {
                "shop/urls.py": _URLS,
                "shop/views.py": "def order(request, pk):\n    if request.method == 'POST':\n"
                "        Order.objects.create()\n    return JsonResponse({})\n",
            },
            says="POST /orders/<int:pk>/",
        ),
        Bad(  # Supabase asks for the public key alone, and the function acts with the master key
            {
                "supabase/functions/reset-points/index.ts": "Deno.serve(async (req) => {\n"
                '  const db = createClient(URL, Deno.env.get("SUPABASE_SERVICE_ROLE_KEY"));\n'
                "  const { userId } = await req.json();\n"
                '  await db.from("profiles").update({ points: 0 }).eq("id", userId);\n'
                '  return new Response("ok");\n});\n'
            },
            says="answers without a login, for the project's public key",
        ),
        Bad(
            {
                "src/server/trpc.ts": 'import { initTRPC, TRPCError } from "@trpc/server";\n'
                "const t = initTRPC.create();\nexport const router = t.router;\n"
                "export const publicProcedure = t.procedure;\n",
                "src/server/orders.ts": 'import { router, publicProcedure } from "./trpc";\n'
                "export const ordersRouter = router({\n  remove: publicProcedure.mutation(async ({ input }) => {\n"
                "    await prisma.order.delete({ where: { id: input.id } });\n  }),\n});\n",
            },
            says="POST /trpc/orders.remove",
            line=3,
        ),
        Bad(
            {
                "app.py": "import sqlite3\nimport streamlit as st\nst.set_page_config(page_title='CRM')\n"
                "db = sqlite3.connect('crm.db')\nif st.button('Save'):\n"
                "    db.execute('INSERT INTO customers VALUES (?)', [st.text_input('Name')])\n    db.commit()\n"
            },
            says="ANY / answers without a login",
            line=3,
        ),
        Good(
            {
                "src/hooks.server.ts": "export const handle = async ({ event, resolve }) => {\n"
                "  if (!event.locals.user) return new Response(null, { status: 401 });\n  return resolve(event);\n};\n",
                "src/routes/api/orders/+server.ts": "export async function POST({ request }) {\n"
                "  await prisma.order.create({ data: await request.json() });\n  return new Response();\n}\n",
            }
        ),
        Good(  # a published library that runs the apps of others
            {
                "pyproject.toml": "[project]\nname = 'runner'\nclassifiers = ['Topic :: Internet']\n",
                "runner/main.py": "import uvicorn\nuvicorn.run(load())\n",
            },
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good({"cli.py": "import argparse\nprint('hello')\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(routes: Routes, _others: OtherLanguages, deployment: Deployment) -> Iterator[Finding]:
    """Yield the routes that answer without a login: blocking ones first, then what to ask the owner."""
    found: dict[tuple[str, ...], Finding] = {}
    for route in routes.served:
        finding, before = _judged(route), found.get(_same(route))
        if finding is not None and (before is None or _weight(finding) > _weight(before)):
            found[_same(route)] = finding
    for route, others in outliers(routes.served):
        told = _finding(route, f"answers without a login, which {others} ask for: is it meant to be?", Confidence.LOW)
        found.setdefault(_same(route), told)
    yield from sorted(found.values(), key=lambda finding: not finding.blocking)
    if routes.unread and not any(all(_weight(finding)) for finding in found.values()):
        raise NotChecked(f"too large to be read whole: {', '.join(routes.unread[:3])}")
    # Seen whole, but for a framework that no reader here knows: what holds the app back is that nobody
    # looked at these routes, not that one was found open. Less sight cannot bring this about, so it may say less than
    # the check's full strength; a file that was not read, above or as a partial fact, may not.
    if not routes.served and routes.servers and not deployment.is_library:
        why = f"it serves HTTP with {', '.join(routes.servers[:3])}, but none of its routes could be read"
        raise NotChecked(why, allows=Placement.SANDBOX)
    if routes.unread_servers and not deployment.is_library:
        why = f"it serves HTTP with {', '.join(routes.unread_servers[:3])} too, and none of those routes could be read"
        raise NotChecked(why, allows=Placement.SANDBOX)
    if not routes.served:
        raise NotApplicable("no server routes: nothing that was read answers HTTP requests")


def _same(route: Served) -> tuple[str, ...]:
    """Return what tells *route* from others: an action by its file, as two files may name theirs alike."""
    return (route.method, route.path, *([route.file] if route.path.startswith("action:") else []))


def _weight(finding: Finding) -> tuple[bool, bool]:
    return finding.blocking, finding.allows is Placement.NOWHERE


def _judged(route: Served) -> Finding | None:
    """Return what is to be said of *route*, or None where it is guarded or public by design."""
    leave, harm = public_by_design(route), harm_of(route)
    if route.guard == "guarded" or leave is Leave.PUBLIC or harm is None:
        return None
    asked = f", for {route.by}" if route.guard in {"behind", "open"} and route.by else ""
    left_out = f"; {route.left_out}" if route.left_out else ""
    sure = f"answers without a login{asked}: anyone can {harm.what}{left_out}"
    doubt = doubt_of(route, leave, harm)
    message, confidence = doubt or (sure, Confidence.HIGH)
    return _finding(route, message, confidence, blocking=harm.blocks and doubt is None, grave=harm.grave)


def _finding(
    route: Served, message: str, confidence: Confidence, *, blocking: bool = False, grave: bool = False
) -> Finding:
    name = f"{route.method} {route.path}"
    return Finding(
        f"{name} {message}",
        path=route.file,
        line=route.line,
        kind=route.framework,
        severity=Severity.HIGH if blocking else Severity.MEDIUM,
        confidence=confidence,
        blocking=blocking,
        allows=Placement.NOWHERE if grave else Placement.SANDBOX,
        route=Route(route.method, route.path),
        identity=name,
        fix=f"Have these routes ask for a login: {route.expected}",
    )
