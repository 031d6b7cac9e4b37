"""The open-route check beyond its examples: what blocks, what is asked, what is left alone."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.exposure.open_route import check
from checks.model import Confidence, Finding, Outcome, Placement, Route

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
BODY = "    db.session.add(x)\n    db.session.commit()\n"


def findings(files: dict[str, str]) -> tuple[Finding, ...]:
    """Return what the check finds in *files*."""
    return run_example(check, Example(files)).findings


def of(method: str, path: str, body: str = BODY) -> tuple[Finding, ...]:
    """Return what the check finds in one open route."""
    return findings({"main.py": APP + f"@app.{method.lower()}('{path}')\ndef f(x):\n{body}"})


@pytest.mark.parametrize(
    "path",
    [
        *("/refund", "/users/{user_id}", "/auth/users", "/api/items", "/chat", "/signing-requests", "/streaming/live"),
        *("/chats/{session_id}", "/registrations/{registrationId}", "/tours/generate-sessions"),
    ],
)
def test_changing_without_a_login_blocks(path: str) -> None:
    """A route that changes something and asks for no login holds the app back."""
    (finding,) = of("POST", path)
    assert finding.blocking
    assert finding.route == Route("POST", path)
    assert finding.message.startswith(f"POST {path} answers without a login: anyone can write data")
    assert "Depends(get_current_user)" in finding.fix


@pytest.mark.parametrize(
    "path",
    [
        *("/login", "/api/auth/login", "/auth/google/callback", "/logout", "/users/signup", "/register"),
        *("/password-recovery/{email}", "/reset-password", "/verify-email", "/token", "/api/v1/refresh", "/csrf"),
        *("/healthz", "/api/docs", "/set_language/i18n"),
    ],
)
def test_public_by_design_is_left_alone(path: str) -> None:
    """Where a login would be senseless nothing is said."""
    assert of("POST", path) == ()


@pytest.mark.parametrize(
    "path",
    [
        *("/contact", "/api/newsletter", "/invite/{token}", "/webhook/x", "/graphql", "/search"),
        *("/water/register", "/auth/demo-login", "/applications/guest", "/viewing-requests"),
    ],
)
def test_what_may_be_meant_is_asked_and_holds_nothing_back(path: str) -> None:
    """A public form, a link that is a secret, or an endpoint that decides for itself is advice."""
    (finding,) = of("POST", path)
    assert not finding.blocking
    assert "is it meant to be public?" in finding.message


@pytest.mark.parametrize(
    ("path", "body", "blocking"),
    [
        ("/customers", "    return db.query(Customer).all()\n", True),
        ("/admin/stats", "    return db.query(Stat).all()\n", True),
        ("/admin/look", "    return look()\n", False),
        ("/debug/env", "    return dict(os.environ)\n", True),
        ("/createdb", "    db.drop_all()\n    db.create_all()\n", True),
        ("/products", "    return db.query(Product).all()\n", False),
        ("/metrics", "    return generate()\n", False),
    ],
)
def test_reading_blocks_by_what_is_read(path: str, body: str, blocking: bool) -> None:
    """People's data, admin pages and links that wipe data block; a catalogue is for the owner to say."""
    (finding,) = of("GET", path, body)
    assert finding.blocking is blocking


@pytest.mark.parametrize("path", ["/", "/about", "/robots.txt", "/health", "/version", "/convert"])
def test_pages_without_data_are_left_alone(path: str) -> None:
    """A page that fetches nothing is nobody's business."""
    assert of("GET", path, "    return 1\n") == ()


@pytest.mark.parametrize(
    ("method", "path", "body", "allows"),
    [
        ("GET", "/customers", "    return db.query(Customer).all()\n", Placement.NOWHERE),
        ("DELETE", "/users/{user_id}", BODY, Placement.NOWHERE),
        ("POST", "/orders/{order_id}/cancel", BODY, Placement.NOWHERE),
        ("POST", "/orders", BODY, Placement.SANDBOX),  # one more order is nobody's data
        ("PUT", "/products/{product_id}", BODY, Placement.SANDBOX),
        ("GET", "/createdb", "    db.drop_all()\n    db.create_all()\n", Placement.NOWHERE),
        ("GET", "/debug/env", "    return dict(os.environ)\n", Placement.NOWHERE),
    ],
)
def test_people_s_data_in_the_open_belongs_nowhere(method: str, path: str, body: str, allows: Placement) -> None:
    """Reading or changing people's data, or wiping the database, without a login leaves no place for the app."""
    (finding,) = of(method, path, body)
    assert (finding.blocking, finding.allows) == (True, allows)


def test_a_framework_that_is_not_read_keeps_the_sandbox() -> None:
    """That no reader knows a framework or a language says nothing of the app's data."""
    for files in ({"app.py": "import falcon\napp = falcon.App()\n"}, {"main.go": "package main\n"}):
        result = run_example(check, Example(files))
        assert (result.outcome, result.allows) == (Outcome.NOT_CHECKED, Placement.SANDBOX)


def test_development_only_and_unresolved_guards_are_advice() -> None:
    """What is registered only in development, and what a guard of an unknown package stands before, blocks nothing."""
    router = "from fastapi import APIRouter\nr = APIRouter()\n@r.post('/x')\ndef x(): ...\n"
    (development,) = findings({"main.py": APP + router + "if settings.DEBUG:\n    app.include_router(r)\n"})
    (unknown,) = findings(
        {"main.py": APP + "from acme import require_user\n@app.post('/x')\n@require_user\ndef x(): ...\n"}
    )
    assert not development.blocking
    assert (unknown.blocking, unknown.confidence) == (False, Confidence.LOW)
    assert "require_user" in unknown.message


def test_what_is_not_served_is_not_told() -> None:
    """Routes of tests, examples, docs, copies and archives are no routes of the app."""
    route = APP + "@app.post('/x')\ndef x(): ...\n"
    for path in ("tests/app.py", "examples/app.py", "docs/app.py", "node_modules/a/app.py"):
        assert run_example(check, Example({path: route})).outcome is Outcome.NOT_APPLICABLE


def test_an_unread_server_is_not_checked_and_no_server_not_applicable() -> None:
    """A server whose routes cannot be read is never a pass; code that answers no requests has no question to ask."""
    server = run_example(check, Example({"app.py": "import tornado.web\n"}))
    library = run_example(check, Example({"lib.py": "import json\n"}))
    client = run_example(check, Example({"fetch.js": 'const http = require("http");\nhttp.get("http://x");\n'}))
    assert (server.outcome, server.reason) == (
        Outcome.NOT_CHECKED,
        "it serves HTTP with tornado, but none of its routes could be read",
    )
    assert library.outcome is client.outcome is Outcome.NOT_APPLICABLE


def test_one_fault_is_told_once_and_named_by_its_route() -> None:
    """A route registered twice is one finding; its name does not change with its line."""
    twice = APP + "@app.post('/x')\ndef a(): ...\n@app.post('/x')\ndef b(): ...\n"
    moved = "\n\n\n" + APP + "@app.post('/x')\ndef a(): ...\n"
    (one,) = findings({"main.py": twice})
    (other,) = findings({"main.py": moved})
    assert one.fingerprint == other.fingerprint
    assert one.identity == "POST /x"


SETUP = (
    "import threading\nfrom flask import Flask\nfrom models import User, db\napp = Flask(__name__)\n"
    "def fill():\n    make()\ndef make():\n    db.drop_all()\n    db.create_all()\n"
)


@pytest.mark.parametrize(
    ("body", "blocking"),
    [
        ("    threading.Thread(target=fill, daemon=True).start()\n", [True]),
        ("    fill()\n", [True]),
        ("    if User.query.count():\n        return 'done'\n    fill()\n", [False]),
    ],
)
def test_a_set_up_that_anybody_may_run_again_holds_the_app_back(body: str, blocking: list[bool]) -> None:
    """What wipes everything is found behind threads and helpers; a set-up that asks whether anybody is there is not."""
    files = {"app.py": f"{SETUP}@app.post('/setup/start')\ndef start():\n{body}    return 'ok'\n"}
    found = findings(files)
    assert [one.blocking for one in found] == blocking
    assert all(one.allows is Placement.NOWHERE for one in found)


EXPRESS = 'import express from "express";\nexport const app = express();\n'


@pytest.mark.parametrize(
    ("handler", "blocking"),
    [
        ("res.status(201).json({ id: Date.now().toString(), ...req.body })", False),
        ("res.json({ ok: true })", False),
        ("rows.push(req.body); res.json({ ok: true })", True),
        ("state.last = req.body; res.json({ ok: true })", True),
        ("await forward(req.body); res.json({ ok: true })", True),
    ],
)
def test_a_handler_that_only_answers_holds_nothing_back(handler: str, blocking: bool) -> None:
    """A demonstration gives everybody the same or what was sent; what keeps or hands on anything is no such thing."""
    files = {"server.ts": f'{EXPRESS}app.post("/api/notes", async (req, res) => {{ {handler}; }});\n'}
    assert [one.blocking for one in findings(files)] == [blocking]


@pytest.mark.parametrize(
    ("start", "blocking"),
    [
        ("app.listen(3000);\n", False),
        ('import { registerRoutes } from "./routes";\nregisterRoutes(app);\n', True),
        ('import * as routes from "./routes";\nroutes.registerRoutes(app);\n', True),
        ('const { registerRoutes } = await import("./routes");\nregisterRoutes(app);\n', True),
    ],
)
def test_routes_that_nothing_registers_are_advice(start: str, blocking: bool) -> None:
    """A function that registers routes serves none until something calls it, by whatever kind of import."""
    routes = (
        'export async function registerRoutes(app) {\n  app.delete("/api/users/:id", async (req, res) => {\n'
        "    await db.delete(users).where(eq(users.id, req.params.id));\n    res.end();\n  });\n}\n"
    )
    assert [one.blocking for one in findings({"server.ts": EXPRESS + start, "routes.ts": routes})] == [blocking]
