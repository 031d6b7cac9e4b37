"""What a check may ask of the app where it runs, and which machines it may ask at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from checks.addresses import Machine, is_inside, is_of_cloud, is_of_this_machine, is_public
from checks.gather.address import BadAddress
from checks.gather.network import is_own, look_up
from checks.gather.site_address import SiteAddress

#: Why no route of a live app is asked.
ROUTES_UNASKED = "the app's owner has not let its routes be asked"
#: Requests of one check: some forty known files, thirty pages and scripts, sixty routes, and room for redirects.
_MOST = 240


def refusal(address: Machine, cidrs: Sequence[str]) -> str:
    """Return why the machine at *address* is not asked, or an empty text; *cidrs* are what an admin opened."""
    if is_of_cloud(address):
        return "That address belongs to the machine's own cloud service: never probed."
    if is_of_this_machine(address) or is_own(address):
        return f"That is this bot: {address} is the machine that it runs on, which is never probed."
    if is_public(address) or is_inside(address, cidrs):
        return ""
    return f"{address} is a private address. An admin can allow it: GROUNDCREW_ALLOW_PROBE_CIDRS."


def never_asked(site: SiteAddress) -> str:
    """Return why no setting lets the machine that *site* names be asked, or an empty text; nothing is looked up."""
    if site.host == "localhost" or site.host.endswith(".localhost"):  # by RFC 6761, 6.3, whatever a resolver says
        return f"That is this bot: {site.host} is the machine that it runs on, which is never probed."
    address = site.literal
    if address is not None and (is_of_cloud(address) or is_of_this_machine(address) or is_own(address)):
        return refusal(address, ())
    return ""


@dataclass(frozen=True, slots=True)
class Network:
    """
    The net that a check asks: *look_up* names the machines of a host, *refusal* says why one may not be asked.

    It is the internet's but in tests, which serve on loopback; no setting changes it. *pace_s* is the time in seconds
    between the beginnings of two requests to one host.
    """

    look_up: Callable[[str, int], Awaitable[Sequence[Machine]]] = look_up
    refusal: Callable[[Machine, Sequence[str]], str] = refusal
    pace_s: float = 0.1


@dataclass(slots=True)
class Live:
    """
    The app where it runs: at *url*, empty where nobody gave one.

    *forbidden* says why it may not be asked. *asks_routes*: its owner lets its routes be asked. *left* counts down the
    requests that one check may make, so that no worker gone bad can have a site flooded.
    """

    url: str = ""
    forbidden: str = ""
    asks_routes: bool = False
    network: Network = Network()
    left: int = _MOST


async def machines_of(site: SiteAddress, network: Network, cidrs: Sequence[str]) -> tuple[Machine, ...]:
    """
    Return the machines that *site* leads to, to be asked and no others; raises BadAddress.

    A name that leads to any machine that may not be asked is refused, whatever else it leads to.
    """
    if site.literal is not None:
        found: tuple[Machine, ...] = (site.literal,)
    else:
        try:
            found = tuple(await network.look_up(site.host, site.port))
        except TimeoutError:
            raise BadAddress(f"The name {site.host} could not be looked up in time; try again.") from None
        except OSError:
            raise BadAddress(f"The name {site.host} could not be looked up: there may be no such host.") from None
    if not found:
        raise BadAddress(f"The name {site.host} leads nowhere.")
    for address in found:
        why = network.refusal(address, cidrs)
        if why:
            others = [str(one) for one in found if one != address]
            also = f"{site.host} leads to {', '.join(others[:3])} and to {address}. " if others else ""
            raise BadAddress(also + why)
    return found
