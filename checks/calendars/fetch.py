"""
Fetches the iCalendar at an address that an admin gave, under the guard that live apps are asked under.

https only, no machine of this network but those that GROUNDCREW_ALLOW_PROBE_CIDRS opens, no redirect, at most 1 MiB,
ten seconds. Whoever has such an address can often read the calendar by it, so no sentence repeats more than its host.
"""

from __future__ import annotations

import ssl
from http import HTTPStatus

from checks.calendars.exchange import Unreadable
from checks.engine import Engine
from checks.gather.address import BadAddress
from checks.gather.certificate import trusting
from checks.gather.live import Network, machines_of, never_asked
from checks.gather.site_address import SiteAddress, parse_site
from checks.gather.site_connection import connected


def parse_address(text: str, engine: Engine) -> SiteAddress:
    """Return the address that *text* is; raises Unreadable. Nothing is looked up."""
    if text[:9].lower() == "webcal://":
        text = f"https://{text[9:]}"
    if text[:7].lower() == "http://":
        raise Unreadable("Only https:// addresses of calendars are read.")
    try:
        site = parse_site(text, engine.probe_ports)
    except BadAddress as error:
        raise Unreadable(str(error)) from None
    if site.scheme != "https":
        raise Unreadable("Only https:// addresses of calendars are read.")
    why = never_asked(site)
    if why:
        raise Unreadable(why)
    return site


async def fetch(url: str, engine: Engine, network: Network) -> str:
    """Return the text at *url*; raises Unreadable with the end of a sentence about the calendar."""
    site = parse_address(url, engine)
    try:
        machines = await machines_of(site, network, engine.probe_cidrs)
        certificates = trusting(engine.ca_file)
    except BadAddress as error:
        raise Unreadable(str(error)) from None
    except (OSError, ssl.SSLError):
        raise Unreadable("GROUNDCREW_GIT_CA_FILE holds no certificates that can be read") from None
    async with connected(site, machines, certificates, network.pace_s) as connection:
        reply = await connection.get(site.path)
    if reply.trouble or reply.cut:
        raise Unreadable(reply.trouble or reply.cut)
    if reply.status != HTTPStatus.OK:
        redirects = HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST
        how = "redirects, which is not followed: give its final address" if redirects else "does not give it"
        raise Unreadable(f"{site.host} {how} (HTTP {reply.status})")
    return reply.body.decode("utf-8", "replace")
