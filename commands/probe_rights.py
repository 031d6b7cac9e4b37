"""
Which live apps the bot looks at: those of the company's own domains, and those for which an admin has said so.

Anyone can register somebody else's address, and being asked for forty files looks like an attack to whoever owns it. So
an address outside GROUNDCREW_OWN_DOMAINS is left alone until an admin registers it himself or answers the request that
is posted for the admins. The leave is for the address that the request shows.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from checks.gather.live import Live, refusal
from checks.gather.site_address import parse_site
from checks.model import CheckError
from commands.world import World
from storage.model import App, CheckRequest

#: Why nobody was asked where an admin has not allowed it; shown as the reason of every live check.
NOT_LET = (
    "its live address is outside the company's own domains, and no admin has let me look at it "
    "(the request is in the reliability channel)"
)


def may_probe(app: App, world: World) -> bool:
    """Whether the bot may look at *app* where it runs."""
    return bool(app.live_url) and (app.probes_live or not needs_leave(app.live_url, world))


def needs_leave(live_url: str, world: World) -> bool:
    """Whether *live_url* may be looked at only by an admin's leave; one that is never looked at needs none."""
    engine = world.house.engine
    try:
        site = parse_site(live_url.partition("#")[0], engine.probe_ports)
    except CheckError:
        return False
    if site.literal is not None and refusal(site.literal, engine.probe_cidrs):
        return False
    return not any(site.host == domain or site.host.endswith(f".{domain}") for domain in world.house.own_domains)


def aimed_at(wanted: CheckRequest, app: App, world: World) -> CheckRequest:
    """Return *wanted* with the live address that *app* has now, and the rights that hold for it."""
    return replace(wanted, live_url=app.live_url, may_probe=may_probe(app, world), probes_routes=app.probes_routes)


def live_of(wanted: CheckRequest) -> Live:
    """Return what a check may ask of the live app that *wanted* names."""
    forbidden = "" if wanted.may_probe else NOT_LET
    return Live(wanted.live_url, forbidden if wanted.live_url else "", asks_routes=wanted.probes_routes)


def host_of(live_url: str) -> str:
    """Return the host of *live_url* for a sentence."""
    try:
        return urlsplit(live_url).netloc or live_url
    except ValueError:
        return live_url
