"""What an outline keeps of a file, and what it never does."""

from __future__ import annotations

import msgspec
import pytest

from checks.facts.code.outline import Outline
from checks.facts.code.outline_openapi import read_openapi
from checks.facts.routes.routes import read
from tests.checks.facts.routes.route_facts import guards, routes_of

SECRETS = {
    "python": (
        "import os\nfrom flask import Flask\napp = Flask(__name__, secret_key='hunter2secret')\n"
        "app.secret_key = 'hunter2secret'\n"
        "KEY = os.environ.get('KEY', 'hunter2secret')\nDB = connect('hunter2secret', password='hunter2secret')\n"
        "app.config.update(SECRET='hunter2secret')\n@app.route('/x')\ndef x():\n    login('hunter2secret')\n"
        "    if request.args['p'] != 'hunter2secret':\n        abort(401)\n"
    ),
    "javascript": (
        'const app = require("express")();\napp.use(session({ secret: "hunter2secret" }));\n'
        'app.use(expressJwt({ secret: "hunter2secret" }));\nconst KEY = process.env.KEY || "hunter2secret";\n'
        'app.use(basicAuth({ users: { admin: "hunter2secret" } }));\nconst db = new Client("hunter2secret");\n'
        'app.post("/x", (req, res) => { if (req.body.p !== "hunter2secret") return res.sendStatus(401); });\n'
    ),
}


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_no_value_of_an_option_or_a_comparison_is_kept(language: str) -> None:
    """An outline lies in the fact cache, so none of the strings that may be secrets goes in; routes do."""
    outline = read(SECRETS[language], language)
    wire = msgspec.json.encode(outline)
    assert b"hunter2secret" not in wire
    assert b'"/x"' in wire
    assert msgspec.json.decode(wire, type=Outline) == outline


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("python", "(" * 450 + ")" * 450),
        ("python", "x = " + "-" * 900 + "1\n"),
        ("python", "if a:\n" + "".join("  " * n + "if a:\n" for n in range(1, 200))),
        ("python", "def f():\n  return (" + "lambda: (" * 3_000),
        ("javascript", "[" * 9_000),
        ("javascript", "a(" * 4_000),
        ("javascript", "x = " + "a." * 900 + "b;"),
        ("javascript", "f(" + "() => (" * 1_500),
        ("tsx", "<a>" * 9_000),
        ("python", "\x00\ud800" * 100),
        ("python", ""),
    ],
)
def test_hostile_files_end_in_an_outline(kind: str, text: str) -> None:
    """No nesting or noise ends the reader: what comes back is an outline that can travel."""
    outline = read(text, kind)
    assert isinstance(outline, Outline)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(outline), type=Outline) == outline


def test_names_that_lead_in_circles_lead_nowhere() -> None:
    """Files that import and re-export each other without end are followed once."""
    ring = {
        f"m{n}.ts": "".join(f'export * from "./m{other}";\n' for other in range(8))
        + f'export {{ a{n} }} from "./m{n}";\n'
        for n in range(8)
    }
    app = (
        'import express from "express";\nimport { nobody } from "./m0";\nconst app = express();\n'
        'app.post("/x", nobody, save);\n'
    )
    python = {f"p{n}.py": f"from p{(n + 1) % 5} import *\nclass C{n}(C{(n + 1) % 5}): ...\n" for n in range(5)}
    flask = "from flask import Flask\nfrom p0 import nobody\napp = Flask('x')\n@app.post('/y')\n@nobody\ndef y(): ...\n"
    assert guards(ring | python | {"app.ts": app, "app.py": flask}) == {"POST /x": "open", "POST /y": "open"}


def test_functions_that_call_each_other_end() -> None:
    """Guards that call each other without end guard nothing by that alone."""
    app = (
        "from flask import Flask\napp = Flask('x')\ndef a(f):\n    return b(f)\ndef b(f):\n    return a(f)\n"
        "@app.post('/x')\n@a\ndef x():\n    return y()\ndef y():\n    return x()\n"
    )
    assert guards({"app.py": app}) == {"POST /x": "open"}


OPENAPI = (
    "openapi: 3.0.0\nsecurity: [{key: []}]\npaths:\n  /a:\n    post:\n      operationId: api.a\n"
    "  /b:\n    post:\n      security: []\n      operationId: api.b\n    get:\n      security: []\n"
    "      operationId: api.c\n"
)


def test_openapi_documents_serve_what_connexion_is_given() -> None:
    """Operations are secured by themselves, by the document, or by their function; a document nobody serves is none."""
    python = {
        "run.py": "import connexion\napp = connexion.App(__name__, specification_dir='spec')\n"
        "app.add_api('openapi.yml')\n",
        "api.py": "from flask import request, abort\ndef a(): ...\ndef b(): ...\n"
        "def c():\n    if not request.headers.get('Authorization'):\n        abort(401)\n",
    }
    document = {"spec/openapi.yml": OPENAPI}
    assert guards(python | document) == {"POST /a": "guarded", "POST /b": "open", "GET /b": "guarded"}
    assert guards(document) == {}
    assert next(route.line for route in routes_of(python | document).served if route.path == "/a") == 5


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "a: &a [*a]\npaths: *a\noperationId: x.y\n", "{operationId: a.b, paths: 1}"]
)
def test_hostile_documents_are_no_crash(text: str) -> None:
    """A document that nests, repeats or lies about itself gives nothing, or says that it was not read whole."""
    outline = read_openapi(text)
    assert outline is None or outline.operations == ()


def test_what_was_not_searched_whole_says_so() -> None:
    """A file whose functions nest too deep to search each one's text is marked, and the check passes nothing on it."""
    deep = ("function a(){" * 300 + "}" * 300) * 20
    app = 'const express = require("express");\nconst app = express();\napp.get("/", home);\n'
    assert routes_of({"deep.js": deep, "app.js": app}).unread == ("deep.js",)
