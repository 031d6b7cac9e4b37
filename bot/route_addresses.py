"""Reads the addresses that second routes are set to, and says what is wrong with one without repeating it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

#: https://www.rfc-editor.org/rfc/rfc8314#section-7.3: 465 for TLS from the start; RFC 6409: 587 for submission.
_PORTS = {"smtps": 465, "smtp": 587}
#: What mail goes to in practice; quoted local parts and comments, which RFC 5322 allows, are not among it.
_MAIL = re.compile(
    r"(?=.{3,254}$)[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_ROUTING_KEY = re.compile(r"[A-Za-z0-9]{32}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """
    A mail server. *is_tls*: encrypted from the start; *starttls*: before anything is said that matters.

    *password* is empty where nobody logs in.
    """

    host: str
    port: int
    is_tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """Read `smtps://user:password@host:465`; raises ValueError with the end of a sentence."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise ValueError("is no address such as smtps://user:password@mail.example:465") from None
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must look like smtps://user:password@mail.example:465, or smtp://mail.example:587")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("must hold a user and a password, or neither")
    is_tls = parts.scheme == "smtps"
    starttls = not is_tls and not is_this_machine(host)
    return MailServer(host, port or _PORTS[parts.scheme], is_tls, starttls, user, password)


def is_mail_address(text: str) -> bool:
    """Whether *text* is an address that mail goes to, and nothing else beside it."""
    return _MAIL.fullmatch(text) is not None and ".." not in text


def sender(text: str) -> Address:
    """Read `Groundcrew <groundcrew@example.com>` or the address alone; raises ValueError."""
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">").strip() if bracket else rest.strip()
    if not is_mail_address(address) or not address.isascii() or (bracket and not rest.endswith(">")):
        raise ValueError(
            "must be a mail address such as groundcrew@example.com, or Groundcrew <groundcrew@example.com>"
        )
    user, _, domain = address.partition("@")
    return Address(re.sub(r"[^\w .-]", "", name.strip(' "')) or "Groundcrew", user, domain)


def endpoint(url: str) -> str:
    """Return *url*, which must be https, or http on this machine, without a user in it; raises ValueError."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or re.search(r"[\x00-\x20\x7f]", url):
        raise ValueError("is no https address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
        raise ValueError("must start with https://")
    if parts.username is not None:
        raise ValueError("must not hold a user and a password")
    return url


def routing_key(key: str) -> str:
    """Return *key*, which must look like one of PagerDuty's; raises ValueError."""
    if not _ROUTING_KEY.fullmatch(key):
        raise ValueError("is no integration key of the Events API v2, which has 32 letters and digits")
    return key


def is_this_machine(host: str) -> bool:
    """Whether *host* is a loopback address, or the name of it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
