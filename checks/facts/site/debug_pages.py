"""
Pages that a site shows only by mistake or only to developers: debuggers, stack traces, lists of files, API explorers.

They are known by what their own authors print on them, never by a status. The first page, the answer to a path that
nothing has, and a few usual addresses are looked at; one of those is a path no server can decode, which makes apps in
development mode show how they fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from checks.fact import Question
from checks.facts.site.replies import Front, Reply, Wanted

LARGEST = 256 * 1024  # bytes of a page; what gives it away stands near the beginning or end of pages far smaller


class Shown(StrEnum):
    """What a page turned out to be; the name is its kind, the text completes "PATH shows ..."."""

    WERKZEUG = "the Werkzeug debugger, which lets whoever gets past its PIN run Python on the server"
    DJANGO = "Django's debug page, with its settings and addresses (DEBUG = True)"
    LARAVEL = "Laravel's debug page, with code and settings (APP_DEBUG=true)"
    RAILS = "the Rails debug page, with code around the error"
    NEXT = "the development build of Next.js (next dev)"
    VITE = "the development server of Vite, which serves the source files"
    ENVIRONMENT = "the environment of the server process"
    PHPINFO = "phpinfo(), with the settings of the server"
    TRACE = "a stack trace with places in the server's code"
    LISTING = "a list of the files in a folder"
    GRAPHQL = "an explorer of its GraphQL interface"
    DOCS = "the documentation of its interface"
    METRICS = "what the app measures of itself"


#: In the order in which they are asked; the first that fits is what the page is.
_FORMS = {
    Shown.WERKZEUG: r"Werkzeug Debugger</title>|__debugger__=yes|<h1>Interactive Console</h1>",
    Shown.DJANGO: r"You(?:'|’|&#x27;|&#39;)re seeing this error because you have\s{1,8}<code>DEBUG = True</code>",
    Shown.LARAVEL: r"Illuminate\\{1,2}[A-Z]\w{1,60}\\|facade/ignition|spatie/laravel-ignition|window\.ignite\(",
    Shown.RAILS: r"<title>Action Controller: Exception caught</title>|<h2[^>]{0,80}>Routing Error</h2>"
    r"|id=\"better-errors\"",
    Shown.NEXT: r"/_next/static/development/|\"buildId\":\"development\""
    r"|/_next/static/chunks/(?:react-refresh|\[turbopack\]_browser_dev|(?:webpack|main-app)\.js\?v=\d{10})|__nextjs_original-stack-frame",
    Shown.VITE: r"<script[^>]{0,100}\bsrc=\"[^\"]{0,200}/@vite/client\"",
    Shown.ENVIRONMENT: r"\"activeProfiles\"\s{0,4}:|\"propertySources\"\s{0,4}:",
    Shown.PHPINFO: r"<title>(?:PHP [\d.]{1,12} - )?phpinfo\(\)</title>",
    Shown.TRACE: r"Traceback \(most recent call last\):?[\s<]"
    r"|(?:^|[\n>;]|&nbsp;)\s{0,8}at (?:[\w.$<>\[\] ]{1,120} )?\(?(?:file:///|/|[A-Z]:\\)[^\s()<>]{1,300}"
    r"\.[cm]?[jt]sx?:\d{1,6}:\d{1,6}"
    r"|\bat [\w.$]{3,200}\([A-Z]\w{1,80}\.java:\d{1,6}\)"
    r"|<b>(?:Fatal error|Warning|Notice|Parse error)</b>:.{1,400}? on line <b>\d{1,6}</b>",
    Shown.LISTING: r"<title>(?:Index of|Directory listing for|listing directory) "
    r"|<h1>(?:Index of|Directory listing for) ",
    Shown.GRAPHQL: r"graphiql(?:\.min)?\.(?:js|css)|GraphQL Playground|<title>(?:Apollo Sandbox|GraphiQL|Altair)",
    Shown.DOCS: r"swagger-ui(?:-bundle)?(?:\.min)?\.(?:js|css)|<redoc\b|redoc\.standalone\.js",
    Shown.METRICS: r"(?m)^# (?:HELP|TYPE) [a-z_]{3,100} ",
}
_COMPILED = {shown: re.compile(form, re.IGNORECASE if shown is Shown.LISTING else 0) for shown, form in _FORMS.items()}
#: Below the app's folder.
_PATHS = (
    *("%ff", "console", "docs", "redoc", "api/docs", "swagger", "swagger-ui.html", "api-docs", "graphql", "graphiql"),
    *("actuator/env", "phpinfo.php", "metrics", "static/", "uploads/", "media/", "files/", "backup/", "logs/"),
)


@dataclass(frozen=True, slots=True)
class DebugPage:
    """One page that shows what it should not: its *path*, and what it *shows*."""

    path: str
    shows: Shown


@dataclass(frozen=True, slots=True)
class DebugPages:
    """The *pages* found, each kind once; *unanswered* are paths of which nothing is known, with why."""

    pages: tuple[DebugPage, ...]
    asked: int
    unanswered: tuple[str, ...] = ()


def paths_of(front: Front) -> tuple[str, ...]:
    """Return the paths that are asked for below the folder of *front*."""
    return tuple(front.folder + name for name in _PATHS) if front.base else ()


def ask(front: Front) -> Wanted:
    """Want the usual addresses."""
    return Wanted(front.base, paths_of(front), LARGEST)


def join(replies: tuple[Reply, ...], front: Front) -> DebugPages:
    """Return which pages show what they should not."""
    by_path = {one.path: one for one in replies}
    asked = [by_path.get(path, Reply(path, trouble="it was not asked")) for path in paths_of(front)]
    found: dict[Shown, DebugPage] = {}
    for reply in (front.page, front.missing, *asked):
        for shows in _shown(reply):
            found.setdefault(shows, DebugPage(reply.path, shows))
    unanswered = tuple(f"{one.path}: {one.trouble}" for one in (front.missing, *asked) if one.trouble)
    return DebugPages(tuple(found.values()), len(asked) + 2, unanswered)


def _shown(reply: Reply) -> Iterator[Shown]:
    text = reply.text
    for shows, form in _COMPILED.items():
        # A page that came as asked may be about stack traces; one that failed shows its own.
        if form.search(text) and not (shows is Shown.TRACE and reply.is_there):
            yield shows


source = Question(fact=DebugPages, topic="site_pages", needs=(Front,), ask=ask, answer=tuple[Reply, ...], join=join)
