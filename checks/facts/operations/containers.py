"""As whom containers run: the last stage of Dockerfiles, and what compose files hand to a container."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.tier import Tier, is_compose_file, is_for_development, is_pipeline, tier_of


@dataclass(frozen=True, slots=True)
class Power:
    """One power that a container has on its host: *line* from 1, *what* in words, *kind* in one."""

    line: int
    what: str
    kind: str


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """One file's powers; none where its containers run as somebody else."""

    powers: tuple[Power, ...]


@dataclass(frozen=True, slots=True)
class Containers:
    """All files that make or start containers, by path; and which of them are for development."""

    files: Mapping[str, ContainerFile]


_FROM = re.compile(r"^[ \t]*FROM\s+(?:--\S+\s+)*(?P<image>\S+)(?:\s+AS\s+(?P<stage>\S+))?", re.IGNORECASE)
_USER = re.compile(r"^[ \t]*USER\s+(?P<user>\S+)", re.IGNORECASE)
#: Programs that an entrypoint starts as root and that hand on to somebody else.
_DROPS = re.compile(r"\b(?:gosu|su-exec|s6-overlay|s6-setuidgid|setpriv|chpst|runuser|/init\b|supervisord|sudo\s+-u)")
#: Images that bring a user of their own, by the documentation of each.
_NO_ROOT = re.compile(
    r"nonroot|unprivileged|chainguard|cgr\.dev|bitnami/|jupyter/|apache/airflow|quay\.io/keycloak|grafana/|prom/"
    r"|selenium/"
    r"|rootless|scratch$|openresty|n8nio/|mcr\.microsoft\.com/azure-functions|ubi\d?/|ubi-minimal|metabase"
)
_ROOT = re.compile(r"^(?:root|0)(?::\S*)?$")
_POWERS = (
    (re.compile(r"^[ \t]*privileged:\s*[\"']?true"), "runs with all powers of its host (privileged)", "privileged"),
    (
        re.compile(r"/var/run/docker\.sock|/run/docker\.sock"),
        "may start any container on its host (docker.sock)",
        "socket",
    ),
    (re.compile(r"^[ \t]*(?:user:\s*[\"']?(?:root|0)(?::|[\"'\s]|$)|runAsUser:\s*0\s*$)"), "runs as root", "root"),
    (
        re.compile(r"^[ \t]*-\s*[\"']?(?:SYS_ADMIN|ALL)[\"']?\s*$"),
        "has nearly all powers of its host (cap_add)",
        "capability",
    ),
)


def kind_of(path: str) -> str | None:
    """Return "dockerfile" or "compose" where *path* makes or starts containers that others get; else None."""
    name = posixpath.basename(path).lower()
    if tier_of(path) is not Tier.CODE or is_for_development(path) or is_pipeline(path):
        return None
    if name in {"dockerfile", "containerfile"} or name.startswith("dockerfile.") or name.endswith(".dockerfile"):
        return "dockerfile"
    return "compose" if is_compose_file(path) else None


def read(text: str, kind: str) -> ContainerFile | None:
    """Return the powers that *text* gives to containers."""
    return ContainerFile(tuple(_of_compose(text) if kind == "compose" else _of_dockerfile(text)))


def _of_dockerfile(text: str) -> Iterator[Power]:
    """Yield one power where the last stage runs as root; a stage begins as the user that its base ends with."""
    users: dict[str, str] = {}
    image, user, line, stage = "", "", 1, ""
    for number, row in enumerate(text.splitlines(), 1):
        started = _FROM.match(row[:1_000])
        if started is not None:
            users[stage] = user
            image, stage, line = started["image"], (started["stage"] or "").lower(), number
            user = users.get(image.lower(), "")
        elif (named := _USER.match(row[:1_000])) is not None:
            user, line = named["user"], number
    if not image or _DROPS.search(text) or (not user and _NO_ROOT.search(image)):
        return
    if not user:
        yield Power(line, "runs as root: its last stage names no USER", "root")
    elif _ROOT.match(user):
        yield Power(line, f"runs as root: its last stage ends with USER {user[:20]}", "root")


def _of_compose(text: str) -> Iterator[Power]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for pattern, what, kind in _POWERS:
            if pattern.search(line[:1_000]):
                yield Power(number, what, kind)


def join(parts: Mapping[str, ContainerFile], _listing: Listing) -> Containers:
    """Return all files that make or start containers."""
    return Containers(parts)


source = Collector(fact=Containers, part=ContainerFile, kind_of=kind_of, read=read, join=join)
