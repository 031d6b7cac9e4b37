"""What the files that start or build an app name: `node server.js`, `gunicorn shop.wsgi`, `src="/src/main.tsx"`."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checks.fact import Collector, Listing

_NAMED = re.compile(
    r"(?:^|/)(?:(?P<package>package\.json)|(?P<docker>(?:[\w.-]+\.)?Dockerfile[\w.-]*)|(?P<lines>Procfile|\.replit|render\.ya?ml|fly\.toml"
    r"|railway\.(?:json|toml)|nixpacks\.toml|app\.ya?ml|(?:docker-)?compose[\w.-]*\.ya?ml|(?:start|run|entrypoint|docker-entrypoint)\.sh"
    r"|supervisord?\.conf|[\w-]+\.service)|(?P<page>index\.html))$"
)
_FILE = re.compile(
    r"\b(?:node|nodemon|tsx|ts-node|bun|deno|python3?|streamlit|fastapi|pm2|esbuild|vite-node|swc-node)\b"
    r"""(?:[ \t"',]+(?:run|start|dev|watch|-[\w=:./-]{1,60}))*[ \t"',]+(?:\./)?"""
    r"""((?:[\w.-]{1,80}/){0,12}[\w-]{1,80}\.(?:py|[cm]?[jt]sx?))(?![\w.*/-])"""
)
_SERVED = re.compile(
    r"""\b(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve|granian|flask)\b[^\n]{0,300}?[\s"'=]([A-Za-z_][\w.]{0,200})(?::[\w.()]+)"""
)
_WSGI = re.compile(r"""\b(?:gunicorn|daphne|uwsgi)\b[^\n]{0,300}?\b([\w.]+\.(?:wsgi|asgi))\b""")
_MODULE = re.compile(r"""\bpython3?["',\s]+-m["',\s]+([A-Za-z_][\w.]*)""")
_SCRIPT = re.compile(
    r"""<script\b[^>]{0,300}?\bsrc\s{0,9}=\s{0,9}["']/?([\w./-]{1,200}\.[cm]?[jt]sx?)["']""", re.IGNORECASE
)
_COMMENT = re.compile(r"^\s*(?:#|//).*$", re.MULTILINE)
_MOST = 200
_STARTS = frozenset({"start", "serve", "prod", "start:prod"})  # scripts of a package.json
_BEGINS = _STARTS | {"dev", "build", "preview", "dev:server", "server", "build:server"}


@dataclass(frozen=True, slots=True)
class Named:
    """
    One file or module that is to be started: its *name* as written, and the *line* that says so.

    *module*: it is a dotted name of Python. *starts*: this is the command that starts the app in front of users.
    *begins*: the app begins there, as users or developers start it or as it is built; not so a script among many.
    """

    name: str
    line: int
    module: bool = False
    starts: bool = False
    begins: bool = True


@dataclass(frozen=True, slots=True)
class Start:
    """What one file starts: *names*; whether it *builds* (a build makes files that are not there)."""

    names: tuple[Named, ...]
    builds: bool = False


@dataclass(frozen=True, slots=True)
class Starts:
    """All files that start or build something, by path."""

    files: Mapping[str, Start] = field(default_factory=dict)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read."""
    match = None if "node_modules/" in path else _NAMED.search(path)
    return match.lastgroup if match else None


def read(text: str, kind: str) -> Start | None:
    """Return what *text*, a file of *kind*, starts; None for nothing."""
    if kind == "package":
        return _package(text)
    if kind == "page":
        names = tuple(Named(match[1], _line(text, match), starts=True) for match in _SCRIPT.finditer(text))
        return Start(names) if names else None
    if kind == "docker":
        names = tuple(_docker(text))
        return Start(names, builds=bool(re.search(r"\bbuild\b", text))) if names else None
    bare = _COMMENT.sub("", text)
    names = tuple(_commands(bare, 0, starts=True))[:_MOST]
    return Start(names) if names else None


def _docker(text: str) -> Iterator[Named]:
    """Yield what the last CMD or ENTRYPOINT names, of which alone a container is started."""
    lines = text.splitlines()
    last = next(
        (at for at in reversed(range(len(lines))) if re.match(r"\s*(?:CMD|ENTRYPOINT)\b", lines[at], re.IGNORECASE)),
        None,
    )
    if last is not None:
        yield from _commands("\n".join(lines[last : last + 20]), last, starts=True)


def _package(text: str) -> Start | None:
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(package, dict):
        return None
    scripts = package.get("scripts")
    scripts = (
        {name: command for name, command in scripts.items() if isinstance(command, str)}
        if isinstance(scripts, dict)
        else {}
    )
    names = [
        Named(one.name, _line_of(text, name), one.module, name in _STARTS, name in _BEGINS)
        for name, command in scripts.items()
        for one in _commands(command[:2000], 0, starts=False)
    ]
    main = package.get("main")
    if isinstance(main, str):
        names.append(Named(main.removeprefix("./"), _line_of(text, "main"), begins=False))
    return Start(tuple(names[:_MOST]), builds="build" in scripts)


def _commands(text: str, above: int, *, starts: bool) -> Iterator[Named]:
    for pattern, module in ((_FILE, False), (_SERVED, True), (_WSGI, True), (_MODULE, True)):
        for match in pattern.finditer(text):
            yield Named(match[1], above + _line(text, match), module, starts)


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start(1)) + 1


def _line_of(text: str, key: str) -> int:
    return text[: max(0, text.find(f'"{key}"'))].count("\n") + 1


def join(parts: Mapping[str, Start], _listing: Listing) -> Starts:
    """Return all files."""
    return Starts(dict(parts))


def places_of(file: str, name: Named) -> Iterator[str]:
    """Yield where *name*, said in *file*, may lie: below the folder of *file*, and below the top of the repository."""
    plain = name.name.replace(".", "/") + ".py" if name.module else posixpath.normpath(name.name)
    for folder in dict.fromkeys((posixpath.dirname(file), "")):
        yield posixpath.join(folder, plain)


source = Collector(Starts, Start, kind_of, read, join, largest=256 * 1024)
