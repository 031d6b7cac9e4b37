"""
Files that lie beside an app by mistake: asked for by their usual names, and believed only where their content has form.

An app of one page answers 200 with that page to everything, and some answer every path with an apology, so a status
says nothing. What a file is, its first bytes tell; of the bytes nothing is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.fact import Question
from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.candidates import read
from checks.facts.site.replies import Front, Reply, Wanted
from checks.facts.site.scripts import Scripts, own_path

LARGEST = 64 * 1024  # bytes of one file; its form shows at its beginning, a small map's sources within
_MOST_MAPS = 4


class Form(StrEnum):
    """What a file that was served turned out to be, in words."""

    ENVIRONMENT = "settings of the environment"
    GIT = "the repository itself (.git)"
    DATABASE = "a database"
    DUMP = "a dump of a database"
    ARCHIVE = "an archive"
    KEY = "a private key"
    CREDENTIALS = "a file of credentials"
    BACKUP = "a copy of source code"
    SETTINGS = "settings of the app"
    MAP = "a source map with the sources in it"
    FOLDER = "a folder's index (.DS_Store)"


@dataclass(frozen=True, slots=True)
class Exposed:
    """A file that anybody can fetch: its *path*, its *form*, and what of it is a *secret*, in words ("": nothing)."""

    path: str
    form: Form
    secret: str = ""


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """The *exposed* files, how many were *asked* for, and in words those of which nothing is known."""

    exposed: tuple[Exposed, ...]
    asked: int
    unanswered: tuple[str, ...] = ()


_LINE = re.compile(r"^[ \t]{0,8}(?:export[ \t]{1,4})?[A-Za-z_][A-Za-z0-9_.]{1,80}[ \t]{0,4}=", re.MULTILINE)
_SQL = re.compile(r"^\s{0,200}(?:CREATE TABLE|INSERT INTO|DROP TABLE|COPY \S{1,200} \()", re.MULTILINE | re.IGNORECASE)
_DUMPED = re.compile(r"-- (?:PostgreSQL database dump|MySQL dump|MariaDB dump|phpMyAdmin SQL Dump)")
_HEAD = re.compile(r"(?:ref: refs/heads/\S{1,300}|[0-9a-f]{40,64})\s*\Z")
_CODE = re.compile(r"<\?php|^\s{0,80}(?:import |from \w|const |require\(|module\.exports|def |DEBUG\s*=)", re.MULTILINE)


def _is_environment(text: str, _body: bytes) -> bool:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines) and sum(_LINE.match(line) is not None for line in lines) * 2 > len(lines)


def _is_map(text: str, body: bytes) -> bool:
    start = text.lstrip(")]}' \n").startswith("{")
    # Some builders write a megabyte of mappings before the sources, so of a map that was cut the rest is believed.
    return start and '"mappings"' in text and ('"sourcesContent"' in text or len(body) >= LARGEST)


def _is_settings(text: str, body: bytes) -> bool:
    if len(body) >= LARGEST:
        return text.lstrip().startswith("{")
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


_FORMS: Mapping[Form, Callable[[str, bytes], bool]] = {
    Form.ENVIRONMENT: _is_environment,
    Form.GIT: lambda text, _body: _HEAD.match(text) is not None or text.startswith("[core]"),
    Form.DATABASE: lambda _text, body: body.startswith(b"SQLite format 3\0"),
    Form.DUMP: lambda text, _body: bool(_DUMPED.search(text[:4000]) or _SQL.search(text[:20_000])),
    Form.ARCHIVE: lambda _text, body: body.startswith((b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!")),
    Form.KEY: lambda text, _body: "PRIVATE KEY-----" in text[:200],
    Form.CREDENTIALS: lambda text, _body: read(text, "env") is not None,
    Form.BACKUP: lambda text, _body: _CODE.search(text) is not None,
    Form.SETTINGS: _is_settings,
    Form.MAP: _is_map,
    Form.FOLDER: lambda _text, body: body.startswith(b"\x00\x00\x00\x01Bud1"),
}
#: As what a secret is looked for in each form that is text.
_KINDS = {
    Form.ENVIRONMENT: "env",
    Form.GIT: "config",
    Form.CREDENTIALS: "env",
    Form.BACKUP: "code",
    Form.SETTINGS: "json",
    Form.DUMP: "dump",
}
#: Names below the app's folder, by the form that makes one of them a find.
_NAMES: Mapping[Form, tuple[str, ...]] = {
    Form.ENVIRONMENT: (".env", ".env.local", ".env.production", ".env.development", ".env.bak", ".env.backup"),
    Form.GIT: (".git/HEAD", ".git/config"),
    Form.DUMP: ("backup.sql", "dump.sql", "database.sql", "db.sql", "data.sql"),
    Form.DATABASE: ("db.sqlite3", "database.sqlite", "database.db", "app.db", "data.db"),
    Form.ARCHIVE: ("backup.zip", "site.zip", "www.zip", "app.zip", "backup.tar.gz"),
    Form.KEY: ("server.key", "privkey.pem", "id_rsa"),
    Form.CREDENTIALS: (".npmrc", ".aws/credentials", ".htpasswd"),
    Form.BACKUP: ("index.php.bak", "app.py.bak", "config.py.bak", "server.js.bak", "wp-config.php.bak", "settings.py"),
    Form.SETTINGS: ("config.json", "serviceAccountKey.json", "credentials.json", "appsettings.json"),
    Form.FOLDER: (".DS_Store",),
}


def paths_of(front: Front) -> Mapping[str, Form]:
    """Return the paths that are asked for below the folder of *front*, each with the form that makes it a find."""
    return {front.folder + name: form for form, names in _NAMES.items() for name in names}


def maps_of(front: Front, scripts: Scripts) -> tuple[str, ...]:
    """Return the paths of the source maps that the largest scripts name."""
    named = (own_path(front, one.map, beside=one.path) for one in scripts.found if one.map)
    return tuple(dict.fromkeys(filter(None, named)))[:_MOST_MAPS]


def ask(front: Front, scripts: Scripts) -> Wanted:
    """Want every known name, and the maps of scripts."""
    paths = (*paths_of(front), *maps_of(front, scripts)) if front.base else ()
    return Wanted(front.base, paths, LARGEST)


def join(replies: tuple[Reply, ...], front: Front, scripts: Scripts) -> KnownFiles:
    """Return what was served and is what its name says."""
    by_path = {one.path: one for one in replies}
    wanted = dict(paths_of(front)) | dict.fromkeys(maps_of(front, scripts), Form.MAP) if front.base else {}
    exposed: list[Exposed] = []
    unanswered: list[str] = []
    for path, form in wanted.items():
        reply = by_path.get(path, Reply(path, trouble="it was not asked"))
        if reply.trouble:
            unanswered.append(f"{path}: {reply.trouble}")
        elif reply.is_there and not reply.is_page and reply.body != front.missing.body:
            exposed.extend(_judged(reply, form))
    return KnownFiles(tuple(exposed), len(wanted), tuple(unanswered))


def _judged(reply: Reply, form: Form) -> Iterator[Exposed]:
    text = reply.text
    if not _FORMS[form](text, reply.body):
        return
    found = read(text, _KINDS[form]) if form in _KINDS else None
    strong = [one for one in found.candidates if one.strength in {Strength.CERTAIN, Strength.LIKELY}] if found else []
    strong.sort(key=lambda one: one.strength is not Strength.CERTAIN)
    yield Exposed(reply.path, form, strong[0].what if strong else "")


source = Question(
    fact=KnownFiles, topic="site_files", needs=(Front, Scripts), ask=ask, answer=tuple[Reply, ...], join=join
)
