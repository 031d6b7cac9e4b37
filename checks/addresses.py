"""
Which addresses of machines are of the open internet, and which no setting may open. One table, written out.

`ipaddress.is_global` alone is wrong for nine ranges, among them the metadata address of Azure, NAT64, 6to4 and
multicast.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

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
#: Services of the machine's own cloud and its neighbours on the wire: AWS and most others, Azure, Alibaba, Oracle,
#: and over IPv6 AWS and Google.
_CLOUD = tuple(
    map(
        ipaddress.ip_network,
        (
            "169.254.0.0/16",
            "168.63.129.16/32",
            "100.100.100.200/32",
            "192.0.0.192/32",
            "fd00:ec2::254/128",
            "fd20:ce::254/128",
            "fe80::/10",
        ),
    )
)
_SELF = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: Machine) -> bool:
    """Whether *address* is one of the open internet."""
    address = _unpacked(address)
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def is_inside(address: Machine, cidrs: Sequence[str]) -> bool:
    """Whether *address* lies in one of *cidrs*."""
    return any(_unpacked(address) in ipaddress.ip_network(cidr) for cidr in cidrs)


def is_of_cloud(address: Machine) -> bool:
    """Whether *address*, or one that is packed into it, is a service of the machine's own cloud."""
    return any(one in network for one in _packed(address) for network in _CLOUD)


def is_of_this_machine(address: Machine) -> bool:
    """Whether *address*, or one that is packed into it, means the machine that asks."""
    return any(one in network for one in _packed(address) for network in _SELF)


def is_allowed(address: Machine, cidrs: Sequence[str]) -> bool:
    """Whether *address* may be asked: it is public, or in one of *cidrs* and no service of the machine's own cloud."""
    return is_public(address) or (is_inside(address, cidrs) and not is_of_cloud(address))


def opens_too_much(cidr: str) -> bool:
    """Whether the range *cidr* holds this machine's own addresses or the cloud's; raises ValueError for no range."""
    network = ipaddress.ip_network(cidr)
    closed = (*_SELF, *_CLOUD, _NAT64)  # through NAT64 any address of IPv4 is reached
    return any(network.version == never.version and network.overlaps(never) for never in closed)


def _unpacked(address: Machine) -> Machine:
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if isinstance(mapped, ipaddress.IPv4Address) else address


def _packed(address: Machine) -> Iterator[Machine]:
    """Yield *address* and every address of IPv4 that it carries."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        tunnelled = address.teredo[1] if address.teredo else None
        yield from (one for one in (address.ipv4_mapped, address.sixtofour, tunnelled) if one is not None)
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
