"""
What a request holds is run: as SQL, a command, code, a path, an address or markup.

A value is followed from the request through assignments, string building and the functions it is handed to, over files,
into what acts on it. Parameters of a query, numbers, quoting functions, lists of what is allowed and the like end the
way. SQL, commands, code, templates, paths and addresses from a request hold the app back; what is built from values
of unknown origin is told as advice, as are redirects and markup that only might hold what a stranger wrote.

With one such place a stranger reads the whole database, runs programs on the server or acts as another user. It is the
first thing that automated attacks try.

## How to fix
Keep what a request holds apart from what runs it.

- SQL: give the values as parameters (`execute("... WHERE id = %s", (id,))`, `query("... WHERE id = $1", [id])`), never
  inside the text. Names of columns and tables: choose them from a list of your own.
- Commands: a list of arguments without a shell, or a library in place of the command. Code: never run what was sent.
- Paths: take the bare name (`secure_filename`, `path.basename`), join it to the folder and check that the result still
  lies in it. Addresses: allow a list of hosts.
- Redirects: only paths of your own. Markup: let the template escape it, or use textContent or a sanitizer.

## Fix prompt
The places listed below hand data from a request to something that acts on it. Fix each at its cause: use query
parameters for SQL (and an allow-list for column and table names), argument lists without a shell for commands, no eval
or exec or pickle on input, `secure_filename` or `path.basename` plus a containment check for files, an allow-list of
hosts for addresses the server fetches, only local paths for redirects, and escaping or a sanitizer such as DOMPurify
for markup. Do not rely on checks in the browser. Add a test for each that sends a hostile value and expects no harm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.flows.flows import Flows
from checks.facts.flows.injections import Injection, injection_of
from checks.facts.flows.raw_templates import RawTemplates
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_SEVERITY = {
    **dict.fromkeys(("redirect", "html", "filter"), Severity.MEDIUM),
    **dict.fromkeys(("path", "ssrf", "nosql"), Severity.HIGH),
}
_MOST_ADVICE = 30  # of one kind in one file
_NEAR = 3  # lines: who reads the one line sees the other
_FLASK = "from flask import Flask, redirect, request\napp = Flask(__name__)\n"
_EXPRESS = 'const express = require("express");\nconst app = express();\n'

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "app.py": _FLASK + "@app.get('/users')\ndef users():\n    name = request.args.get('name')\n"  # noqa: S608 - the fault that is shown
                "    rows = db.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n    return str(rows)\n"
            },
            says="request.args.name (GET /users) goes into an SQL statement as text: anyone can",
            line=6,
        ),
        Bad(  # through a function of another file
            {
                "main.py": "from fastapi import FastAPI\nfrom store import find\napp = FastAPI()\n"
                "@app.get('/items')\ndef items(q: str):\n    return find(q)\n",
                "store.py": "def find(text):\n"
                '    return conn.execute("SELECT * FROM items WHERE name LIKE \'%" + text + "%\'").fetchall()\n',
            },
            says="q of the request (GET /items) goes into an SQL statement",
            line=2,
        ),
        Bad(
            {
                "app/api/report/route.ts": 'import { exec } from "child_process";\n'
                "export async function POST(req: Request) {\n  const { url } = await req.json();\n"
                "  exec(`wkhtmltopdf ${url} out.pdf`);\n  return Response.json({ ok: true });\n}\n"
            },
            says="into a command that the server runs",
            line=4,
        ),
        Bad(
            {
                "server.js": _EXPRESS + 'app.get("/calc", (req, res) => {\n'
                "  res.json({ result: eval(req.query.expression) });\n});\n"
            },
            says="into code that is run",
            line=4,
        ),
        Bad(
            {
                "server.js": 'const path = require("path");\n' + _EXPRESS + 'app.get("/files/:name", (req, res) => {\n'
                '  res.sendFile(path.join(__dirname, "uploads", req.params.name));\n});\n'
            },
            says="into the path of a file",
        ),
        Bad(  # that a file is there says nothing of where it is; and one route's check does nothing for the other
            {
                "routes.ts": 'import { readNote } from "./notes";\n'
                + _EXPRESS
                + 'app.get("/a", (req, res) => {\n  const name = req.query.name;\n'
                "  if (!isSafePath(name)) return res.status(400).end();\n  res.send(readNote(name));\n});\n"
                'app.get("/b", (req, res) => {\n  res.send(readNote(req.query.name));\n});\n',
                "notes.ts": 'import fs from "fs";\nimport path from "path";\nexport function readNote(name) {\n'
                '  const full = path.join("./notes", name);\n  if (fs.statSync(full).isDirectory()) return null;\n'
                '  return fs.readFileSync(full, "utf8");\n}\n',
            },
            says="into the path of a file",
            line=6,
        ),
        Bad(
            {
                "supabase/functions/preview/index.ts": "Deno.serve(async (req) => {\n"
                "  const { url } = await req.json();\n  const page = await fetch(url);\n"
                "  return new Response(await page.text());\n});\n"
            },
            says="into the address that the server fetches",
            line=3,
        ),
        Bad(
            {
                "server.js": 'const express = require("express");\nconst { pool } = require("./db");\n'
                'const app = express();\napp.get("/notes", async (req, res) => {\n'
                "  const period = `AND made > '${req.query.since}'`;\n\n\n\n\n"
                "  const statement = `SELECT * FROM notes WHERE id = $1 ${period}`;\n"
                "  res.json(await pool.query(statement, [1]));\n});\n",
            },
            says="into an SQL statement",
            line=11,
        ),
        Bad({"app.py": _FLASK + "@app.get('/out')\ndef out():\n    return redirect(request.args['next'])\n"}, line=5),
        Bad(
            {
                "app.py": _FLASK + "@app.get('/hi')\ndef hi():\n"
                "    return f\"<h1>Hello {request.args.get('name')}</h1>\"\n"
            },
            says="into the page as markup",
        ),
        Bad(  # not proven to come from a request: advice
            {
                "static/list.js": "fetch('/api/notes').then(r => r.json()).then(notes => {\n"
                "  list.innerHTML = notes.map(n => `<li>${n.text}</li>`).join('');\n});\n"
            },
            says="A value goes into the page as markup",
        ),
        Bad(  # the page's own script, filled from the database
            {
                "templates/shelf.html": "<ul id='shelf'></ul>\n<script>\n  shelves.forEach(s => {\n"
                "    const row = document.createElement('li');\n"
                "    row.innerHTML = `<b>${s.title}</b>`;\n    shelf.appendChild(row);\n  });\n</script>\n"
            },
            says="s.title goes into the page as markup",
            line=5,
        ),
        Bad(  # run by a helper that is called by one name in many services
            {
                "server.js": _EXPRESS + 'app.post("/report", async (req, res) => {\n'
                "  const { sql } = req.body;\n  if (!sql || typeof sql !== 'string') return res.status(400).end();\n"
                "  const warehouse = await getWarehouse();\n  res.json(await warehouse.executeQuery(sql));\n});\n"
            },
            says="into an SQL statement as text",
            line=7,
        ),
        Bad(  # a list that is looked at as a list, and whose name says that it is clean
            {
                "server.js": _EXPRESS + 'app.post("/people", async (req, res) => {\n'  # noqa: S608 - the fault that is shown
                "  const { ids } = req.body;\n"
                "  if (!Array.isArray(ids) || ids.length === 0) return res.status(400).end();\n"
                "  const cleanIds = ids.map(id => String(id).trim());\n"
                "  const list = cleanIds.map(id => `'${id}'`).join(',');\n"
                "  res.json(await pool.query(`SELECT * FROM people WHERE id IN (${list})`));\n});\n"
            },
            says="req.body.ids (POST /people) goes into an SQL statement",
            line=8,
        ),
        Bad(  # an open proxy to a service behind: advice
            {
                "app/api/backend/[...path]/route.ts": "export async function GET(req: Request, { params }) {\n"
                "  const { path } = await params;\n"
                "  return fetch(`${process.env.BACKEND_URL}/public/${path.join('/')}`);\n}\n"
            },
            says="reach, with ../",
            line=3,
        ),
        Bad({"templates/note.html": "<p>{{ note.text | safe }}</p>\n"}, says="the filter `safe`", line=1),
        Good(
            {
                "app.py": _FLASK + "@app.get('/users')\ndef users():\n"  # noqa: S608 - the fault that is shown
                "    rows = db.execute('SELECT * FROM users WHERE name = ?', (request.args.get('name'),))\n"
                "    page = int(request.args.get('page', 1))\n"
                "    more = db.execute(f'SELECT * FROM users LIMIT 10 OFFSET {page * 10}')\n    return str(rows)\n"
            }
        ),
        Good(  # only what is on a list of the app's own
            {
                "server.js": _EXPRESS + 'const COLUMNS = ["name", "date"];\napp.get("/list", async (req, res) => {\n'  # noqa: S608 - the fault that is shown
                "  const { sort } = req.query;\n  if (!COLUMNS.includes(sort)) return res.status(400).end();\n"
                "  res.json(await pool.query(`SELECT * FROM items ORDER BY ${sort}`));\n});\n"
            }
        ),
        Good(  # a tagged template gives parameters
            {
                "app/api/items/route.ts": "export async function GET(req: Request) {\n"
                '  const id = new URL(req.url).searchParams.get("id");\n'
                "  return Response.json(await sql`SELECT * FROM items WHERE id = ${id}`);\n}\n"
            }
        ),
        Good(
            {
                "app.py": _FLASK + "from werkzeug.utils import secure_filename\n@app.post('/up')\ndef up():\n"
                "    file = request.files['file']\n"
                "    file.save(os.path.join('uploads', secure_filename(file.filename)))\n    return ''\n"
            }
        ),
        Good({"lib/client.ts": "export const get = (id: string) => fetch(`https://api.example.com/items/${id}`);\n"}),
        Good({"Main.java": "class Main {}\n"}, outcome=Outcome.NOT_CHECKED),
    ),
)


@check.detect
def detect(flows: Flows, templates: RawTemplates, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each place where data from a request is acted on: the sure ones first."""
    best: dict[tuple[str, int, str], Injection] = {}
    for flow in flows.flows:
        found = injection_of(flow)
        if found is None:
            continue
        key = (flow.path, flow.reach.line, found.words.kind)
        before = best.get(key)
        if before is None or _rank(found) > _rank(before):
            best[key] = found
    advice: Counter[tuple[str, str]] = Counter()
    for (path, _, kind), one in sorted(best.items(), key=lambda item: (not item[1].sure, item[0])):
        if not one.sure:
            advice[path, kind] += 1
            if advice[path, kind] > _MOST_ADVICE:
                continue
        yield _finding(one)
    yield from _far(best.values())
    for path, part in sorted(templates.files.items()):
        for place in part.places[:_MOST_ADVICE]:
            named = f"{place.name} goes" if place.name else "Values go"
            yield Finding(
                f"{named} into the page as markup, by {place.how}: whoever wrote it can run script in browsers",
                path=path,
                line=place.line,
                kind="html",
                severity=Severity.MEDIUM,
                confidence=Confidence.LOW,
                blocking=False,
                source=f"{place.how} {place.name}",
            )


def _far(found: Iterable[Injection]) -> Iterator[Finding]:
    """Yield, as advice, the lines where a request's value enters a text that is run far below: there it is mended."""
    told: set[tuple[str, int, str]] = set()
    for one in found:
        reach, kind = one.flow.reach, one.words.kind
        key = (one.flow.path, reach.spliced, kind)
        if not one.sure or not reach.spliced or abs(reach.line - reach.spliced) <= _NEAR or key in told:
            continue
        told.add(key)
        yield Finding(
            f"{reach.name} of the request is put into a text here that goes {one.words.where} at line {reach.line}",
            path=one.flow.path,
            line=reach.spliced,
            kind=kind,
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            blocking=False,
            source=f"put into a text {reach.name}",
        )


def _rank(one: Injection) -> tuple[bool, bool]:
    return one.sure, one.flow.reach.origin in {"request", "address"}


def _finding(one: Injection) -> Finding:
    flow, kind = one.flow, one.words.kind
    route = next(iter(flow.served), None)
    severity = _SEVERITY.get(kind, Severity.CRITICAL)
    known = flow.reach.origin in {"request", "address"}
    return Finding(
        one.message,
        path=flow.path,
        line=flow.reach.line,
        kind=kind,
        severity=severity if one.sure else Severity.MEDIUM if known else Severity.LOW,
        confidence=Confidence.HIGH if one.sure else Confidence.MEDIUM if known else Confidence.LOW,
        blocking=one.sure,
        route=Route(route.method, route.path) if route is not None else None,
        source=f"{flow.reach.via} {flow.reach.name}",
        fix=one.words.mend,
    )
