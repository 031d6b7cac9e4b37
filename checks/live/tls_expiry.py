"""
The live app's encryption is missing, broken or about to end.

Without TLS everybody on the way, a café's network included, reads passwords and sessions and can change the page. A
certificate that has ended, is self-signed or names another host teaches people to click warnings away, and stops every
program that calls the app. One that ends within two weeks was not renewed when it should have been.

## How to fix

1. Serve the app over https with a certificate that renews itself: most hosts do it with one switch, else use Caddy or
   certbot.
2. Have `http://` answer with a redirect (301 or 308) to `https://`.
3. Where the certificate names another host, add this app's name to it, or give the name that it has.

## Fix prompt

The live app's TLS has the fault listed below. If the app's own server or its configuration decides about it (nginx,
Caddy, Traefik, a Dockerfile, a platform's configuration file), change that: https with an automatically renewed
certificate for the app's name, and a permanent redirect from http to https for every path. In code that builds absolute
addresses use https. If the hosting platform decides, write for me step by step what to switch on there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Bad, Check, Good, NotChecked
from checks.facts.site.front import answering
from checks.facts.site.replies import Certificate, Front, Reply
from checks.model import Finding, Outcome, Placement, Severity

_SOON = 14  # days; those that renew themselves do it 30 days before their end
_NOW = 3  # days; nobody may be there to mend it in time
_SOUND = Front(
    "https://billing.example",
    base="https://billing.example",
    page=Reply("/", 200),
    certificate=Certificate(days_left=60),
    plain=Reply("/", 301, {"location": "https://billing.example/"}),
)

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad({"app.py": ""}, given={"site": replace(_SOUND, certificate=Certificate("expired"))}, says="is expired"),
        Bad(
            {"app.py": ""}, given={"site": replace(_SOUND, certificate=Certificate("self-signed"))}, says="self-signed"
        ),
        Bad({"app.py": ""}, given={"site": replace(_SOUND, certificate=Certificate(days_left=9))}, says="in 9 days"),
        Bad(  # a preview on a bare machine, as builders show it around
            {"app.py": ""},
            given={"site": Front("http://20.1.2.3", base="http://20.1.2.3", page=Reply("/", 200))},
            says="without encryption",
        ),
        Bad(
            {"app.py": ""},
            given={"site": replace(_SOUND, plain=Reply("/", 200, {}, b"<!doctype html>"))},
            says="http://billing.example answers without sending on to https",
        ),
        Good({"app.py": ""}, given={"site": _SOUND}),
        Good({"app.py": ""}, given={"site": replace(_SOUND, plain=Reply("/", trouble="it could not be reached"))}),
        Good({"app.py": ""}, given={"site": replace(_SOUND, certificate=None)}, outcome=Outcome.NOT_CHECKED),
        Good({"app.py": ""}, given={"site": Front()}, outcome=Outcome.NOT_CHECKED, says="no live address was given"),
    ),
)


@check.detect
def detect(front: Front) -> Iterator[Finding]:
    """Yield what is wrong with the site's encryption."""
    site = answering(front)
    if site.base.startswith("http://"):
        yield Finding(
            f"{site.base} is served without encryption, and does not send on to https", kind="plain", identity="plain"
        )
        return
    if site.certificate is None:
        raise NotChecked(f"the certificate of {site.base} could not be seen")
    yield from _certificate(site, site.certificate)
    plain = site.plain
    if plain is not None and plain.is_there:
        host = site.base.removeprefix("https://")
        yield Finding(
            f"http://{host} answers without sending on to https: who types the address without https is not protected",
            kind="no redirect",
            severity=Severity.MEDIUM,
            allows=Placement.ISOLATED,
            identity="no redirect",
        )


def _certificate(site: Front, certificate: Certificate) -> Iterator[Finding]:
    if certificate.fault:
        yield Finding(
            f"The certificate of {site.base} is {certificate.fault}: browsers warn of it, and programs refuse it",
            kind="certificate",
            identity=certificate.fault,
        )
    elif certificate.days_left is not None and certificate.days_left < _SOON:
        is_near = certificate.days_left < _NOW
        days = "1 day" if certificate.days_left == 1 else f"{certificate.days_left} days"
        yield Finding(
            f"The certificate of {site.base} ends in {days} and was not renewed",
            kind="ends",
            severity=Severity.MEDIUM,
            blocking=is_near,
            allows=Placement.ISOLATED if is_near else None,
            identity="ends",
        )
