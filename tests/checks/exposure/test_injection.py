"""What of the flows is an injection, how sure it is, and what is said of it."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.exposure.injection import check
from checks.model import Finding

_EXPRESS = 'const express = require("express");\nconst app = express();\n'
_GUARD = "function auth(req, res, next) {\n  if (!req.user) return res.sendStatus(401);\n  next();\n}\napp.use(auth);\n"


def _found(files: dict[str, str]) -> list[Finding]:
    return list(run_example(check, Example(files)).findings)


@pytest.mark.parametrize(
    ("path", "guard", "line", "blocking"),
    [
        ("server.js", "", "db.query(`SELECT * FROM t WHERE a = ${req.query.a}`)", True),
        ("server.js", _GUARD, "db.query(`SELECT * FROM t WHERE a = ${req.query.a}`)", True),
        ("scripts/server.js", "", "db.query(`SELECT * FROM t WHERE a = ${req.query.a}`)", False),
        ("backup_old/server.js", "", "db.query(`SELECT * FROM t WHERE a = ${req.query.a}`)", False),
        ("server.js", "", "db.query(`SELECT * FROM ${table} WHERE a = $1`, [req.query.a])", False),
        ("server.js", "", "db.query(`SELECT * FROM t WHERE a = ${schema.parse(req.query).a}`)", False),
        ("server.js", "", "fetch(req.query.url)", True),
        ("server.js", _GUARD, "fetch(req.query.url)", False),
        ("server.js", "", "res.redirect(req.query.url)", True),
        ("server.js", "", "res.redirect(req.query.base + '/done')", False),
        ("server.js", "", "User.findOne({ email: req.body.email })", False),
    ],
)
def test_what_holds_an_app_back(path: str, guard: str, line: str, blocking: bool) -> None:
    """What is plain holds back; what is fenced, guarded, tested for its type or only likely is told."""
    text = f"{_EXPRESS}{guard}app.post('/x', async (req, res) => {{\n  const r = await {line};\n  res.json(r);\n}});\n"
    found = _found({path: text})
    assert [one.blocking for one in found] == [blocking], [one.message for one in found]


def test_who_can_do_it_is_said() -> None:
    """The message says by which route, and whether a login stands before it."""
    line = "app.post('/x', (req, res) => { eval(req.body.code); });\n"
    assert "(POST /x)" in _found({"server.js": _EXPRESS + line})[0].message
    assert "anyone can run" in _found({"server.js": _EXPRESS + line})[0].message
    assert "whoever is signed in can run" in _found({"server.js": _EXPRESS + _GUARD + line})[0].message


def test_one_finding_a_line_and_kind_and_a_bounded_number_of_advice() -> None:
    """Two values in one statement are one finding; a page that writes markup everywhere is told ten times."""
    both = "app.get('/x', (q, r) => db.query(`SELECT * FROM t WHERE a = ${req.query.a} AND b = ${req.query.b}`));\n"
    assert len(_found({"server.js": _EXPRESS + both})) == 1
    pages = "".join(f"list{number}.innerHTML = `<p>${{rows[{number}]}}</p>`;\n" for number in range(50))
    assert len(_found({"static/list.js": f"function show(rows) {{\n{pages}}}\n"})) == 30


def test_no_text_of_the_code_is_told() -> None:
    """Literals that stand in a statement are in no message."""
    text = (
        _EXPRESS + "app.get('/x', (req, res) => { db.query(`SELECT * FROM t WHERE k = 'hunter2secret' AND "  # noqa: S608 - the fault
        "a = ${req.query['hunter3secret'] || 'hunter4secret'}`); });\n"
    )
    found = _found({"server.js": text})
    assert found
    assert all("hunter2" not in one.message and "hunter4" not in one.message for one in found)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("views/a.ejs", "<p>\n<%- note.text %></p>", 2),
        ("views/a.ejs", "<%- include('head') %>", None),
        ("views/a.hbs", "<p>{{{note}}}</p>", 1),
        ("src/A.vue", '<template><p v-html="note" /></template>', 1),
        ("src/A.svelte", "<p>{@html note}</p>", 1),
        ("templates/a.html", "<p>{{ note | trim | safe }}</p>", 1),
        ("templates/a.html", "<script>const x = {{ data | tojson | safe }};</script>", None),
        ("templates/title.html", "{{ note | safe }}", None),
        ("app.py", "env = Environment(autoescape=False)\n", 1),
    ],
)
def test_templates_that_write_raw(path: str, text: str, line: int | None) -> None:
    """Each template language's way of writing a value raw is told, and what makes its own markup is not."""
    assert [one.line for one in _found({path: text})] == ([] if line is None else [line])
