"""What only looks like a guard, and what is one though it looks unusual."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import served

FLASK = "from flask import Flask, jsonify, request\nfrom crm import crm_api, session_box\napp = Flask(__name__)\n"
CRM = (
    "class Crm:\n    def __init__(self):\n        self.authenticated = False\n    def ensure_authenticated(self):\n"
    "        if not self.authenticated:\n            raise AuthError('Not logged in to the CRM')\n"
    "    def people(self):\n        self.ensure_authenticated()\n        return self.get('/people')\ncrm_api = Crm()\n"
)
STARLETTE = (
    "from fastapi import FastAPI\nfrom errors import Errors\napp = FastAPI()\napp.add_middleware(Errors)\n"
    "@app.post('/orders')\ndef add(order: dict): ...\n"
)
FASTAPI = "from fastapi import Depends, FastAPI, HTTPException, Query\napp = FastAPI()\n"


def test_login_of_the_app_elsewhere_is_no_guard() -> None:
    """What an object of the module asks for itself, its own session at another service, turns no caller away."""
    files = {"app.py": FLASK + "@app.post('/sync')\ndef sync():\n    return jsonify(crm_api.people())\n", "crm.py": CRM}
    assert served(files)["POST /sync"].guard == "open"


def test_failed_login_elsewhere_is_no_guard() -> None:
    """An answer that the server could not log in elsewhere turns nobody away for who they are."""
    view = (
        "@app.post('/move')\ndef move():\n    try:\n        if not crm_api.ensure_authenticated():\n"
        "            return jsonify({'error': 'Authentication failed'}), 500\n        crm_api.move(request.json)\n"
        "    except Exception as e:\n        return jsonify({'error': str(e)}), 500\n    return ''\n"
    )
    assert served({"app.py": FLASK + view})["POST /move"].guard == "open"


def test_own_state_counts_where_the_request_is_around() -> None:
    """An object that gets at Flask's own session asks for the caller, whatever it keeps that in."""
    box = CRM.replace("crm_api = Crm()", "session_box = Crm()").replace("AuthError", "PermissionError")
    files = {
        "app.py": FLASK + "@app.post('/sync')\ndef sync():\n    return jsonify(session_box.people())\n",
        "crm.py": "from flask import session\n" + box,
    }
    assert served(files)["POST /sync"].guard == "guarded"


@pytest.mark.parametrize(
    "told",
    [
        "if 'Permission' in type(exc).__name__:",
        "if isinstance(exc, PermissionError):",
        "error_type = type(exc).__name__\n        if 'Forbidden' in error_type:",
    ],
)
def test_translating_errors_guards_nothing(told: str) -> None:
    """A middleware that makes 403 of a permission error turns nobody away itself."""
    errors = (
        "class Errors:\n    async def dispatch(self, request, call_next):\n        try:\n"
        "            return await call_next(request)\n        except Exception as exc:\n"
        "            return self.answer(exc)\n    def answer(self, exc):\n"
        f"        {told}\n            return JSONResponse({{}}, status_code=403)\n"
    )
    assert served({"main.py": STARLETTE, "errors.py": errors})["POST /orders"].guard == "open"


def test_caught_check_of_the_caller_is_a_guard() -> None:
    """A handler that answers 401 where the check of the token threw turns callers away."""
    view = (
        "@app.post('/orders')\ndef add(authorization: str = Header(None)):\n    try:\n"
        "        jwt.decode(authorization, KEY)\n    except Exception as e:\n"
        "        if isinstance(e, jwt.ExpiredSignatureError):\n            raise HTTPException(status_code=401)\n"
        "        raise HTTPException(status_code=500)\n"
    )
    assert served({"main.py": FASTAPI + view})["POST /orders"].guard == "guarded"


@pytest.mark.parametrize(
    ("body", "guard"),
    [
        ("    if signature and expires:\n        if not valid(signature): raise HTTPException(403)\n", "open"),
        (
            "    if not signature: raise HTTPException(403)\n    if not valid(signature): raise HTTPException(403)\n",
            "guarded",
        ),
    ],
)
def test_credential_that_may_be_left_out(body: str, guard: str) -> None:
    """A signature that is checked only where one was sent guards nothing."""
    view = f"@app.delete('/files/{{key}}')\ndef drop(key: str, signature: str = Query(None), expires=None):\n{body}"
    assert served({"main.py": FASTAPI + view})["DELETE /files/{key}"].guard == guard


@pytest.mark.parametrize(
    ("used", "guard"),
    [("    return find(sent.credentials)\n", "guarded"), ("    return list_all()\n", "open")],
)
def test_header_that_nobody_reads(used: str, guard: str) -> None:
    """A dependency that only hands the token over guards where somebody looks at the token."""
    view = (
        "from fastapi.security import HTTPBearer\nbearer = HTTPBearer()\n"
        f"@app.get('/teams')\ndef teams(sent=Depends(bearer)):\n{used}"
    )
    assert served({"main.py": FASTAPI + view})["GET /teams"].guard == guard


def test_websocket_is_a_route() -> None:
    """A WebSocket of FastAPI is served like any route."""
    view = "@app.websocket('/ws/{room}')\nasync def join(websocket, room: str):\n    await websocket.accept()\n"
    assert served({"main.py": FASTAPI + view})["GET /ws/{room}"].guard == "open"


@pytest.mark.parametrize(
    ("told", "guard"),
    [
        ("", "behind"),
        ("  const { data } = await admin.auth.getUser(sent.slice(7));\n  if (!data.user) return deny();\n", "guarded"),
    ],
)
def test_header_that_is_only_there(told: str, guard: str) -> None:
    """Behind a public key every caller sends a header: that it begins like one is no guard, what it says may be."""
    body = (
        "Deno.serve(async (req) => {\n"
        '  const admin = createClient(URL, Deno.env.get("SUPABASE_SERVICE_ROLE_KEY"));\n'
        '  const sent = req.headers.get("Authorization");\n'
        '  if (!sent || !sent.startsWith("Bearer ")) {\n    return new Response("no", { status: 401 });\n  }\n'
        f'{told}  await admin.from("packs").update({{ done: true }}).eq("id", (await req.json()).id);\n'
        '  return new Response("ok");\n});\n'
    )
    assert served({"supabase/functions/pack/index.ts": body})["POST /functions/v1/pack"].guard == guard


@pytest.mark.parametrize(
    ("first", "guard"),
    [
        ("if (!token) return next();", "open"),
        ("if (!req.headers.authorization) { return next(); }", "open"),
        ("if (!token) return res.status(401).end();", "guarded"),
        ("if (!process.env.AUTH_TOKEN) return next();", "guarded"),
        ("if (!authRequired) return next();", "guarded"),
    ],
)
def test_who_sends_no_credential_and_is_let_by_is_not_turned_away(first: str, guard: str) -> None:
    """A middleware that hands on the requests of strangers asks only those who say who they are."""
    server = (
        "import express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\n"
        "app.use((req, res, next) => {\n  const token = req.headers.authorization;\n  "
        f"{first}\n  const user = jwt.verify(token, process.env.KEY);\n"
        "  if (!user.accepted) return res.status(403).end();\n  next();\n});\n"
        "app.post('/orders', async (req, res) => { await db.orders.insert(req.body); res.json({}); });\n"
    )
    assert served({"server.js": server})["POST /orders"].guard == guard


def test_app_that_nest_hands_out_is_read() -> None:
    """What is registered on the app that NestJS stands on is served like the rest."""
    main = (
        "import { NestFactory } from '@nestjs/core';\nimport orders from './orders';\nasync function bootstrap() {\n"
        "  const nest = await NestFactory.create(AppModule);\n  const app = nest.getHttpAdapter().getInstance();\n"
        "  app.use('/api', orders);\n}\n"
    )
    orders = (
        "import { Router } from 'express';\nconst router = Router();\n"
        "router.delete('/orders/:id', remove);\nexport default router;\n"
    )
    assert "DELETE /api/orders/:id" in served({"main.ts": main, "orders.ts": orders})


@pytest.mark.parametrize(
    ("reading", "guard"),
    [
        ("JSON.parse(Buffer.from(token.split('.')[1], 'base64').toString()).sub", "open"),
        ("jwt.decode(token)?.sub", "open"),
        ("jwtDecode(token).sub", "open"),
        ("jwt.verify(token, process.env.KEY).sub", "guarded"),
        ("(await supabase.auth.getUser(token)).data.user?.id", "guarded"),
    ],
)
def test_token_whose_signature_nobody_looks_at_says_nothing(reading: str, guard: str) -> None:
    """Anybody can write a token; who is asking is known when its signature was looked at."""
    server = (
        "import express from 'express';\nconst app = express();\nasync function userOf(req) {\n"
        "  const token = req.headers.authorization?.slice(7);\n  if (!token) return null;\n"
        f"  return {reading};\n}}\n"
        "app.post('/orders', async (req, res) => {\n  const user = await userOf(req);\n"
        "  if (!user) return res.status(401).end();\n  await db.orders.insert(req.body); res.json({});\n});\n"
    )
    assert served({"server.js": server})["POST /orders"].guard == guard


@pytest.mark.parametrize(
    ("arguments", "guard"),
    [
        ("token, options={'verify_signature': False}", "open"),
        ("token, SECRET, algorithms=['HS256']", "guarded"),
    ],
)
def test_python_token_whose_signature_nobody_looks_at_says_nothing(arguments: str, guard: str) -> None:
    """A library told not to look at the signature proves nothing."""
    app = (
        "import jwt\nfrom fastapi import Depends, FastAPI, Header, HTTPException\napp = FastAPI()\n"
        "def user_of(authorization: str = Header()):\n    token = authorization.removeprefix('Bearer ')\n"
        f"    claims = jwt.decode({arguments})\n    if not claims.get('sub'):\n        raise HTTPException(401)\n"
        "    return claims['sub']\n@app.post('/orders')\ndef add(order: dict, user: str = Depends(user_of)):\n"
        "    db.orders.insert(order)\n"
    )
    assert served({"app.py": app})["POST /orders"].guard == guard
