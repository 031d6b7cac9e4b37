"""
A secret stands in a script that every visitor's browser loads from the live app.

What a build puts into its scripts is public, whatever the variable was called: a model's key, a database password or
Supabase's service_role key there is read by whoever opens the page's source, and used within hours. The repository may
look sound, for the value often comes from the build's own environment. The scripts that the first page loads from its
own address, and the page itself, are searched as the code is; keys that are made to be seen (Supabase anon, Stripe
pk_, Firebase's web key) are no findings. The value is never stored and never shown.

## How to fix

1. Make the key invalid where it was issued, first: everybody who opened the page has it.
2. Move the call that needs it into a server route or function, and read the new key there from the environment.
3. Give it a name that the build leaves out of scripts: not `VITE_`, `NEXT_PUBLIC_`, `REACT_APP_` or `PUBLIC_`.
4. Build and deploy again, and look for the old value in the new scripts.

## Fix prompt

The scripts that the live app sends to browsers hold the secrets listed below. Find where each gets into the build (an
environment variable with a public prefix, a literal, a client created in a component). Move the call that needs it into
a server route, server action or edge function of this app that checks who is asking, have the browser call that
instead, and read the key on the server only, from an environment variable without a public prefix. Do not write the old
or a new value anywhere. Then list for me every key that I have to make invalid and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.candidates import Candidate
from checks.facts.site.front import answering
from checks.facts.site.replies import Front, Reply
from checks.facts.site.scripts import Script, Scripts
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity

_HTML = {"content-type": "text/html"}
_PAGE = b'<!doctype html><script type="module" crossorigin src="/assets/index-C4f3aB12.js"></script><div id=root></div>'
_FRONT = Front("https://billing.example", base="https://billing.example", page=Reply("/", 200, _HTML, _PAGE))
# Made-up values, in two pieces so that no scanner takes them for real ones.
_OPENAI = "sk-" + "proj-Qm3vT8xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0"
_GOOGLE = "AIza" + "SyB7q2W9xKmT4vR8pLz3NcJ5dHs6YbFg1Ua"
_ANON = "eyJhbGciOiJIUzI1NiJ9." + "eyJyb2xlIjoiYW5vbiIsImlzcyI6InN1cGFiYXNlIn0" + ".c2lnbmF0dXJlLW9mLW5vdGhpbmc"
_SERVICE = (
    "eyJhbGciOiJIUzI1NiJ9." + "eyJyb2xlIjoic2VydmljZV9yb2xlIiwiaXNzIjoic3VwYWJhc2UifQ" + ".c2lnbmF0dXJlLW9mLW5vdGhpbmc"
)
_INLINE = f"<html><script>key='{_OPENAI}'</script>"


def _given(script: str, front: Front = _FRONT) -> dict[str, object]:
    """Return what the parent would bring of a page with one script."""
    body = script.encode()
    return {"site": front, "site_scripts": (Reply("/assets/index-C4f3aB12.js", 200, {}, body),)}


check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad({"src/chat.ts": ""}, given=_given(f'const e=1,k="{_OPENAI}";new t({{apiKey:k}})'), says="OpenAI"),
        Bad({"src/db.ts": ""}, given=_given(f'var s=c("https://abcd.supabase.co","{_SERVICE}");'), says="service_role"),
        Bad(
            {"src/ai.ts": ""},
            given=_given(f'fetch("https://generativelanguage.googleapis.com/v1beta/models?key="+"{_GOOGLE}")'),
            says="Google API key",
        ),
        Bad(  # written into the page itself
            {"app.py": ""},
            given={
                "site": replace(_FRONT, page=Reply("/", 200, _HTML, _INLINE.encode())),
                "site_scripts": (),
            },
            says="in the page / itself",
        ),
        Good({"src/db.ts": ""}, given=_given(f'var s=c("https://abcd.supabase.co","{_ANON}");')),
        Good({"src/fb.ts": ""}, given=_given(f'i({{apiKey:"{_GOOGLE}",authDomain:"a.firebaseapp.com"}})')),
        Good({"src/pay.ts": ""}, given=_given('loadStripe("pk_live_51Habcd7xKq2W9mT4vR8pLz3Nc")')),
        Good(
            {"src/a.ts": ""},
            given={
                "site": _FRONT,
                "site_scripts": (
                    Reply("/assets/index-C4f3aB12.js", 200, {}, b"x", cut="Answer larger than 4 MiB: stopped"),
                ),
            },
            outcome=Outcome.NOT_CHECKED,
            says="larger than 4 MiB",
        ),
        Good(
            {"api.py": ""},
            given={
                "site": replace(_FRONT, page=Reply("/", 200, {"content-type": "application/json"}, b"{}")),
                "site_scripts": (),
            },
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good({"app.py": ""}, given={"site": Front()}, outcome=Outcome.NOT_CHECKED, says="no live address was given"),
    ),
)

_MOST = 5  # findings of one script that are only likely; a bundle holds much of other people's code
#: What a builder adds to a script's name at every build: a finding stays the same without it.
_BUILD = re.compile(r"[-.~_][\w-]{6,64}(?=\.m?js)|[0-9a-f]{8,64}(?=[./-])")


@check.detect
def detect(front: Front, scripts: Scripts | None) -> Iterator[Finding]:
    """Yield each secret in the page and its scripts."""
    site = answering(front)
    if site.elsewhere:
        raise NotApplicable(f"it shows nothing without a login at {site.elsewhere}")
    if not site.page.is_there:
        raise NotChecked(f"{site.base}{site.page.path} answered with status {site.page.status}")
    if scripts is None:
        raise NotChecked(f"{site.base} could not be asked for its scripts")
    if not site.page.is_page:
        raise NotApplicable("what answers there is no page, and loads no scripts")
    for script in scripts.found:
        yield from _findings(site, script)
    if scripts.unread:
        raise NotChecked("; ".join(scripts.unread[:3]))


def _findings(site: Front, script: Script) -> Iterator[Finding]:
    likely = 0
    for one in script.secrets:
        if one.strength is Strength.CERTAIN:
            yield _finding(site, script, one)
        elif one.strength is Strength.LIKELY and likely < _MOST:
            likely += 1
            yield _finding(site, script, one)


def _finding(site: Front, script: Script, one: Candidate) -> Finding:
    # A Google key is seen in every page with a map; only where a model is asked does somebody else pay for it.
    certain = one.strength is Strength.CERTAIN and (one.what != "Google API key" or script.asks_model)
    article = "An" if one.what[0] in "aAOo" else "A"
    is_page = script.path == site.page.path
    where = f"in the page {script.path} itself" if is_page else f"in {script.path}, which every browser loads"
    return Finding(
        f"{article} {one.what} stands {where} ({site.base})",
        kind=one.what,
        severity=None if certain else Severity.MEDIUM,
        confidence=Confidence.HIGH if certain else Confidence.LOW,
        blocking=certain,
        route=Route("GET", script.path),
        identity=f"{one.what} {_BUILD.sub('', script.path.partition('?')[0])} {one.shape[:8] if not certain else ''}",
        same_value=one.same_value,
    )
