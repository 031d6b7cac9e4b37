"""Where data goes over functions and files."""

from __future__ import annotations

from checks.facts.flows.flows import Flow
from tests.checks.facts.flows.flow_facts import flows_of

_SERVER = 'const express = require("express");\nconst app = express();\n'


def _sql(files: dict[str, str]) -> list[Flow]:
    return [one for one in flows_of(files) if one.reach.kind == "sql" and one.reach.origin == "request"]


def test_through_a_chain_of_functions() -> None:
    """A value is followed through functions of other files, and its flow says through which."""
    found = _sql(
        {
            "app.py": "from flask import Flask, request\nfrom service import look\napp = Flask(__name__)\n"
            "@app.get('/x')\ndef x():\n    return look(text=request.args['q'])\n",
            "service.py": "from store import find\ndef look(limit=1, text=''):\n    session = 1\n"
            "    return find(text.strip())\n",
            "store.py": "def find(text):\n    return db.execute(f\"SELECT * FROM t WHERE a = '{text}'\")\n",
        }
    )
    assert [(one.path, one.reach.line, one.through) for one in found] == [("store.py", 2, ("look", "find"))]
    assert [route.path for route in found[0].served] == ["/x"]


def test_only_the_member_that_is_used() -> None:
    """Of an object that is handed over only the members that hold what was sent count."""
    helper = (
        "exports.find = function find({ id, table }) {\n  return db.query(`SELECT * FROM ${MEMBER} WHERE x`);\n};\n"
    )
    handler = (
        _SERVER + 'const { find } = require("./store");\n'
        'app.get("/x", (req, res) => find({ id: req.query.id, table: "t" }));\n'
    )
    assert _sql({"server.js": handler, "store.js": helper.replace("MEMBER", "id")})
    assert not _sql({"server.js": handler, "store.js": helper.replace("MEMBER", "table")})


def test_a_parameter_used_in_a_function_within() -> None:
    """What an inner function uses of the outer one's parameters is the outer one's."""
    found = _sql(
        {
            "server.js": _SERVER + 'const Store = require("./store");\nconst store = new Store();\n'
            'app.get("/x", (req, res) => store.findByName(req.query.name));\n',
            "store.js": "module.exports = class Store {\n  findByName(name) {\n"
            "    const run = () => db.query(`SELECT * FROM t WHERE name = '${name}'`);\n    return run();\n  }\n};\n",
        }
    )
    assert [(one.path, one.reach.line) for one in found] == [("store.js", 3)]


def test_a_piece_of_an_address_fills_a_view() -> None:
    """A view's parameters are what its address says: a text is followed, a number is not."""
    views = (
        "from django.db import connection\ndef one(request, name):\n"
        "    connection.cursor().execute(f\"SELECT * FROM t WHERE a = '{name}'\")\n"
    )
    urls = "from django.urls import path\nfrom . import views\nurlpatterns = [path('x/<KIND:name>/', views.one)]\n"
    assert _sql({"shop/urls.py": urls.replace("KIND", "str"), "shop/views.py": views})
    assert not _sql({"shop/urls.py": urls.replace("KIND", "int"), "shop/views.py": views})


def test_a_check_before_the_call_counts() -> None:
    """What the caller has looked at before it hands it over is not followed as if nobody had."""
    found = _sql(
        {
            "app.py": "from flask import Flask, request\nfrom store import find\napp = Flask(__name__)\n"
            "@app.get('/x')\ndef x():\n    name = request.args['q']\n    if name not in NAMES:\n        abort(400)\n"
            "    return find(name)\n",
            "store.py": "def find(text):\n    return db.execute(f\"SELECT * FROM t WHERE a = '{text}'\")\n",
        }
    )
    assert [one.reach.trust for one in found] == [3]


def test_functions_that_call_each_other_end() -> None:
    """A cycle of calls is followed once."""
    text = (
        "from flask import Flask, request\napp = Flask(__name__)\ndef a(x):\n    return b(x)\ndef b(x):\n    a(x)\n"
        "    eval(x)\n@app.get('/x')\ndef x():\n    return a(request.args['q'])\n"
    )
    found = [one for one in flows_of({"app.py": text}) if one.reach.kind == "code"]
    assert [one.through for one in found] == [("a", "b")]
