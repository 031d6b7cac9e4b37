"""
The live app leaves out headers by which browsers protect its visitors.

They cost a few lines and take the edge off faults that are found later: a content security policy stops injected
scripts, `frame-ancestors` keeps others from laying the app under their own buttons, HSTS keeps the connection
encrypted, `nosniff` keeps an upload from being run as a script, and a referrer policy keeps addresses from telling
other sites what they hold. Missing ones are told as advice: they protect where something else went wrong.

## How to fix

Set them once for all answers, in the framework or at the host:
`Strict-Transport-Security: max-age=31536000`, `X-Content-Type-Options: nosniff`,
`Referrer-Policy: strict-origin-when-cross-origin`, and a `Content-Security-Policy` with `frame-ancestors 'none'` that
begins as report-only and is enforced once nothing legitimate is reported.

## Fix prompt

Add the security headers listed below to every answer of this app, in one place: `headers()` in next.config for Next.js,
helmet for Express, a middleware for FastAPI and Flask, SecurityMiddleware and its settings for Django, or the host's
configuration file (vercel.json, netlify.toml, _headers). Write a Content-Security-Policy that fits what the pages
really load, without `unsafe-eval`, and send it as Content-Security-Policy-Report-Only first. Change nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from checks.check import Bad, Check, Good
from checks.facts.site.front import answering
from checks.facts.site.replies import Front, Reply
from checks.model import Finding, Outcome, Placement, Severity

_ALL = {
    "strict-transport-security": "max-age=31536000",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
_SOUND = Front(
    "https://billing.example", base="https://billing.example", page=Reply("/", 200, _ALL, b"<!doctype html>")
)


def _without(name: str) -> dict[str, object]:
    headers = {key: value for key, value in _ALL.items() if key != name}
    return {"site": replace(_SOUND, page=replace(_SOUND.page, headers=headers))}


check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad(
            {"app.py": ""},
            given={"site": replace(_SOUND, page=Reply("/", 200, {"server": "Vercel"}, b"<!doctype html>"))},
            says="Strict-Transport-Security",
        ),
        Bad({"app.py": ""}, given=_without("content-security-policy"), says="Content-Security-Policy"),
        Bad({"app.py": ""}, given=_without("x-content-type-options"), says="X-Content-Type-Options"),
        Good({"app.py": ""}, given={"site": _SOUND}),
        Good({"app.py": ""}, given={"site": Front()}, outcome=Outcome.NOT_CHECKED, says="no live address was given"),
    ),
)

_AGE = re.compile(r"max-age\s{0,4}=\s{0,4}\"?(\d{1,12})", re.IGNORECASE)
_MONTH_S = 30 * 86_400  # a shorter one is forgotten between two visits


@check.detect
def detect(front: Front) -> Iterator[Finding]:
    """Yield each protection that the first page lacks."""
    site = answering(front)
    headers = site.page.headers
    if site.base.startswith("https://"):
        yield from _encryption(site, headers)
    policy = headers.get("content-security-policy", "")
    if not policy:
        only = "content-security-policy-report-only" in headers
        said = " (it is only reported on, not enforced)" if only else ""
        yield _advice(site, "Content-Security-Policy", f"an injected script runs unhindered{said}", Severity.LOW)
    if "frame-ancestors" not in policy.lower() and "x-frame-options" not in headers:
        yield _advice(site, "frame-ancestors", "another site can lay it under its own buttons", Severity.LOW)
    if headers.get("x-content-type-options", "").strip().lower() != "nosniff":
        yield _advice(site, "X-Content-Type-Options", "a browser may run an upload as a script", Severity.LOW)
    if "referrer-policy" not in headers:
        yield _advice(site, "Referrer-Policy", "what links tell other sites is left to each browser", Severity.LOW)


def _encryption(site: Front, headers: Mapping[str, str]) -> Iterator[Finding]:
    age = _AGE.search(headers.get("strict-transport-security", ""))
    if age is None or int(age[1]) < _MONTH_S:
        short = "lasts less than a month" if age else ""
        what = short or "a first visit can be kept from using https"
        yield _advice(site, "Strict-Transport-Security", what, Severity.LOW)


def _advice(site: Front, header: str, what: str, severity: Severity) -> Finding:
    return Finding(
        f"{site.base} sends no {header} that protects: {what}",
        kind=header.lower(),
        severity=severity,
        blocking=False,
        identity=header.lower(),
    )
