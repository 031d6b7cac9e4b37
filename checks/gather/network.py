"""
Which addresses of machines may be asked, and what a host's name leads to.

`ipaddress.is_global` alone is wrong for nine ranges (facts: safety, 0.5 and 4.4), among them the metadata address of
Azure, NAT64, 6to4 and multicast, so the table is written out here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

from checks.gather.git import Unreadable

Machine = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "168.63.129.16/32",
        ),
    )
)
_OPEN_6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
#: Services of the machine's own cloud; no setting opens them.
_NEVER = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "168.63.129.16/32", "fd00:ec2::254/128", "fe80::/10")))
_ANSWER_S = 4.0  # with the host's own 10 s it is still less than people wait


def is_public(address: Machine) -> bool:
    """Whether *address* is one of the open internet."""
    address = _unpacked(address)
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def is_allowed(address: Machine, cidrs: Sequence[str]) -> bool:
    """Whether *address* may be asked: it is public, or in one of *cidrs* and no service of the machine's own cloud."""
    address = _unpacked(address)
    if is_public(address):
        return True
    inside = any(address in ipaddress.ip_network(cidr) for cidr in cidrs)
    return inside and not any(address in network for network in _NEVER)


async def resolve(host: str, port: int, cidrs: Sequence[str]) -> str:
    """
    Return one address of *host* to be used for the whole of a conversation; raises Unreadable with a sentence.

    A name that leads to any address that may not be asked is refused, whatever else it leads to.
    """
    try:
        async with asyncio.timeout(_ANSWER_S):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise Unreadable(f"The name {host} could not be looked up within {_ANSWER_S:.0f} s; try again.") from None
    except OSError:
        raise Unreadable(
            f"The name {host} could not be looked up: either there is no such host, or this machine has no network."
        ) from None
    addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    for address in addresses:
        if not is_allowed(address, cidrs):
            raise Unreadable(
                f"{host} is inside this network ({address}): not allowed. "
                "An admin can allow it: GROUNDCREW_GIT_ALLOW_CIDRS."
            )
    return str(addresses[0])


def _unpacked(address: Machine) -> Machine:
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if isinstance(mapped, ipaddress.IPv4Address) else address
