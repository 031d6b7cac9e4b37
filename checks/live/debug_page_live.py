"""
The live app shows visitors pages that are made for its developers.

A debugger, a stack trace or a framework's debug page tells where the code lies, how it is set up and often which
passwords it uses; Werkzeug's runs Python for whoever gets past its PIN, and a development server hands out the source.
A folder that lists its files gives away every upload. The first page, the answer to an address that nothing has, one
that no server can decode, and the usual addresses of such pages are looked at. Public documentation of an interface and
explorers are told as advice: some teams mean to show them.

## How to fix

1. Run the built app with a production server, and with debug mode off (`DEBUG=False`, `NODE_ENV=production`, no
   `--reload`, no `next dev`, no `vite`).
2. Answer errors with a page of your own that says nothing of the code.
3. Switch the listing of folders off (`autoindex off`, no `serve-index`).

## Fix prompt

The live app shows the developer pages listed below. Change how it is built and started so that production never does:
a production build and a production server in the Dockerfile, Procfile or start script; debug mode off unless an
environment variable of a developer's machine switches it on; error handlers (404 and 500) that show a plain page and
write details to the log only; no directory listing. Put API documentation and GraphQL explorers behind the login, or
switch them off in production. Change nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Bad, Check, Good, NotChecked
from checks.facts.site.debug_pages import DebugPage, DebugPages, Shown, paths_of
from checks.facts.site.front import answering
from checks.facts.site.replies import Front, Reply
from checks.model import Finding, Outcome, Placement, Route, Severity

_FRONT = Front(
    "https://billing.example",
    base="https://billing.example",
    page=Reply("/", 200, {}, b"<!doctype html><div id=root></div>"),
    missing=Reply("/gc-1", 404, {}, b"Not Found"),
)


def _given(*replies: Reply, front: Front = _FRONT) -> dict[str, object]:
    """Return what the parent would bring of a site that answers so, and 404 to everything else."""
    named = {one.path for one in replies}
    return {
        "site": front,
        "site_pages": (*replies, *(Reply(path, 404) for path in paths_of(_FRONT) if path not in named)),
    }


_NODE_TRACE = (
    b"<pre>URIError: Failed to decode param &#39;%ff&#39;<br> &nbsp; &nbsp;"
    b"at decode_param (/app/node_modules/express/lib/router/layer.js:172:12)</pre>"
)
_DJANGO = "<p>You’re seeing this error because you have <code>DEBUG = True</code> in your settings file.</p>".encode()

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {"app.py": ""},
            given=_given(Reply("/console", 200, {}, b"<title>Console // Werkzeug Debugger</title>")),
            says="Werkzeug debugger",
        ),
        Bad(
            {"app.py": ""}, given=_given(front=replace(_FRONT, missing=Reply("/gc-1", 404, {}, _DJANGO))), says="Django"
        ),
        Bad({"server.js": ""}, given=_given(Reply("/%ff", 400, {}, _NODE_TRACE)), says="a stack trace"),
        Bad(  # what "npm run dev" behind a tunnel or in a container shows
            {"package.json": "{}"},
            given=_given(
                front=replace(
                    _FRONT,
                    page=Reply("/", 200, {}, b'<!doctype html><script type="module" src="/@vite/client"></script>'),
                )
            ),
            says="development server of Vite",
        ),
        Bad(
            {"app.py": ""},
            given=_given(Reply("/uploads/", 200, {}, b"<title>Index of /uploads/</title>")),
            says="a list",
        ),
        Bad(  # advice
            {"app.py": ""},
            given=_given(Reply("/docs", 200, {}, b'<script src="/swagger-ui-bundle.js"></script>')),
            says="the documentation",
        ),
        Good({"app.py": ""}, given=_given()),
        Good(  # a page that only talks about it
            {"app.py": ""},
            given=_given(
                front=replace(_FRONT, page=Reply("/", 200, {}, b"<p>Our debugger shows where it fails at night.</p>"))
            ),
        ),
        Good(
            {"app.py": ""},
            given=_given(Reply("/console", trouble="Answer slower than 10 s: stopped")),
            outcome=Outcome.NOT_CHECKED,
        ),
        Good(
            {"app.py": ""}, given=_given(front=Front()), outcome=Outcome.NOT_CHECKED, says="no live address was given"
        ),
    ),
)

_ADVICE = frozenset({Shown.GRAPHQL, Shown.DOCS, Shown.METRICS})


@check.detect
def detect(front: Front, pages: DebugPages | None) -> Iterator[Finding]:
    """Yield each kind of page that should not be shown."""
    site = answering(front)
    if pages is None:
        raise NotChecked(f"{site.base} could not be asked for its pages")
    for one in pages.pages:
        yield _finding(site, one)
    if pages.unanswered:
        raise NotChecked(f"{len(pages.unanswered)} of {pages.asked} pages got no answer: {pages.unanswered[0]}")


def _finding(site: Front, one: DebugPage) -> Finding:
    advice = one.shows in _ADVICE
    path = f"{site.folder}…" if one.path == site.missing.path else one.path
    return Finding(
        f"{site.base}{path} shows anyone {one.shows}",
        kind=one.shows.name.lower(),
        severity=Severity.LOW if advice else None,
        blocking=not advice,
        route=Route("GET", path),
        identity=one.shows.name.lower(),
    )
