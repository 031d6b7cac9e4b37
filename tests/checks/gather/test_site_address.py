"""The address of a live app: what is none is refused in a sentence before anything is looked up."""

import ipaddress

import pytest

from checks.gather.address import BadAddress
from checks.gather.live import Network, machines_of, refusal
from checks.gather.site_address import parse_site
from tests.live_site import leading_to

CLOUD = "That address belongs to the machine's own cloud service: never probed."
PLAIN = "The address is not a plain host name or address."
SELF = "That is this bot: "
CHARACTER = "The address contains a character that is not allowed, or is too long."
#: Forms in which an address that leads inside can be written, and what is said of each.
FORMS = {
    "http://127.0.0.1/": SELF,
    "http://127.1/": PLAIN,
    "http://127.0.1/": PLAIN,
    "http://2130706433/": PLAIN,
    "http://0x7f000001/": PLAIN,
    "http://0x7f.1/": PLAIN,
    "http://0x7f.0.0.0x1/": PLAIN,
    "http://0177.0.0.1/": PLAIN,
    "http://017700000001/": PLAIN,
    "http://１２７.０.０.１/": PLAIN,
    "http://①②⑦.⓪.⓪.①/": PLAIN,
    "http://127.0.0.1./": SELF,
    "http://127%2e0.0.1/": PLAIN,
    "http://0.0.0.0/": SELF,
    "http://0/": PLAIN,
    "http://[::1]/": SELF,
    "http://[::]/": SELF,
    "http://[::ffff:127.0.0.1]/": SELF,
    "http://[::ffff:7f00:1]/": SELF,
    "http://[fe80::1%25eth0]/": PLAIN,
    "http://[fe80::1]/": CLOUD,
    "http://169.254.169.254/latest/meta-data/": CLOUD,
    "http://[fd00:ec2::254]/": CLOUD,
    "http://[::ffff:169.254.169.254]/": CLOUD,
    "http://[64:ff9b::a9fe:a9fe]/": CLOUD,
    "http://[2002:7f00:1::]/": SELF,
    "http://168.63.129.16/": CLOUD,
    "http://100.100.100.200/": CLOUD,
    "http://10.1.2.3/": "10.1.2.3 is a private address. An admin can allow it: GROUNDCREW_ALLOW_PROBE_CIDRS.",
    "http://[fc00::1]/": "fc00::1 is a private address. An admin can allow it: GROUNDCREW_ALLOW_PROBE_CIDRS.",
    "http://example.com\\@127.0.0.1/": CHARACTER,
    "http://example.com@127.0.0.1/": "Do not put a password in the address",
    "http://user:hunter2@example.com/": "Do not put a password in the address",
    "http://example.com\n.evil/": CHARACTER,
    "http://exa mple.com/": CHARACTER,
    "http:///x": PLAIN,
    "http://[::1/": PLAIN,
    "http://example.com:99999/": PLAIN,
    "ftp://example.com/": "Only http and https",
    "gopher://127.0.0.1:6379/_": "Only http and https",
    "javascript:alert(1)": "Only http and https",
    "data:text/html,x": "Only http and https",
    "file:///etc/passwd": "Only http and https",
    "//example.com/": "Only http and https",
    "http:/example.com": "Only http and https",
    "http://example.com:22/": "Port 22 is not probed (allowed: 80, 443).",
    "http://example.com:6379/": "Port 6379 is not probed (allowed: 80, 443).",
    "http://example.com:0/": "Port 0 is not probed (allowed: 80, 443).",
}


@pytest.mark.parametrize("text", FORMS)
async def test_no_form_of_an_address_inside_is_asked(text: str) -> None:
    """Each is refused in the words of its row, and none of the sentences repeats a password."""
    with pytest.raises(BadAddress) as refused:
        await machines_of(parse_site(text), Network(), ())
    assert str(refused.value).startswith(FORMS[text])
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "base", "path", "folder"),
    [
        ("https://billing.example.com", "https://billing.example.com", "/", "/"),
        ("HTTPS://Billing.Example.com./a/b?c=d", "https://billing.example.com", "/a/b?c=d", "/a/b/"),
        ("http://my_service/app/index.html", "http://my_service", "/app/index.html", "/app/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example", "/%C3%A4", "/%C3%A4/"),
        ("https://[2606:50c0:8000::64]:443/", "https://[2606:50c0:8000::64]", "/", "/"),
        ("https://8.8.8.8/x/", "https://8.8.8.8", "/x/", "/x/"),
    ],
)
def test_what_people_type_is_read_plainly(text: str, base: str, path: str, folder: str) -> None:
    """Case, a dot at the end, other alphabets and usual ports make no other address of it."""
    site = parse_site(text)
    assert (site.base, site.path, site.folder) == (base, path, folder)


def test_a_port_that_was_opened_is_one_more() -> None:
    """The setting adds to 80 and 443, and the sentence names them all."""
    assert parse_site("http://example.com:8080/", (80, 443, 8080)).port == 8080
    with pytest.raises(BadAddress, match=r"Port 9 is not probed \(allowed: 80, 443, 8080\)"):
        parse_site("http://example.com:9/", (80, 443, 8080))


async def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to() -> None:
    """It is said which of its addresses is the private one; an admin's range opens that, and nothing of the cloud's."""
    site = parse_site("http://internal.corp/")
    mixed = Network(leading_to("93.184.215.14", "10.1.2.3"))
    with pytest.raises(BadAddress, match=r"leads to 93\.184\.215\.14 and to 10\.1\.2\.3\. 10\.1\.2\.3 is a private"):
        await machines_of(site, mixed, ())
    assert len(await machines_of(site, mixed, ("10.1.0.0/16",))) == 2
    with pytest.raises(BadAddress, match="never probed"):
        await machines_of(site, Network(leading_to("169.254.169.254")), ("169.254.0.0/16",))
    with pytest.raises(BadAddress, match="never probed"):
        await machines_of(site, Network(leading_to("127.0.0.1")), ("127.0.0.0/8",))


def test_a_machine_of_the_open_internet_is_asked() -> None:
    """Addresses that are nobody's but their own are let through."""
    assert not refusal(ipaddress.ip_address("93.184.215.14"), ())
    assert not refusal(ipaddress.ip_address("2606:50c0:8000::64"), ())
