"""What a host's name leads to, and whether a conversation with it may begin (the table: checks.addresses)."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

from checks.addresses import Machine, is_allowed
from checks.gather.git import Unreadable

_ANSWER_S = 4.0  # with the host's own 10 s it is still less than people wait


async def look_up(host: str, port: int) -> tuple[Machine, ...]:
    """Return every address that *host* leads to, each once; raises TimeoutError, or OSError where there is none."""
    async with asyncio.timeout(_ANSWER_S):
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = (ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found)
    return tuple(dict.fromkeys(addresses))


async def resolve(host: str, port: int, cidrs: Sequence[str]) -> str:
    """
    Return one address of *host* to be used for the whole of a conversation; raises Unreadable with a sentence.

    A name that leads to any address that may not be asked is refused, whatever else it leads to.
    """
    try:
        addresses = await look_up(host, port)
    except TimeoutError:
        raise Unreadable(f"The name {host} could not be looked up within {_ANSWER_S:.0f} s; try again.") from None
    except OSError:
        raise Unreadable(
            f"The name {host} could not be looked up: either there is no such host, or this machine has no network."
        ) from None
    for address in addresses:
        if not is_allowed(address, cidrs):
            raise Unreadable(
                f"{host} is inside this network ({address}): not allowed. "
                "An admin can allow it: GROUNDCREW_GIT_ALLOW_CIDRS."
            )
    return str(addresses[0])


def is_own(address: Machine) -> bool:
    """
    Whether *address* is one of this machine's own, public ones included.

    The system then talks to it from the same address. Nothing is sent: a datagram socket only remembers its peer.
    """
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET  # noqa: PLR2004 - the version's own number
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((str(address), 9))
            return ipaddress.ip_address(str(asked.getsockname()[0]).partition("%")[0]) == address
    except OSError:  # no way there at all
        return False
