"""Looks at the certificate that a site shows: what is wrong with it is an answer, not an error."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence
from pathlib import Path

from checks.addresses import Machine
from checks.facts.site.replies import Certificate
from checks.gather.site_address import SiteAddress
from checks.gather.site_connection import family_of, guarded

_SECONDS = 10.0
_DAY_S = 86_400
#: OpenSSL's verify codes: https://docs.openssl.org/3.0/man1/openssl-verification-options/
_FAULTS = {
    9: "not yet valid",
    10: "expired",
    18: "self-signed",
    19: "signed by an authority that nobody trusts",
    20: "signed by an authority that is not known, or sent without the certificates between",
    21: "sent without the certificates between it and its authority",
    23: "revoked",
    62: "for another host",
    64: "for another address",
}


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Return what verifies as browsers do, with the own authority in *ca_file* besides."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def unverified() -> ssl.SSLContext:
    """
    Return what talks to a site whatever its certificate.

    Nothing secret is sent, and nothing that comes back is believed further than as a finding about the site.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def certificate_of(
    site: SiteAddress, machines: Sequence[Machine], certificates: ssl.SSLContext
) -> Certificate | None:
    """Return what *site* shows at the first of *machines* that answers; None where none speaks TLS."""
    for machine in machines:
        try:
            async with asyncio.timeout(_SECONDS):
                return await _shown(site, machine, certificates)
        except ssl.SSLCertVerificationError as error:
            return Certificate(_FAULTS.get(error.verify_code, error.verify_message))
        except (OSError, TimeoutError):  # an ssl.SSLError is an OSError
            continue
    return None


async def _shown(site: SiteAddress, machine: Machine, certificates: ssl.SSLContext) -> Certificate:
    place = (str(machine), site.port)
    made = guarded((machine,))((family_of(machine), 1, 0, "", place))
    try:
        await asyncio.get_running_loop().sock_connect(made, place)
        _, writer = await asyncio.open_connection(sock=made, ssl=certificates, server_hostname=site.host)
    except BaseException:
        made.close()
        raise
    try:
        ends = (writer.get_extra_info("peercert") or {}).get("notAfter")
        return Certificate(days_left=_days_until(ends) if isinstance(ends, str) else None)
    finally:
        writer.transport.abort()


def _days_until(text: str) -> int:
    return int((ssl.cert_time_to_seconds(text) - time.time()) // _DAY_S)
