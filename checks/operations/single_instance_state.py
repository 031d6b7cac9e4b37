"""
The app keeps data where the next start, or a second instance, does not find it.

Variables of the process are empty after each start and are not shared between two processes. The disk of many hosts
(Vercel, Netlify, Heroku, Cloud Run, a published Replit) is new at each start as well, so an SQLite file there loses
what people entered. A variable that holds who is signed in holds it for everybody: the last one to sign in is then
everybody's account.

It holds the app back where all data is lost for sure: SQLite on such a host without a volume, a storage class that is
memory alone, and a login in a variable that all visitors share. Everything else is advice.

## How to fix

1. Move what must last into a database outside the process (PostgreSQL at the host, Supabase, Neon), and uploads into
   object storage.
2. Keep who is signed in in a signed session cookie or in a session store (Redis, the database), never in a variable.
3. Or, for one instance only: give the app a volume, put the SQLite file on it, and back it up.

## Fix prompt
This app keeps state in its process or on a disk that does not last (the places are listed below). Move users, orders,
sessions and other records that are kept in variables or in memory storage classes into the database, with a migration;
take the database's address from DATABASE_URL. Where SQLite is used on a host without a volume, change to PostgreSQL.
Give express-session and rate limiters a shared store. Read who is signed in from the request's own session in every
handler, and remove the module-level variable. Store uploads in object storage. Then start the app twice, on two ports,
and check that a login at one works at the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment, Place
from checks.facts.operations.kept import Kept, What
from checks.facts.operations.local_state import LocalState
from checks.facts.operations.service import Service
from checks.facts.operations.signs import Sign, Signs
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_SAID = {
    What.SQLITE: "data lies in an SQLite file, which a second instance does not share",
    What.SQLITE_DEFAULT: "unless a variable names another database, data lies in an SQLite file",
    What.FILE: "records are written to a file on the app's own disk",
    What.UPLOADS: "uploads are kept on the app's own disk",
    What.LOGIN: "who is signed in stands in one variable ({name}) for all: the last one to sign in is everybody",
    What.STORAGE: "all data lies in the process's memory ({name}) and is gone after each start",
    What.RECORDS: "records lie in a variable ({name}): they are gone after each start",
    What.SESSIONS: "sessions lie in the process ({name}): each start signs everybody out",
    What.LIMITS: "calls are counted in the process ({name}): each instance counts anew",
}
_SURE = frozenset({What.LOGIN, What.STORAGE})
_ON_DISK = frozenset({What.SQLITE, What.SQLITE_DEFAULT, What.FILE, What.UPLOADS})
_FLASK = "from flask import Flask\napp = Flask(__name__)\n"

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            {
                "app.py": "import sqlite3\n" + _FLASK + "def db():\n    return sqlite3.connect('app.db')\n",
                "vercel.json": '{"builds": [{"src": "app.py", "use": "@vercel/python"}]}\n',
            },
            says="Vercel",
            line=5,
        ),
        Bad(
            {
                "server/storage.ts": "export class MemStorage implements IStorage {\n"
                "  addUser(user) { this.users.set(user.id, user); }\n  addOrder(o) { this.orders.set(o.id, o); }\n}\n"
                "export const storage = new MemStorage();\n",
                "server/index.ts": 'import express from "express";\nimport { storage } from "./storage";\n'
                "const app = express();\napp.listen(5000);\n",
            },
            says="gone after each start",
            line=5,
        ),
        Bad(
            {
                "app.py": _FLASK
                + "current_user = None\n\n\n@app.post('/login')\ndef login():\n    global current_user\n"
                "    current_user = request.form['user']\n    return 'ok'\n"
            },
            says="everybody",
            line=8,
        ),
        Bad(
            {
                "main.py": "from fastapi import FastAPI\napp = FastAPI()\nusers = {}\n\n@app.post('/users')\n"
                "def add(u: dict):\n    users[u['id']] = u\n"
            },
            says="users",
            line=3,
        ),
        Bad(
            {
                "server.js": "const express = require('express');\nconst session = require('express-session');\n"
                "const app = express();\napp.use(session({ secret: process.env.SECRET }));\n"
            },
            says="signs everybody out",
            line=4,
        ),
        Bad(
            {
                "app/api/otp/route.ts": "import { NextResponse } from 'next/server';\nconst otpCodes = new Map();\n"
                "export async function POST(req) {\n  otpCodes.set(email, code);\n}\n"
            },
            says="otpCodes",
        ),
        Good(
            {
                "app.py": _FLASK + "app.config['SQLALCHEMY_DATABASE_URI'] = os.environ['DATABASE_URL']\n"
                "COLOURS = {}\n@app.get('/')\ndef page():\n    return ''\n"
            }
        ),
        Good(
            {
                "server.js": "const app = require('express')();\nconst session = require('express-session');\n"
                "app.get('/', (req, res) => res.end());\n"
                "app.use(session({ store: new RedisStore({ client }), secret: process.env.SECRET }));\n"
            }
        ),
        Good(
            {
                "src/cart.ts": "import { useState } from 'react';\nconst items = [];\n"
                "export const add = (x) => items.push(x);\n",
                "package.json": '{"dependencies": {"vite": "5"}}\n',
            }
        ),
        Good({"lib.py": "users = {}\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(
    service: Service, state: LocalState, deployment: Deployment, signs: Signs, _others: OtherLanguages
) -> Iterator[Finding]:
    """Yield what the app keeps in its process or on its disk; it holds back where data is lost for sure."""
    if service.why_not:
        raise NotApplicable(service.why_not)
    managed = signs.first(Sign.MANAGED) or signs.first(Sign.OWN)
    told: set[tuple[str, str]] = set()
    for path, each in state.kept:
        what = What(each.what)
        if (path, each.what) in told and what in _ON_DISK:
            continue  # each place that opens the same file is no fault of its own
        told.add((path, each.what))
        fleeting = deployment.fleeting if what in _ON_DISK else None
        if what in {What.UPLOADS, What.FILE} and fleeting is None:
            continue  # a disk that may well last
        yield _finding(path, each, fleeting, another=managed is not None)


def _finding(path: str, each: Kept, fleeting: tuple[str, Place] | None, *, another: bool) -> Finding:
    what = What(each.what)
    lost = what is What.SQLITE and fleeting is not None and not fleeting[1].link and not another
    blocking = what in _SURE or lost
    said = _SAID[what].format(name=each.name)
    where = f", and the disk of {fleeting[1].host} ({fleeting[0]}) is empty after each start" if fleeting else ""
    return Finding(
        f"{said[0].upper()}{said[1:]}{where}",
        path=path,
        line=each.line,
        kind=each.what,
        severity=Severity.MEDIUM if blocking else Severity.LOW,
        confidence=Confidence.HIGH if blocking else Confidence.MEDIUM,
        blocking=blocking,
        source=each.name,
    )
