"""What JavaScript code of a server keeps in its process or on its disk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.operations.kept import LOGIN, Kept, What, line_at, what_is
from checks.facts.operations.kept_sqlite import databases
from checks.facts.secrets.names import words_of

_SERVER = re.compile(
    r"[\"'](?:express|fastify|koa|hono|@remix-run/node|next/server|next/headers|@nestjs/common|http|node:http"
    r"|@hapi/hapi|restify|polka|socket\.io|ws|h3)[\"']"
    r"|\bDeno\.serve\(|^[\"']use server[\"']",
    re.MULTILINE,
)
_BROWSER = re.compile(
    r"^[\"']use client[\"']|\b(?:window|document)\.(?!cookie\b)\w|\bfrom [\"']react[\"']", re.MULTILINE
)
_EMPTY = re.compile(
    r"^(?:export[ \t]+)?(?:const|let|var)[ \t]+(?P<name>[A-Za-z_$][\w$]*)[ \t]*(?::[^=\n]{1,120})?="
    r"[ \t]*(?:new[ \t]+(?:Map|Set)\b|\{[ \t]*\}|\[[ \t]*\])",
    re.MULTILINE,
)
_CHANGED = re.compile(
    r"\b(?P<name>[A-Za-z_$][\w$]{0,80})(?:\.(?:set|push|add|unshift)\(|\[[^=\n]{1,120}\][ \t]*[-+]?=(?!=))"
)
_LOGIN = re.compile(rf"^(?:let|var)[ \t]+(?P<name>{LOGIN})\b", re.MULTILINE | re.IGNORECASE)
_STORAGE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?:const|let|var)[ \t]+(?P<name>\w+)(?:[ \t]*:[ \t]*\w+)?[ \t]*="
    r"[ \t]*new[ \t]+(?:Mem|Memory|InMemory)\w*(?:Storage|Store|Repository|Database|DB)?\(",
    re.MULTILINE,
)
_FIELD = re.compile(r"\bthis\.(?P<field>\w+)\.set\(")
_SESSION = re.compile(r"^[^\n/*]{0,120}\b(?:session|expressSession)\(", re.MULTILINE)
_LASTING = re.compile(
    r"\bstore\s*[:,}]|\bstore\s*=|connect-pg-simple|connect-redis|connect-mongo|connect-sqlite|session-file-store"
)
_LIMITER = re.compile(r"\brateLimit\(\s*\{")
_UPLOADS = re.compile(r"\bmulter\(\s*\{\s*dest\b|\bdiskStorage\(|multer\(\{\s*storage:\s*multer\.diskStorage")
_FILES = re.compile(r"\bwriteFile(?:Sync)?\([^,\n]{0,120}(?:\.json|_FILE|File\b|dbPath|DATA_\w+|DB_\w+)[^,\n]{0,40},")


def javascript(text: str, *, served: bool) -> Iterator[Kept]:
    """Yield what *text* keeps; *served*: its path says that it runs on a server."""
    yield from databases(text, javascript=True)
    if _BROWSER.search(text) or not (served or _SERVER.search(text)):
        return
    yield from _variables(text)
    if "express-session" in text and "declare module" not in text and _LASTING.search(text) is None:
        session = _SESSION.search(text)
        if session is not None:
            yield Kept(line_at(text, session.start()), What.SESSIONS.value, "express-session")
    for pattern, what in ((_UPLOADS, What.UPLOADS), (_FILES, What.FILE)):
        first = pattern.search(text)
        if first is not None:
            yield Kept(line_at(text, first.start()), what.value, what.value)
    limiter = _LIMITER.search(text)
    if limiter is not None and not re.search(r"\bstore\s*:|RedisStore", text):
        yield Kept(line_at(text, limiter.start()), What.LIMITS.value, "rateLimit")


def _variables(text: str) -> Iterator[Kept]:
    """Yield the variables of the module that hold records, who is signed in, or all of the app's data."""
    changed = {match["name"] for match in _CHANGED.finditer(text)}
    for match in _EMPTY.finditer(text):
        what = what_is(match["name"], words_of(match["name"])) if match["name"] in changed else None
        if what is not None:
            yield Kept(line_at(text, match.start()), what.value, match["name"])
    for match in _LOGIN.finditer(text):
        if re.search(rf"^[ \t]+{match['name']}[ \t]*=[^=]", text, re.MULTILINE):
            yield Kept(line_at(text, match.start()), What.LOGIN.value, match["name"])
    kept = {match["field"] for match in _FIELD.finditer(text)}
    for match in _STORAGE.finditer(text) if len(kept) > 1 else ():
        if "torage" in match["name"] or match["name"].lower() in {"db", "database", "store", "repository"}:
            yield Kept(line_at(text, match.start("name")), What.STORAGE.value, match["name"])
