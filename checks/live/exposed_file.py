"""
The live app hands out files that were never meant for visitors.

Whoever opens `/.env`, `/.git/config` or `/backup.sql` of an app gets passwords, the whole source code or everybody's
data, with no hacking at all; bots ask every new address for exactly these names within minutes. The app is asked for
some forty of them, and for the source maps of its scripts. A file counts only when its content has the form that its
name promises, so an app that answers every address with its first page is not taken for one that leaks.

## How to fix

1. Take the file out of the folder that is served, and deploy only what the build puts out (`dist`, `.next`, `public`).
2. Make every password and key in it invalid where it was issued: whoever fetched the file has them.
3. Have the server refuse names that begin with a dot, and keep dumps, archives and databases outside the app's folder.

## Fix prompt

The live app serves the files listed below to anyone. Change the deployment so that only the build's output is served:
no `.env`, no `.git`, no dumps, archives, databases or copies of source files in a public folder. Add a rule to the web
server or the framework's static file handling that answers 404 to every path with a segment that begins with a dot
(except `/.well-known/`). Switch source maps off for production, or upload them to the error tracker and delete them
from the build. Then list for me every password and key in these files that I have to make invalid.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotChecked
from checks.facts.site.front import answering
from checks.facts.site.known_files import Exposed, Form, KnownFiles, paths_of
from checks.facts.site.replies import Front, Reply
from checks.model import Finding, Outcome, Placement, Route, Severity

_FRONT = Front("https://billing.example", base="https://billing.example", page=Reply("/", 200, {}, b"<!doctype html>"))
_QUIET = tuple(Reply(path, 404) for path in paths_of(_FRONT))
_HOME = b"<!DOCTYPE html><html><body><div id=root></div></body></html>"
# Made up, in two pieces so that no scanner takes it for a real one.
_KEY = "sk-" + "proj-Qm3vT8xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0"


def _given(*served: Reply, front: Front = _FRONT) -> dict[str, object]:
    """Return what the parent would bring of a site that serves *served* and nothing else."""
    named = {one.path for one in served}
    return {
        "site": front,
        "site_scripts": (),
        "site_files": (*served, *(one for one in _QUIET if one.path not in named)),
    }


check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad(
            {"app.py": ""},
            given=_given(Reply("/.env", 200, {}, f"OPENAI_API_KEY={_KEY}\nPORT=3000\n".encode())),
            says="https://billing.example/.env",
        ),
        Bad({"app.py": ""}, given=_given(Reply("/.git/HEAD", 200, {}, b"ref: refs/heads/main\n")), says=".git"),
        Bad(
            {"app.py": ""},
            given=_given(Reply("/backup.sql", 200, {}, b"-- PostgreSQL database dump\n\nCREATE TABLE users (\n")),
            says="a dump of a database",
        ),
        Bad({"app.py": ""}, given=_given(Reply("/db.sqlite3", 200, {}, b"SQLite format 3\0...")), says="a database"),
        Bad(  # advice: a folder's index names its files
            {"app.py": ""}, given=_given(Reply("/.DS_Store", 200, {}, b"\x00\x00\x00\x01Bud1\x00")), says=".DS_Store"
        ),
        Good({"app.py": ""}, given=_given()),
        Good(  # an app of one page answers everything with it
            {"app.py": ""},
            given=_given(*(Reply(path, 200, {"content-type": "text/html"}, _HOME) for path in paths_of(_FRONT))),
        ),
        Good({"app.py": ""}, given=_given(Reply("/config.json", 200, {}, b'{"apiUrl": "/api", "theme": "dark"}'))),
        Good(
            {"app.py": ""},
            given=_given(Reply("/.env", trouble="Answer slower than 10 s: stopped")),
            outcome=Outcome.NOT_CHECKED,
            says="1 of",
        ),
        Good(
            {"app.py": ""}, given=_given(front=Front()), outcome=Outcome.NOT_CHECKED, says="no live address was given"
        ),
    ),
)

#: The best place while a file of this form is served; a form that is not here is advice.
_ALLOWS = {
    Form.GIT: Placement.SANDBOX,
    Form.DATABASE: Placement.NOWHERE,
    Form.DUMP: Placement.NOWHERE,
    Form.ARCHIVE: Placement.SANDBOX,
    Form.KEY: Placement.NOWHERE,
    Form.CREDENTIALS: Placement.NOWHERE,
    Form.BACKUP: Placement.SANDBOX,
}


@check.detect
def detect(front: Front, files: KnownFiles | None) -> Iterator[Finding]:
    """Yield each file that is served."""
    site = answering(front)
    if files is None:
        raise NotChecked(f"{site.base} could not be asked for its files")
    for one in files.exposed:
        if one.secret or one.form is not Form.SETTINGS:
            yield _finding(site, one)
    if files.unanswered:
        raise NotChecked(f"{len(files.unanswered)} of {files.asked} files got no answer: {files.unanswered[0]}")


def _finding(front: Front, one: Exposed) -> Finding:
    article = "an" if one.secret[:1] in "aeiouAEIO" else "a"
    holds = f", with {article} {one.secret} in it" if one.secret else ""
    allows = Placement.NOWHERE if one.secret else _ALLOWS.get(one.form)
    return Finding(
        f"Anyone can fetch {front.base}{one.path}: it is {one.form}{holds}",
        kind=one.form.name.lower(),
        severity=None if allows is Placement.NOWHERE else Severity.HIGH if allows else Severity.LOW,
        blocking=allows is not None,
        allows=allows,
        route=Route("GET", one.path),
        identity=one.path,
    )
