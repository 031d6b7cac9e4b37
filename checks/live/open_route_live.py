"""
A route that the code guards answers on the live app without a login.

What runs is not always what the code says: an older version is deployed, a proxy strips the header, a variable that
switches the login on is not set, a matcher misses the path. So the routes of the code are asked, as somebody without a
login, and what they answer is compared with what the code promises. The reverse is told as advice: a route that the
code leaves open and something before it guards is safe only as long as that something stands.

It is off until the app's owner switches it on, and careful then: only GET routes are asked whose handler was found and
writes nothing, whose path needs no value and does not sound like an order. All others are not checked, since asking
might change data. That is told and holds nothing back by itself, unless the policy asks for this check by name. Nothing
of the answers is kept but their kind.

## How to fix

1. Deploy the version that was checked, and look for the variables that its login needs.
2. Ask the route yourself without a session (a private window, or `curl -i ADDRESS`): it must answer 401, 403 or a
   redirect to the login.
3. Guard it in the code of the app itself, so that no proxy and no setting decides about it.

## Fix prompt

On the live app the routes listed below answer without a login, although the code guards them. Find out why: compare the
deployed version with this code, and look for guards that depend on an environment variable, a matcher, the order of
middlewares or a header set by a proxy. Make the guard hold without any of these: deny by default in the app's own code,
and stop at the start when what the login needs is not set. Add a test per route that an anonymous request gets 401.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.routes.harm import harm_of
from checks.facts.routes.public_routes import Leave, public_by_design
from checks.facts.site.asked_routes import Asked, AskedRoutes
from checks.facts.site.front import answering
from checks.facts.site.replies import Front, Reply
from checks.model import Confidence, Finding, Outcome, Placement, Route, Severity
from checks.sentences import names

_ON = Front("https://billing.example", base="https://billing.example", page=Reply("/", 200), asks_routes=True)
_JSON = {"content-type": "application/json"}
_GUARDED = (
    "from flask import Flask, abort, jsonify, session\napp = Flask(__name__)\n@app.get('/invoices')\ndef invoices():\n"
    "    if 'user' not in session:\n        abort(401)\n    return jsonify(Invoice.query.all())\n"
)
_OPEN = (
    "from flask import Flask, jsonify\napp = Flask(__name__)\n@app.get('/invoices')\ndef invoices():\n"
    "    return jsonify(Invoice.query.all())\n"
)
_NEXT = (
    "export async function GET() {\n  const session = await auth();\n"
    "  if (!session) return new Response('no', { status: 401 });\n"
    "  return Response.json(await prisma.invoice.findMany());\n}\n"
)


def _given(*replies: Reply, front: Front = _ON) -> dict[str, object]:
    return {"site": front, "site_routes": replies}


check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad({"app.py": _GUARDED}, given=_given(Reply("/invoices", 200, _JSON, b"[1]")), says="GET /invoices", line=3),
        Bad(  # the middleware that guards it in the code is not what runs
            {"app/api/invoices/route.ts": _NEXT},
            given=_given(Reply("/api/invoices", 200, _JSON, b"[]")),
            says="GET /api/invoices answers without a login",
        ),
        Bad(  # advice: something before the app asks
            {"app.py": _OPEN}, given=_given(Reply("/invoices", 401)), says="something before the app"
        ),
        Good({"app.py": _GUARDED}, given=_given(Reply("/invoices", 401))),
        Good({"app.py": _GUARDED}, given=_given(Reply("/invoices", 302, {"location": "/login"}))),
        Good(  # an app of one page answers everything with it
            {"app.py": _GUARDED},
            given=_given(
                Reply("/invoices", 200, {}, b"<!doctype html><div id=root></div>"),
                front=replace(_ON, missing=Reply("/gc", 200, {}, b"<!doctype html><div id=root></div>")),
            ),
        ),
        Good(  # asking might change data
            {"app.py": _GUARDED.replace("    return jsonify", "    db.drop_all()\n    return jsonify")},
            given=_given(),
            outcome=Outcome.NOT_CHECKED,
            says="asking might change data",
        ),
        Good(
            {"app.py": _GUARDED},
            given=_given(front=replace(_ON, asks_routes=False)),
            outcome=Outcome.NOT_CHECKED,
            says="its owner has not switched it on",
        ),
        Good({"cli.py": "print('hello')\n"}, given=_given(), outcome=Outcome.NOT_APPLICABLE),
        Good({"app.py": ""}, given={"site": Front()}, outcome=Outcome.NOT_CHECKED, says="no live address was given"),
    ),
)

_DENIED = frozenset({401, 403})
_SHOWN = 3  # routes named in one sentence
_OFF = (
    "its owner has not switched it on for this app (the button on the app's card, or --probe-routes): "
    "then GET routes that change nothing are asked without a login"
)


@check.detect
def detect(front: Front, routes: AskedRoutes | None) -> Iterator[Finding]:
    """Yield the routes whose answer is not what the code promises."""
    site = answering(front)
    if not site.asks_routes:
        raise NotChecked(_OFF, allows=Placement.PRODUCTION)
    if routes is None:
        raise NotChecked(f"{site.base} could not be asked for its routes")
    if not routes.asked and not routes.left:
        raise NotApplicable("no server routes: nothing that was read answers HTTP requests")
    for one in routes.asked:
        yield from _judged(site, one)
    silent = [one for one in routes.asked if one.trouble]
    if silent:
        raise NotChecked(f"{len(silent)} of {len(routes.asked)} routes got no answer: {silent[0].trouble}")
    left = [one for one in routes.left if one.guard == "guarded"]
    if left:
        named = names([f"{one.method} {one.path}" for one in left], _SHOWN)
        raise NotChecked(f"asking might change data, so these were not: {named}", allows=Placement.PRODUCTION)


def _judged(site: Front, one: Asked) -> Iterator[Finding]:
    name = f"{one.route.method} {one.route.path}"
    guarded = one.route.guard == "guarded"
    if guarded and public_by_design(one.route) is Leave.NO and (one.is_data or one.is_page):
        sure = one.is_data
        doubt = "" if sure else ": see what the page shows, it may ask for the login itself"
        yield Finding(
            f"{name} answers without a login at {site.base}, although the code guards it (by {one.route.by}){doubt}",
            path=one.route.file,
            line=one.route.line,
            kind="answers",
            severity=Severity.HIGH if sure else Severity.MEDIUM,
            confidence=Confidence.HIGH if sure else Confidence.LOW,
            blocking=sure,
            route=Route(one.route.method, one.route.path),
            identity=f"answers {name}",
        )
    elif one.route.guard == "open" and one.status in _DENIED and harm_of(one.route) is not None:
        yield Finding(
            f"{name} asks for a login at {site.base}, and not in the code: something before the app guards it, and "
            "nothing else does",
            path=one.route.file,
            line=one.route.line,
            kind="asks",
            severity=Severity.LOW,
            blocking=False,
            route=Route(one.route.method, one.route.path),
            identity=f"asks {name}",
        )
