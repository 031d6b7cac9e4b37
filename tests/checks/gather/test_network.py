"""Only addresses of the open internet may be asked, but for ranges that an admin names."""

import ipaddress

import pytest

from checks.addresses import is_allowed, is_public
from checks.gather.git import Unreadable
from checks.gather.network import is_own, resolve

CLOSED = """
    0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1
    192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:1 100::1 2001::1 2001:db8::1 2002:a00:1::1 3fff::1 fc00::1
    fd00:ec2::254 fe80::1 fec0::1 ff02::1
""".split()  # noqa: SIM905 - a list of words is easier to read


@pytest.mark.parametrize("text", CLOSED)
def test_no_address_that_leads_inside_is_public(text: str) -> None:
    """No private, local, metadata, tunnelled or reserved address counts as one of the open internet."""
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["140.82.121.4", "2606:50c0:8000::64", "8.8.8.8", "::ffff:140.82.121.4"])
def test_addresses_of_the_open_internet_are_public(text: str) -> None:
    """Addresses of real code hosts and resolvers are let through."""
    assert is_public(ipaddress.ip_address(text))


def test_a_range_opens_what_lies_in_it_but_never_the_clouds_own_services() -> None:
    """A named range opens its addresses; the metadata service stays closed whatever is named."""
    assert is_allowed(ipaddress.ip_address("10.1.2.3"), ("10.0.0.0/8",))
    assert not is_allowed(ipaddress.ip_address("10.1.2.3"), ("192.168.0.0/16",))
    for metadata in ("169.254.169.254", "fd00:ec2::254", "168.63.129.16"):
        assert not is_allowed(ipaddress.ip_address(metadata), ("0.0.0.0/0", "::/0"))


async def test_a_name_that_leads_inside_is_refused_with_the_setting_that_allows_it() -> None:
    """A host's name that leads to this machine is refused, and the sentence names the setting."""
    with pytest.raises(Unreadable, match=r"^localhost is inside this network .*GROUNDCREW_GIT_ALLOW_CIDRS\.$"):
        await resolve("localhost", 443, ())
    assert await resolve("localhost", 443, ("127.0.0.0/8", "::1/128")) in {"127.0.0.1", "::1"}


def test_this_machines_own_addresses_are_known() -> None:
    """Whatever address this machine answers at is its own, and nobody else's is."""
    assert is_own(ipaddress.ip_address("127.0.0.1"))
    assert not is_own(ipaddress.ip_address("192.0.2.1"))
