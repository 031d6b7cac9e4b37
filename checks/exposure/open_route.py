"""
A route answers without a login where one is needed.

Every route that the app serves is followed to what guards it: decorators, dependencies, middlewares, hooks and checks in
the handler itself. A guard counts when its body can turn away a caller for who they are, never because of its name.
Routes that change something, or give away people's data, must have one. Login pages, health checks, documentation and
the like are public by design; a public form or list is told as advice, for the owner to confirm.

Whoever finds the address of an open route can use it: bots try the usual ones within hours of a deployment. This is the
fault that does the most damage in apps built quickly.

## How to fix
Put the guard that the app already has on this route, or on everything at once and list the public paths as exceptions:
what denies by default cannot be forgotten on the next route. A page that hides a button guards nothing.

## Fix prompt
The routes listed below answer without a login. Add server-side authentication to each: use the guard that this app
already has (middleware, dependency or decorator) or add one that answers 401 to anonymous callers, and prefer denying by
default with a short list of public paths. Where a route acts on somebody's record, also check that the record belongs to
the caller. Do not rely on the frontend, and add a test per route that an anonymous request gets 401.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Example, Good, NotApplicable, NotChecked
from checks.facts.bodies import is_personal
from checks.facts.public_routes import Leave, public_by_design
from checks.facts.routes import Routes
from checks.facts.surface import Served
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SENSITIVE = re.compile(
    r"\b(?:admin\w*|_?debug|internal|export\w*|dump|backup\w*|env|secrets?|private|logs?|phpinfo|shell|console)\b",
    re.IGNORECASE,
)
_RESETS = re.compile(
    r"\b(?:create_?db|init_?db|reset\w*|seed\w*|drop\w*|wipe\w*|clear\w*|delete\w*|remove\w*|truncate)\b", re.IGNORECASE
)


_ROUTER = (
    'const router = require("express").Router();\n'
    'router.delete("/orders/:id", async (req, res) => {\n  await Order.destroy();\n  res.end();\n});\n'
    "module.exports = router;\n"
)
_NEXT: tuple[Example, ...] = ()
_DJANGO: tuple[Example, ...] = ()

_FLASK = "from flask import Flask, abort, jsonify, request, session\napp = Flask(__name__)\n"
_FASTAPI = "from fastapi import Depends, FastAPI, HTTPException, Request\napp = FastAPI()\n"
_EXPRESS = 'const express = require("express");\nconst app = express();\n'

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
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
                "        abort(401)\n@app.post('/notes')\ndef notes():\n    return ''\n"
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
        Good(  # nobody mounts the router
            {
                "main.py": _FASTAPI,
                "old.py": "from fastapi import APIRouter\nr = APIRouter()\n@r.post('/x')\ndef x(): ...\n",
            },
            outcome=Outcome.NOT_CHECKED,
        ),
        Bad(
            {"server.js": _EXPRESS + 'app.use("/api", require("./orders"));\n', "orders.js": _ROUTER},
            says="DELETE /api/orders/:id",
        ),
        Good(
            {
                "server.js": _EXPRESS
                + 'const auth = require("./auth");\napp.use(auth);\napp.use("/api", require("./orders"));\n',
                "orders.js": _ROUTER,
                "auth.js": "module.exports = (req, res, next) => {\n  if (!req.session.user) return res.status(401).end();\n"
                "  next();\n};\n",
            }
        ),
        Bad(  # the guard stands after the route
            {
                "server.js": _EXPRESS + 'app.post("/pay", pay);\nfunction auth(req, res, next) {\n'
                "  if (!req.user) return res.sendStatus(401);\n  next();\n}\napp.use(auth);\n"
            },
            says="POST /pay",
        ),
        *_NEXT,
        *_DJANGO,
        Good({"cli.py": "import argparse\nprint('hello')\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(routes: Routes) -> Iterator[Finding]:
    """Yield the routes that answer without a login: blocking ones first, then what to ask the owner."""
    if not routes.served:
        if routes.servers:
            raise NotChecked(
                f"it serves HTTP with {', '.join(routes.servers[:3])}, but none of its routes could be read"
            )
        raise NotApplicable("no server routes: nothing here answers HTTP requests")
    found: dict[tuple[str, str], Finding] = {}
    for route in routes.served:
        finding = _judged(route)
        if finding is None:
            continue
        before = found.get((route.method, route.path))
        if before is None or (finding.blocking and not before.blocking):
            found[route.method, route.path] = finding
    yield from sorted(found.values(), key=lambda finding: not finding.blocking)
    if routes.unread and not any(finding.blocking for finding in found.values()):
        raise NotChecked(f"too large to be read whole: {', '.join(routes.unread[:3])}")


def _judged(route: Served) -> Finding | None:
    """Return what is to be said of *route*, or None where it is guarded or public by design."""
    if route.guard == "guarded":
        return None
    leave = public_by_design(route)
    if leave is Leave.PUBLIC:
        return None
    harm = _harm(route)
    if harm is None:
        return None
    what, blocking = harm
    message = f"{route.method} {route.path} answers without a login: anyone can {what}. Expected {route.expected}"
    confidence = Confidence.HIGH if route.framework != "Next.js action" else Confidence.MEDIUM
    if route.guard == "unknown":
        message = f"{route.method} {route.path} may answer without a login: what guards it ({route.by}) leads outside this repository"
        blocking, confidence = False, Confidence.LOW
    elif "development" in route.traits:
        message += "; it is registered only in development, so make sure that production never is"
        blocking = False
    elif not route.resolved and "listing" not in route.traits:
        blocking, confidence = False, Confidence.LOW
    elif leave is Leave.ASK:
        message = f"{route.method} {route.path} answers without a login: is it meant to be public? Anyone can {what}"
        blocking = False
    return Finding(
        message,
        path=route.file,
        line=route.line,
        kind=route.framework,
        severity=Severity.HIGH if blocking else Severity.MEDIUM,
        confidence=confidence,
        blocking=blocking,
        route=Route(route.method, route.path),
        identity=f"{route.method} {route.path}",
    )


def _harm(route: Served) -> tuple[str, bool] | None:
    """Return what an anonymous person can do with *route* and whether that blocks; None for nothing to speak of."""
    plain = re.sub(r"[{<:\[][^/]*", "", route.path)
    words = re.sub(r"[-/.]", " ", plain)
    mutating = route.method in _MUTATING or (route.method == "ANY" and route.traits & {"body", "writes", "destroys"})
    if mutating:
        return _change(route), True
    if "listing" in route.traits:
        return "list and fetch the files of this folder", True
    if "destroys" in route.traits or (_RESETS.search(words) and "writes" in route.traits):
        return "change or wipe data with a plain link", True
    if "runs" in route.traits and "body" in route.traits:
        return "have the server run what they send", True
    names = ", ".join(dict.fromkeys(name.lower() for name in route.reads))
    page = "renders" in route.traits
    sensitive = _SENSITIVE.search(words)
    if sensitive and (route.traits & {"reads", "environment"} or not page):
        return f"read what belongs under {sensitive[0]}", True
    if names and not page:
        return f"read {names}", True
    if any(is_personal(segment) for segment in plain.split("/")) and "reads" in route.traits and not page:
        return "read what it returns from the database", True
    if names or sensitive:
        return f"read {names or 'this page'}", False
    if "reads" in route.traits and not page:
        return "read what it returns from the database", False
    return None


def _change(route: Served) -> str:
    if "destroys" in route.traits:
        return "wipe data"
    if "runs" in route.traits:
        return "make the server start programs"
    if route.method == "DELETE":
        return "delete what it names"
    if route.method in {"PUT", "PATCH"}:
        return "change what it names"
    return "write data" if "writes" in route.traits else "call it and have the server act"
