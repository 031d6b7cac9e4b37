"""How an app keeps people signed in with cookies and the browser's storage, and what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.code.components import as_code, page_of
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.tier import Tier, tier_of
from checks.facts.web.cookie_fault import CookieFault
from checks.facts.web.cookies_javascript import javascript
from checks.facts.web.cookies_python import python


@dataclass(frozen=True, slots=True)
class CookiesInFile:
    """
    One file's faults.

    *session* is the line where Flask or Django is told to keep sessions, *settled* says that the file sets
    SESSION_COOKIE_SECURE, *signs_in* that it has people signed in by a cookie.
    """

    faults: tuple[CookieFault, ...] = ()
    session: int = 0
    settled: bool = False
    signs_in: bool = False


@dataclass(frozen=True, slots=True)
class Cookies:
    """All files' cookies, by path."""

    files: Mapping[str, CookiesInFile]

    @property
    def sign_in(self) -> tuple[str, ...]:
        """The files that have people signed in by a cookie, which browsers send along by themselves."""
        return tuple(path for path, part in self.files.items() if part.signs_in)

    @property
    def settled(self) -> bool:
        """Whether any settings say that the session's cookie goes over encrypted connections alone."""
        return any(part.settled for part in self.files.values())


_HINT = re2.compile(r"(?i)cookie|localStorage|sessionStorage|SessionMiddleware|httponly|session\b|login_user")
_SIGNS_IN = re.compile(
    r"""["'](?:express-session|cookie-session|next-auth|@auth/\w+|iron-session|@supabase/ssr"""
    r"""|@supabase/auth-helpers[\w-]*|lucia|better-auth"""
    r"""|@clerk/[\w-]+|koa-session|@fastify/(?:secure-)?session|@nextauth/[\w-]+|fastify-session|next-iron-session"""
    r"""|remix-auth)["'/]"""
    r"""|\bflask_login\b|\blogin_user\(|\bSESSION_COOKIE_SAMESITE\s{0,3}=\s{0,3}["']?None|\bSessionMiddleware\b|\bCookieTransport\b"""
    r"""|\baiohttp_session\b"""
    r"""|\bflask\b[^\n]{0,120}\bsession\b|createCookieSessionStorage"""
)
_SETTLED = re.compile(r"\bSESSION_COOKIE_SECURE\b|\bTalisman\(|\bsession_cookie_secure\b")
_FLASK = re.compile(r"\bfrom\s+flask\s+import\b[^#]{0,400}\bsession\b|\bflask_login\b|\bflask\.session\b")
_FLASK_LINE = re.compile(
    r"^[ \t]*(?:\w+\.secret_key\s*=|\w+\.config\[[\"']SECRET_KEY[\"']\]|\w+\s*=\s*Flask\()", re.MULTILINE
)
_DJANGO_LINE = re.compile(r"^[ \t]*[\"']django\.contrib\.sessions\.middleware\.SessionMiddleware", re.MULTILINE)


def kind_of(path: str) -> str | None:
    """Return the language of *path*, or as what page it is read; None for tests and other people's code."""
    return language_of(path) or page_of(path) if tier_of(path) is Tier.CODE else None


def read(text: str, kind: str) -> CookiesInFile | None:
    """Return what *text* does with cookies, or None where that is nothing."""
    text, kind = as_code(text, kind)
    if _HINT.search(text.encode("utf-8", "replace")) is None:
        return None
    every = python(text) if kind == "python" else javascript(text, kind)
    found = sorted(every, key=lambda each: each.line)
    place = None
    if kind == "python":
        place = (_FLASK_LINE.search(text) if _FLASK.search(text) else None) or _DJANGO_LINE.search(text)
    session = text.count("\n", 0, place.start()) + 1 if place else 0
    settled = kind == "python" and _SETTLED.search(text) is not None
    # What a script sets or stores is never sure: the browser's storage is sent nowhere by itself.
    signs_in = _SIGNS_IN.search(text) is not None or any(each.sure for each in found)
    part = CookiesInFile(tuple(each for each in found if each.faults), session, settled, signs_in)
    return part if part != CookiesInFile() else None


def join(parts: Mapping[str, CookiesInFile], _listing: Listing) -> Cookies:
    """Return all files' cookies."""
    return Cookies(parts)


source = Collector(fact=Cookies, part=CookiesInFile, kind_of=kind_of, read=read, join=join, parsers=PARSERS)
