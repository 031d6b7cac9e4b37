"""What code keeps in its process or on its disk, and what looks like it and is not."""

from __future__ import annotations

import pytest

from checks.fact import Listing
from checks.facts.operations.kept import What
from checks.facts.operations.local_state import join, kind_of, read

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
EXPRESS = "const app = require('express')();\n"


def kept(path: str, text: str) -> list[tuple[str, int]]:
    """What *text* at *path* keeps, with the line of each."""
    kind = kind_of(path)
    part = read(text, kind) if kind else None
    return [(each.what, each.line) for each in part.kept] if part else []


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        ("app.py", "import sqlite3\ncon = sqlite3.connect('app.db')\n", What.SQLITE),
        ("app.py", "DB = 'data/app.db'\ncon = sqlite3.connect(DB)\n", What.SQLITE),
        ("app.py", "\nURI = 'sqlite:///app.db'\n", What.SQLITE),
        ("app.py", "\nURI = os.getenv('DATABASE_URL', 'sqlite:///app.db')\n", What.SQLITE_DEFAULT),
        ("app.py", "URI = os.environ.get('URL') or \\\n    'sqlite:///app.db'\n", What.SQLITE_DEFAULT),
        ("db.ts", "import Database from 'better-sqlite3';\nconst db = new Database('app.db');\n", What.SQLITE),
        ("prisma/schema.prisma", 'datasource db {\n  provider = "sqlite"\n}\n', What.SQLITE),
        ("app.py", FLASK.replace("\n", ";", 1) + "def f():\n    open('users.json', 'w')\n", What.FILE),
    ],
)
def test_databases_and_files_are_seen(path: str, text: str, what: What) -> None:
    """An SQLite file is seen however it is opened, and apart from one that a variable may replace."""
    assert what.value in [each for each, _ in kept(path, text)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app.py", "sqlite3.connect(':memory:')\n"),
        ("app.py", "path = tempfile.mktemp()\nsqlite3.connect(path)\n"),
        ("app.py", "URI = 'sqlite:///:memory:'\n"),
        ("tests/test_app.py", "sqlite3.connect('app.db')\n"),
        ("scripts/import.py", "sqlite3.connect('app.db')\n"),
        ("app.py", FLASK + "STATUS_ORDERS = {}\ndef f():\n    STATUS_ORDERS[1] = 2\n"),
        ("app.py", FLASK + "handlers = {}\ndef f():\n    handlers[1] = 2\n"),
        ("app.py", FLASK + "users = {}\n"),
        ("tool.py", "users = {}\ndef f():\n    users[1] = 2\n"),
        ("src/list.tsx", "const users = [];\nusers.push(1);\n"),
        ("src/store.ts", "import { useState } from 'react';\nconst users = [];\nusers.push(1);\n"),
        ("app.py", FLASK + "def f():\n    global current_user\n    current_user = 1\n"),
    ],
)
def test_what_may_be_lost_or_is_not_kept_is_left_alone(path: str, text: str) -> None:
    """Databases in memory, tests, scripts, constants, registries and code for browsers are nothing to lose."""
    assert kept(path, text) == []


def test_records_logins_sessions_and_limits_are_told_apart() -> None:
    """Variables of a server are told by what they hold."""
    python = FLASK + "users = {}\ncurrent_user = None\ndef f():\n    global current_user\n    current_user = users[1]\n"
    python += "    users[1] = 2\n"
    assert kept("app.py", python) == [(What.RECORDS.value, 3), (What.LOGIN.value, 6)]
    javascript = EXPRESS + "const rateLimitMap = new Map();\nlet currentUser = null;\n"
    javascript += "function f() {\n  rateLimitMap.set(1, 2);\n  currentUser = 1;\n}\n"
    assert kept("server.js", javascript) == [(What.LIMITS.value, 2), (What.LOGIN.value, 3)]


def test_a_storage_class_counts_where_another_file_takes_it() -> None:
    """What is left over in a file that nobody imports keeps nothing."""
    text = "class MemStorage {\n  a() { this.users.set(1, 2); this.orders.set(1, 2); }\n}\n"
    storage = read(text + "export const storage = new MemStorage();\n", "typescript-server")
    taker = read("import { storage } from './storage';\n", "typescript-server")
    assert storage is not None
    assert taker is not None
    empty = Listing(())
    assert join({"server/storage.ts": storage}, empty).kept == ()
    both = join({"server/storage.ts": storage, "server/routes.ts": taker}, empty)
    assert [each.what for _, each in both.kept] == [What.STORAGE.value]
