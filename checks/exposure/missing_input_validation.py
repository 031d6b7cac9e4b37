"""
A route stores what the request holds without looking at it.

Each route is followed from the request to what it writes into a database. Where nothing on the way looks at the values
(no schema such as zod, pydantic, joi or marshmallow, no form or serializer, no validating middleware, not even a check
that a field is there), the route is named. It is advice, except where a whole body goes into the record of a user: then
whoever sends it sets any column, their role included.

Types of TypeScript are gone when the app runs: they check nothing that was sent. Unchecked input ends in broken rows,
in fields that nobody meant to open, and in errors that show the insides.

## How to fix
Describe what each route takes in a schema, parse the request with it at the top of the handler, and write only the
parsed fields. Limit lengths and ranges. Never spread a whole body into a record.

## Fix prompt
The routes listed below write what the request holds into the database without validation. For each, add a schema with
the library this app already uses (zod, pydantic, joi, marshmallow, a serializer or a form; otherwise add zod or
pydantic), parse the body, query and path parameters with it at the start of the handler, answer 400 with the errors
that it gives, and pass only the parsed fields on, one by one, never the whole body. Limit the length of texts and the
range of numbers. Add a test per route with a missing, an unknown and an over-long field.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.flows.flows import Flow, Flows
from checks.facts.flows.registrations import names_before
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_VALIDATES = re.compile(
    r"valid|schema|celebrate|zod|joi|yup|check_?(?:body|params)|serializ|marshal|expects|use_args|parse", re.IGNORECASE
)
_PERSON = re.compile(r"\b(?:users?|accounts?|members?)\b|from\([\"'`]profiles[\"'`]\)", re.IGNORECASE)
_EXPRESS = 'const express = require("express");\nconst app = express();\n'

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            {
                "app/api/tasks/route.ts": "export async function POST(req: Request) {\n"
                "  const body = await req.json();\n  const task = await prisma.task.create({ data: body });\n"
                "  return Response.json(task);\n}\n"
            },
            says="POST /api/tasks stores",
            line=3,
        ),
        Bad(
            {
                "server.js": _EXPRESS + 'app.put("/users/:id", async (req, res) => {\n'
                "  res.json(await User.findByIdAndUpdate(req.params.id, req.body));\n});\n"
            },
            says="the whole req.body",
        ),
        Bad(
            {
                "app.py": "from flask import Flask, request\napp = Flask(__name__)\n@app.post('/notes')\ndef add():\n"
                "    data = request.get_json()\n    db.session.add(Note(title=data['title'], text=data['text']))\n"
                "    db.session.commit()\n    return ''\n"
            },
            says="POST /notes",
        ),
        Good(
            {
                "app/api/tasks/route.ts": "export async function POST(req: Request) {\n"
                "  const body = taskSchema.parse(await req.json());\n"
                "  return Response.json(await prisma.task.create({ data: body }));\n}\n"
            }
        ),
        Good(
            {
                "main.py": "from fastapi import FastAPI\nfrom models import Note\napp = FastAPI()\n"
                "@app.post('/notes')\ndef add(note: NoteIn):\n    session.add(Note(title=note.title))\n"
            }
        ),
        Good(
            {
                "server.js": _EXPRESS + 'app.post("/notes", validate(noteSchema), async (req, res) => {\n'
                "  res.json(await Note.create(req.body));\n});\n"
            }
        ),
        Good({"lib/add.ts": "export const add = (a: number, b: number) => a + b;\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(flows: Flows, routes: Routes, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield the routes that store what nobody looked at: those that open a user's record first."""
    if not routes.served:
        raise NotApplicable("no server routes: nothing that was read answers HTTP requests")
    stored: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in flows.flows:
        if flow.reach.kind == "store" and flow.reach.origin == "request" and flow.served:
            stored[flow.start].append(flow)
    found = []
    for ends in stored.values():
        route = ends[0].served[0]
        looked_at = any(end.reach.trust or end.reach.schema for end in ends)
        if looked_at or any(_VALIDATES.search(name) for name in names_before(routes.program, route)):
            continue
        worst = max(ends, key=lambda end: (_opens_person(end), end.reach.whole, -end.reach.line))
        found.append(_finding(worst, route))
    yield from sorted(found, key=lambda one: not one.blocking)


def _opens_person(flow: Flow) -> bool:
    """Whether a whole body goes into the record of a user."""
    return flow.reach.whole and _PERSON.search(flow.reach.via) is not None


def _finding(flow: Flow, route: Served) -> Finding:
    reach, name = flow.reach, f"{route.method} {route.path}"
    blocking = _opens_person(flow)
    what = f"the whole {reach.name}" if reach.whole else reach.name
    harm = ": whoever sends it sets any column, a role too" if blocking else ""
    return Finding(
        f"{name} stores {what} of the request, and nothing looks at it before{harm}",
        path=flow.path,
        line=reach.line,
        kind="whole-body" if reach.whole else "unchecked",
        confidence=Confidence.MEDIUM,
        blocking=blocking,
        route=Route(route.method, route.path),
        identity=name,
    )
