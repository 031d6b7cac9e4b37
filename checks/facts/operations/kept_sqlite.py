"""SQLite files as code opens them, and whether a variable of the environment may name another database."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.operations.kept import Kept, What, line_at

_URL = re.compile(
    r"[\"'`](?:sqlite(?:\+\w{1,20})?:///?(?!/?:memory:|[\"'`]|/[\"'`])|file:[\w./-]{1,80}\.(?:db|sqlite3?)\b)"
)
_CONNECT = re.compile(
    r"\b(?:sqlite3|aiosqlite)\.connect\(\s*(?P<what>[^,)\n]{1,120})"
    r"|new\s+(?:\w+\.)?Database(?:Sync)?\(\s*(?P<js>[^,)\n]{1,120})"
)
_ENGINE = re.compile(
    r"[\"']django\.db\.backends\.sqlite3[\"']|\b(?:dialect|client|type"
    r"|provider)\s*[:=]\s*[\"'](?:better-)?sqlite3?[\"']"
)
_JS_PACKAGE = re.compile(r"[\"'](?:better-sqlite3|sqlite3?|node:sqlite|bun:sqlite|sql\.js)[\"']")
_ENVIRONMENT = re.compile(
    r"environ|getenv|process\.env|\benv\b|\bconfig\(|\bsettings\.|\|\||\?\?|\bor\b|dj_database_url"
    r"|if\s",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"postgres|mysql|dj_database_url|DATABASE_URL|libsql|turso", re.IGNORECASE)
_NOWHERE = re.compile(r":memory:|[cC]ache|CACHE|tempfile|tmp_path|mkstemp|[\"'`]{2}")
_SETTING = re.compile(r"^\s+\w+\s*:\s*[\w\[\] |.]{1,60}=")
_NAME = re.compile(r"^[A-Za-z_][\w.]*$")


def databases(text: str, *, javascript: bool) -> Iterator[Kept]:
    """Yield each SQLite file that *text* opens."""
    lower = "sqlite" in text
    if not lower and ".db" not in text:
        return
    for match in _URL.finditer(text):
        yield _kept(text, match.start())
    for match in _ENGINE.finditer(text):
        if not _ANOTHER.search(_line(text, match.start())):
            yield _kept(text, match.start(), other=_ANOTHER.search(text) is not None)
    if javascript and _JS_PACKAGE.search(text) is None:
        return
    for match in _CONNECT.finditer(text):
        argument = (match["what"] or match["js"] or "").strip()
        value = _bound(text, argument) if _NAME.match(argument) else argument
        if not _NOWHERE.search(value):
            yield _kept(text, match.start(), other=_ENVIRONMENT.search(value) is not None)


def schema(text: str) -> Iterator[Kept]:
    """Yield the line of a Prisma schema that says SQLite."""
    match = re.search(r"^[ \t]*provider\s*=\s*\"sqlite\"", text, re.MULTILINE)
    if match is not None:
        yield Kept(line_at(text, match.end()), What.SQLITE.value, "SQLite")


def _kept(text: str, position: int, *, other: bool = False) -> Kept:
    line = _line(text, position)
    other = other or _ENVIRONMENT.search(line) is not None or _SETTING.match(line) is not None
    previous = _line(text, max(0, text.rfind("\n", 0, position) - 1)) if not other else ""
    other = (
        other
        or re.search(r"(?:getenv|environ\S*|process\.env\S*|\bor|\|\||\?\?|else|else:)[\s(,\\]*$", previous) is not None
    )
    what = What.SQLITE_DEFAULT if other else What.SQLITE
    return Kept(line_at(text, position), what.value, "SQLite")


def _line(text: str, position: int) -> str:
    start, end = text.rfind("\n", 0, position) + 1, text.find("\n", position)
    return text[start : end if end >= 0 else len(text)][:1_000]


def _bound(text: str, name: str) -> str:
    """Return what *name* is bound to in *text*, as far as one line says."""
    match = re.search(
        rf"^[ \t]*(?:const |let |var )?{re.escape(name.rpartition('.')[2])}\s*(?::[^=\n]{{1,60}})?=([^=\n].{{0,300}})",
        text,
        re.MULTILINE,
    )
    return match[1] if match else name
