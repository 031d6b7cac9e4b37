"""Reads the address of a repository as people type it, and says in one sentence what is wrong with it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import idna

from checks.model import CheckError


class BadAddress(CheckError):  # noqa: N818 - said of the address, and read in the sentence
    """An address is not accepted; the text says why, and never repeats credentials."""


@dataclass(frozen=True, slots=True)
class Address:
    """A repository at a code host: *host* as in the list of hosts (`name` or `name:port`), *path* without slashes."""

    host: str
    path: str

    @property
    def url(self) -> str:
        """The address to clone from."""
        return f"https://{self.host}/{self.path}"

    @property
    def name(self) -> str:
        """The host's name without its port."""
        return self.host.partition(":")[0]

    @property
    def port(self) -> int:
        """The port, 443 where none is named."""
        return int(self.host.partition(":")[2] or 443)


_NOT_HTTPS = "That is not an https:// repository address."
_SSH = re.compile(r"^(?:ssh://)?[\w.-]+@([\w.-]+)(?::(?!//)|/)/?([\w./-]+)$")
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(?!:)")
_PATH = re.compile(r"[A-Za-z0-9._~/+-]+")


def parse_address(text: str, hosts: Sequence[str]) -> Address:
    """
    Return the address that *text* is; raises BadAddress with a sentence for who typed it.

    Slack's own wrapping `<url|label>` is undone. *hosts* are the hosts that may be asked. Nothing is looked up.
    """
    text = text.strip(" \t")
    wrapped = re.fullmatch(r"<([^|>]*)(?:\|[^>]*)?>", text)
    text = wrapped[1] if wrapped else text
    _refuse_characters(text)
    rest = _after_scheme(text)
    authority, _, path = rest.partition("/")
    if "@" in authority:
        raise BadAddress(_credentials(authority))
    return Address(_host(authority, hosts), _path(path))


def check_branch(name: str) -> str:
    """Return *name* where git may be given it as a branch; raises BadAddress."""
    if name.startswith("-"):
        raise BadAddress("Branch names may not start with '-'.")
    if not name or re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|\.lock$|\.$", name):
        raise BadAddress("That is not a branch name.")
    return name


def _refuse_characters(text: str) -> None:
    # Before anything parses it: urlsplit silently drops line breaks, and reads a host after a backslash.
    if re.search(r"[\r\n\x0b\x0c\x85\u2028\u2029]", text):
        raise BadAddress("Address contains a line break.")
    for character in text:
        if character in "\\\"'`<>{}|^" or (character.isspace() and "://" in text) or not character.isprintable():
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            raise BadAddress(f"Address contains a character that is not allowed ({shown}).")


def _after_scheme(text: str) -> str:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() == "https" and text[scheme.end() :].startswith("//"):
        return text[scheme.end() + 2 :]
    ssh = _SSH.match(text)
    if ssh and not ssh[1].startswith("-"):
        raise BadAddress(f"Use the https form: https://{ssh[1].lower()}/{ssh[2].removesuffix('.git')}")
    if text.lower().startswith("ssh:"):
        raise BadAddress("Use the https form: https://github.com/OWNER/REPOSITORY")
    if text.lower().startswith("http://"):
        _refuse_inside(_name_and_port(text[7:].partition("/")[0].rpartition("@")[2])[0])
    if scheme and "//" in text[scheme.end() : scheme.end() + 2]:
        raise BadAddress(f"Only https:// repository addresses are accepted (got {scheme[1].lower()[:20]}).")
    raise BadAddress(_NOT_HTTPS)


def _credentials(authority: str) -> str:
    inner, _, host = authority.rpartition("@")
    if re.fullmatch(r"[\w.-]+:\d{1,5}", inner):  # host:443@elsewhere, made to be misread
        return _inside(_name_and_port(host)[0]) or "Address contains a character that is not allowed (@)."
    return "Do not put a token in the address; that token is now in Slack's history: revoke it."


def _host(authority: str, hosts: Sequence[str]) -> str:
    name, port = _name_and_port(authority)
    _refuse_inside(name)
    try:
        plain = name.lower() if name.isascii() else idna.encode(name, uts46=False).decode()
    except idna.IDNAError:
        raise BadAddress("The host in the address is not a valid name.") from None
    if not re.fullmatch(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", plain):
        raise BadAddress("The host in the address is not a valid name.")
    host = plain if port in {"", "443"} else f"{plain}:{port}"
    if host not in hosts:
        raise BadAddress(f"Host {host} is not in the allowed list ({', '.join(hosts)}).")
    return host


def _name_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        name, _, port = authority[1:].partition("]")
        return name, port.removeprefix(":")
    name, _, port = authority.partition(":")
    return name, port


def _refuse_inside(name: str) -> None:
    sentence = _inside(name)
    if sentence:
        raise BadAddress(sentence)


def _inside(name: str) -> str | None:
    """Return the sentence on a host that is an address of a machine, or None where it is a name."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    if not address.is_global:
        return f"Address is inside this network ({address}): not allowed."
    return f"Name the host, not its address ({address})."


def _path(path: str) -> str:
    bare = path.split("?", 1)[0].split("#", 1)[0]
    if ".." in unquote(bare).split("/"):
        raise BadAddress("Address must not contain ..")
    if bare != path or (bare and not _PATH.fullmatch(bare)):
        raise BadAddress("Address is not that of a repository: https://HOST/OWNER/REPOSITORY")
    plain = "/".join(part for part in bare.split("/") if part and part != ".").removesuffix(".git")
    if not plain:
        raise BadAddress("Address names no repository: https://HOST/OWNER/REPOSITORY")
    return plain
