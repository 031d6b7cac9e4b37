"""
What the engine of the checks needs to know from outside, and where it reads it: GROUNDCREW_* in the environment.

It is read here by hand so that `groundcrew check` starts without a settings library; the bot's settings hand over the
same dataclass.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from checks.addresses import opens_too_much
from checks.model import CheckError

GITHUB_API = "https://api.github.com"
DEFAULT_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")
USUAL_PORTS = (80, 443)
MACHINE = "machine"  # in place of an address: what pip and npm of this machine are set to
ADVISORIES_MAX_AGE = "7d"
_LONGEST_SECRET = 64 * 1024  # characters
SHORTEST_KEY = 32  # characters of a fingerprint key: 128 bits in hexadecimal
MiB = 1024 * 1024
_LAST_PORT = 65_535
_log = logging.getLogger(__name__)


class SettingError(CheckError):
    """A setting is wrong; the text names it, never its value."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a repository is read, and for how long. A limit hit makes the answer partial."""

    paths: int = 200_000
    listing: int = 64 * MiB  # bytes of paths
    tree: int = 300 * MiB  # bytes of blobs read for one check
    transfer: int = 1024 * MiB  # bytes of one file of a mirror, and so of what one fetch brings
    fetch_s: float = 300.0
    answer_s: float = 10.0  # until a code host says anything
    commits: int = 200_000
    history_s: float = 60.0
    history_wait_s: float = 20.0  # that the rest of a check waits for the history's secrets; they are read on next time
    history_blobs: int = 2048 * MiB  # bytes of the history's files read for secrets in one check
    git_s: float = 180.0  # until commit, list of files and history are read
    blob_s: float = 10.0
    step_s: float = 30.0  # one fact joined, one check asked
    check_s: float = 300.0  # all of the worker's work
    deaths: int = 5


@dataclass(frozen=True, slots=True)
class Engine:
    """
    Everything a check needs from outside.

    *home* holds mirrors, fact cache and advisory index. *hosts* are the code hosts that may be asked, `name` or
    `name:port`. *token* reads private repositories at *token_host*, and asks that host's REST API, *github_api*, about
    reviews and CI. *allow_cidrs* are address ranges inside the own network where a listed code host may be. *ca_file*
    signs such hosts' certificates. *probe_ports* and *probe_cidrs* are where a live app may be asked, besides ports 80
    and 443 of the open internet. *pypi_index* and *npm_registry* are https addresses, MACHINE for what this machine's
    pip and npm use, or None where nobody is asked about packages. Advisory data older than *advisories_max_age* counts
    as not looked at (None: any age will do).
    """

    home: Path
    hosts: tuple[str, ...] = DEFAULT_HOSTS
    token: str | None = field(default=None, repr=False)
    token_host: str = "github.com"  # noqa: S105 - the name of a host
    github_api: str = GITHUB_API
    policy: Path | None = None
    fingerprint_key: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    allow_cidrs: tuple[str, ...] = ()
    probe_ports: tuple[int, ...] = USUAL_PORTS
    probe_cidrs: tuple[str, ...] = ()
    pypi_index: str | None = None
    npm_registry: str | None = None
    advisories_max_age: timedelta | None = None
    limits: Limits = Limits()


def engine_from(environ: Mapping[str, str], home: Path | None = None) -> Engine:
    """
    Return the engine that the GROUNDCREW_* variables of *environ* describe; raises SettingError with a sentence.

    *home* wins over GROUNDCREW_HOME; without either it is the user's data folder.
    """
    chosen = (
        home or _path(environ, "GROUNDCREW_HOME") or Path(platformdirs.user_data_dir("groundcrew", appauthor=False))
    )
    cidrs = _words(environ, "GROUNDCREW_GIT_ALLOW_CIDRS")
    for cidr in cidrs:
        try:
            ipaddress.ip_network(cidr)
        except ValueError:
            raise SettingError(
                "GROUNDCREW_GIT_ALLOW_CIDRS is not a list of address ranges such as 10.1.0.0/16."
            ) from None
    key = _secret(environ, "GROUNDCREW_FINGERPRINT_KEY")
    if key is not None and len(key) < SHORTEST_KEY:
        raise SettingError(f"GROUNDCREW_FINGERPRINT_KEY is too short: it needs {SHORTEST_KEY} characters or more.")
    api = api_address(environ.get("GROUNDCREW_GITHUB_API") or GITHUB_API)
    return Engine(
        home=_home(chosen),
        hosts=tuple(host.lower() for host in _words(environ, "GROUNDCREW_CODE_HOSTS")) or DEFAULT_HOSTS,
        token=_secret(environ, "GROUNDCREW_GITHUB_TOKEN"),
        token_host=host_of_api(api),
        github_api=api,
        policy=_path(environ, "GROUNDCREW_POLICY"),
        fingerprint_key=key,
        ca_file=_path(environ, "GROUNDCREW_GIT_CA_FILE"),
        allow_cidrs=cidrs,
        probe_ports=probe_ports(_words(environ, "GROUNDCREW_PROBE_PORTS")),
        probe_cidrs=_probe_cidrs(_words(environ, "GROUNDCREW_ALLOW_PROBE_CIDRS")),
        pypi_index=index_address("GROUNDCREW_PYPI_INDEX", environ.get("GROUNDCREW_PYPI_INDEX")),
        npm_registry=index_address("GROUNDCREW_NPM_REGISTRY", environ.get("GROUNDCREW_NPM_REGISTRY")),
        advisories_max_age=_age(environ.get("GROUNDCREW_ADVISORIES_MAX_AGE") or ADVISORIES_MAX_AGE),
    )


def index_address(name: str, text: str | None) -> str | None:
    """Return the package index that the setting *name* means by *text*: unset is the machine's own, "off" is none."""
    if not text:
        return MACHINE
    if text.lower() == "off":
        return None
    if not text.startswith("https://") or "@" in text:
        raise SettingError(
            f"{name} is neither an https:// address without a password nor the word off; a password belongs into the "
            "configuration of pip or npm."
        )
    return text


def _age(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,6})([smhd])", text.strip())
    if match is None:
        raise SettingError("GROUNDCREW_ADVISORIES_MAX_AGE is no duration such as 36h or 7d.")
    return timedelta(seconds=int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[match[2]])


def probe_ports(words: Sequence[str]) -> tuple[int, ...]:
    """Return the ports at which live apps may be asked, the usual ones and *words*; raises SettingError."""
    if not all(word.isascii() and word.isdigit() and 0 < int(word) <= _LAST_PORT for word in words):
        raise SettingError("GROUNDCREW_PROBE_PORTS is not a list of ports such as 8080, 8443.")
    return tuple(dict.fromkeys((*USUAL_PORTS, *map(int, words))))


def _probe_cidrs(cidrs: tuple[str, ...]) -> tuple[str, ...]:
    try:
        too_much = any(map(opens_too_much, cidrs))
    except ValueError:
        raise SettingError(
            "GROUNDCREW_ALLOW_PROBE_CIDRS is not a list of address ranges such as 10.1.0.0/16."
        ) from None
    if too_much:
        raise SettingError(
            "GROUNDCREW_ALLOW_PROBE_CIDRS must not open this machine's own addresses or the cloud's own service "
            "(169.254.0.0/16)."
        )
    return cidrs


def _home(chosen: Path) -> Path:
    try:
        return chosen.expanduser().absolute()
    except RuntimeError:
        raise SettingError("GROUNDCREW_HOME begins with ~ and a name that nobody here has.") from None


def api_address(text: str) -> str:
    """Return *text* as the address of a REST API, without a slash at its end; raises SettingError."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment:
        raise SettingError("GROUNDCREW_GITHUB_API is not an https:// address such as https://git.example/api/v3.")
    return text.rstrip("/")


def host_of_api(api: str) -> str:
    """
    Return the code host, `name` or `name:port`, that the REST API at *api* speaks for.

    github.com and *.ghe.com have their API at `api.` before the name, GitHub Enterprise Server at its own under /api/v3
    (https://docs.github.com/en/enterprise-server/rest/quickstart).
    """
    parts = urlsplit(api)
    name = (parts.hostname or "").removeprefix("api.")
    return name if parts.port in {None, 443} else f"{name}:{parts.port}"


def prepare_home(home: Path) -> None:
    """
    Make *home* where it is not there, for its owner alone; raises SettingError where that cannot be.

    One that others can write, and so swap what is in it, is closed to them where it is ours alone to close, else
    refused.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = home.stat()
        if not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return
        if found.st_uid != os.geteuid() or found.st_mode & stat.S_ISVTX:  # a sticky folder is one for everybody
            raise SettingError("GROUNDCREW_HOME is a folder that others can write: choose one of your own.")
        home.chmod(0o700)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no folder can have that name"
        raise SettingError(f"GROUNDCREW_HOME cannot be used: {why}.") from None
    _log.warning("Others could write into GROUNDCREW_HOME; it is now closed to them (mode 0700).")


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(environ.get(name, "").replace(",", " ").split())


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def secret_in(path: Path) -> str:
    """Return the secret that file *path* holds; raises OSError or ValueError where it is unreadable or no secret."""
    with path.open(encoding="utf-8") as file:
        text = file.read(_LONGEST_SECRET + 1)
    if len(text) > _LONGEST_SECRET:  # a device that never ends, or the wrong file
        raise ValueError("longer than a secret")
    return text.strip()


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """Return the value of *name*, or the content of the file that *name*_FILE names."""
    if environ.get(name):
        return environ[name].strip()
    file = _path(environ, f"{name}_FILE")
    if file is None:
        return None
    try:
        return secret_in(file) or None
    except (OSError, ValueError):
        raise SettingError(f"{name}_FILE names a file that cannot be read.") from None
