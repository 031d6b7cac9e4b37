"""How files start an app: Dockerfiles, Procfiles, start scripts, package.json; read line by line, never run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line that matters: its number from 1 and which way (a name of checks.facts.debug_switches.Switch)."""

    line: int
    way: str


@dataclass(frozen=True, slots=True)
class Commands:
    """What a file starts: *switches* for debug mode, and whether it starts a *server* made for production."""

    switches: tuple[Line, ...] = ()
    server: bool = False


_SERVERS = re.compile(
    r"@vercel/python|\b(?:gunicorn|uvicorn|hypercorn|waitress(?:-serve)?|daphne|uwsgi|granian|passenger|mod_wsgi|WSGIApplication|aws_lambda|"
    r"runtime:\s*python\d*|fastapi run)\b"
)
_VARIABLE = re.compile(
    r"(?<![${])\b(?:FLASK_DEBUG|DJANGO_DEBUG)[\"']?\s*[=: ]\s*[\"']?(?:1|true|on|yes)\b"
    r"|(?<![${])\b(?:FLASK_ENV|NODE_ENV|APP_ENV|RAILS_ENV)[\"']?\s*[=: ]\s*[\"']?development\b",
    re.IGNORECASE,
)
_DEVELOPMENT_SERVER = re.compile(
    r"\bflask\b[^\n]{0,200}\brun\b[^\n]{0,200}--debug\b|\bflask\b[^\n]{0,40}--debug\b|\b(?:uvicorn|gunicorn|hypercorn)\b[^\n]{0,300}--reload\b"
    r"|\bmanage\.py\b[\"', ]{0,6}runserver\b|\bnodemon\b|\b(?:next|nuxt|astro|remix|vite)[\"', ]{1,6}dev\b"
    r"|\bnpm[\"', ]{1,6}run[\"', ]{1,6}dev\b"
    r"|\b(?:yarn|pnpm|bun)[\"', ]{1,6}(?:run[\"', ]{1,6})?dev\b|\bfastapi[\"', ]{1,6}dev\b"
    r"|\bts-node-dev\b|\bnode[\"', ]{1,6}--watch\b"
)
_START = re.compile(
    r"^\s*(?:next dev|nuxt dev|nodemon\b.*|.*NODE_ENV=development\b.*|ts-node-dev\b.*|node --watch\b.*)\s*$"
)
_DEPLOYMENT = re.compile(r"^\s*\[deployment\]")
_FROM = re.compile(r"^\s*FROM\s", re.IGNORECASE)


def commands_in(text: str, kind: str) -> Commands:
    """Return what the file *text* of *kind* starts: "dockerfile", "compose", or a file's name in small letters."""
    server = _SERVERS.search(text) is not None
    if kind == "package.json":
        return Commands(tuple(_of_package(text)), server=False)
    if kind == "dockerfile":
        return Commands(tuple(_of_dockerfile(text)), server)
    lines = text.splitlines()
    if kind == ".replit":
        first = next((number for number, line in enumerate(lines) if _DEPLOYMENT.match(line)), len(lines))
        last = next((n for n, line in enumerate(lines[first + 1 :], first + 1) if line.startswith("[")), len(lines))
        return Commands(tuple(_plain(lines, first, last)), server)
    return Commands(tuple(_plain(lines, 0, len(lines))), server)


def _plain(lines: list[str], first: int, last: int) -> Iterator[Line]:
    for number in range(first, last):
        line = lines[number]
        if line.lstrip().startswith(("#", "//")):
            continue
        if _VARIABLE.search(line):
            yield Line(number + 1, "VARIABLE")
        elif _DEVELOPMENT_SERVER.search(line):
            yield Line(number + 1, "SERVER")


def _of_dockerfile(text: str) -> Iterator[Line]:
    """Yield the lines of the last stage alone: only that one is shipped."""
    lines = text.splitlines()
    last = max((number for number, line in enumerate(lines) if _FROM.match(line)), default=0)
    for line in _plain(lines, last, len(lines)):
        command = lines[line.line - 1].lstrip().upper()
        if line.way == "VARIABLE" or command.startswith(("CMD", "ENTRYPOINT", '"', "[")):
            yield line


def _of_package(text: str) -> Iterator[Line]:
    """Yield the line of a `start` script that starts a development server."""
    try:
        scripts = json.loads(text).get("scripts", {})
        start = scripts.get("start", "")
    except (ValueError, AttributeError, RecursionError):
        return
    if isinstance(start, str) and _START.match(start):
        numbers = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\"start\"\s*:", line)]
        yield Line(numbers[0] if numbers else 1, "SERVER")
