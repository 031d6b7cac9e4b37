"""Reads the address of a live app as people type it, and says in one sentence what is wrong with it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

from checks.engine import USUAL_PORTS
from checks.gather.address import BadAddress

_USUAL = {"http": 80, "https": 443}
#: An underscore is not allowed in names of hosts, and yet stands in many inside a network.
_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
#: What browsers read as an address of IPv4, in whatever notation: https://url.spec.whatwg.org/#ends-in-a-number-checker
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_LONGEST = 2000  # characters
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\\"'`<>{}|^\u0080-\u009f\u2028\u2029]")
_AS_IT_IS = "/%:@!$&()*+,;=~?[]"  # of a path and its query
_NOT_PLAIN = "The address is not a plain host name or address."


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """An address of the web: *host* in small ASCII letters (IPv6 without brackets), *path* with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def base(self) -> str:
        """The address without its path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _USUAL[self.scheme] else f":{self.port}")

    @property
    def literal(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The machine's address where the host is one, rather than a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def folder(self) -> str:
        """The path below which the app lies, with a slash at both ends: `/app/` of `/app` and of `/app/index.html`."""
        path = self.path.partition("?")[0]
        above, _, last = path.rpartition("/")
        return f"{above}/" if "." in last or not last else f"{path}/"

    def is_of(self, other: SiteAddress) -> bool:
        """Whether it is the same host as *other*; `www.` before one of them makes no difference."""
        return self.host.removeprefix("www.") == other.host.removeprefix("www.")


def parse_site(text: str, ports: Sequence[int] = USUAL_PORTS) -> SiteAddress:
    """Return the address that *text* is, at one of *ports*; raises BadAddress with a sentence. Nothing is looked up."""
    text = text.strip(" \t")
    if len(text) > _LONGEST or _FORBIDDEN.search(text):
        raise BadAddress("The address contains a character that is not allowed, or is too long.")
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in _USUAL or not rest.startswith("//"):
        raise BadAddress("Only http and https addresses, such as https://billing.example.com.")
    try:
        parts = urlsplit(text)
        port = parts.port or (_USUAL[scheme] if parts.port is None else 0)
    except ValueError:
        raise BadAddress(_NOT_PLAIN) from None
    if "@" in parts.netloc:
        raise BadAddress("Do not put a password in the address; it can be read by others now: change it.")
    host = _host(parts.netloc)
    if port not in ports:
        raise BadAddress(f"Port {port} is not probed (allowed: {', '.join(map(str, ports))}).")
    query = f"?{parts.query}" if parts.query else ""
    return SiteAddress(scheme, host, port, quote((parts.path or "/") + query, safe=_AS_IT_IS))


def _host(authority: str) -> str:
    """Return the host of *authority*, which has no user in it; raises BadAddress."""
    if authority.startswith("["):
        inner = authority[1:].partition("]")[0]
        try:
            return str(ipaddress.IPv6Address(inner)) if "%" not in inner else _refuse()
        except ValueError:
            return _refuse()
    name = authority.partition(":")[0].removesuffix(".")
    try:
        plain = name.lower() if name.isascii() else idna.encode(name, uts46=False).decode()
    except idna.IDNAError:
        return _refuse()
    if _NUMBER.fullmatch(plain.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(plain))
        except ValueError:
            return _refuse()
    return plain if _NAME.fullmatch(plain) else _refuse()


def _refuse() -> str:
    raise BadAddress(_NOT_PLAIN)
