"""Where something is told to ask an app whether it is well: Docker, Compose, Kubernetes, and the hosts' own files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.tier import Tier, tier_of


@dataclass(frozen=True, slots=True)
class Probe:
    """What one file says: the line where it has the app asked (0: nowhere), and whether it runs a server."""

    asks: int
    serves: bool


@dataclass(frozen=True, slots=True)
class HealthProbes:
    """Files that have the app asked, as "path:line", and files that run it as a server."""

    asking: tuple[str, ...]
    serving: tuple[str, ...]


#: Kind of file -> what in it has the app asked (None: nothing can), and whether the file alone means a server.
_ASKS = {
    "dockerfile": (re.compile(r"^[ \t]*HEALTHCHECK\s+(?!NONE\b)", re.IGNORECASE | re.MULTILINE), False),
    "compose": (
        re.compile(
            r"^[ \t]*healthcheck:[ \t]*\n(?:[ \t]+[^\n]*\n){0,3}?"
            r"[ \t]+test:[^\n]*(?:\n[ \t]+-[^\n]*){0,6}?(?:curl|wget|https?:|urllib|fetch)",
            re.MULTILINE,
        ),
        False,
    ),
    "kubernetes": (re.compile(r"^[ \t]*(?:liveness|readiness|startup)Probe:", re.MULTILINE), False),
    "fly.toml": (re.compile(r"^[ \t]*\[\[?(?:http_service\.checks|services\.\w+_checks|checks\b)", re.MULTILINE), True),
    "render.yaml": (re.compile(r"^[ \t]*(?:-[ \t]*)?healthCheckPath:", re.MULTILINE), True),
    "railway.json": (re.compile(r"\"healthcheckPath\"\s*:"), True),
    "railway.toml": (re.compile(r"^[ \t]*healthcheckPath\s*=", re.MULTILINE), True),
    "app.json": (re.compile(r"\"(?:healthchecks?|healthcheck_?path)\"\s*:", re.IGNORECASE), False),
    "app.yaml": (re.compile(r"^[ \t]*(?:liveness_check|readiness_check|health_check|http_path):", re.MULTILINE), True),
    "app.yml": (re.compile(r"^[ \t]*health_check:", re.MULTILINE), True),
    "dokku": (re.compile(r"."), True),
    "procfile": (None, True),
    "task": (re.compile(r"\"healthCheck\"\s*:"), True),
}
_DOCKER_SERVES = re.compile(r"^[ \t]*EXPOSE\s+\d", re.IGNORECASE | re.MULTILINE)
_NAMED = {"procfile": "procfile", "checks": "dokku", "task-definition.json": "task", "fly.toml": "fly.toml"}
_NAMED |= {name: name for name in ("render.yaml", "railway.json", "railway.toml", "app.json", "app.yaml", "app.yml")}
_KUBERNETES = re.compile(
    r"(^|/)(k8s|kube\w*|kubernetes|helm|charts?|deploy\w*|manifests?|infra\w*|templates)/.*\.ya?ml$"
)
_COMPOSE = re.compile(r"(docker-)?compose[\w.-]*\.ya?ml$")


def _kind_of(path: str) -> str | None:
    name = posixpath.basename(path).lower()
    if _KUBERNETES.search(path):
        return "kubernetes"
    if tier_of(path) in {Tier.TEST, Tier.VENDORED, Tier.DOCS}:
        return None
    if name in _NAMED:
        return _NAMED[name]
    if (
        name == "dockerfile"
        or name.startswith("dockerfile.")
        or name.endswith(".dockerfile")
        or name == "containerfile"
    ):
        return "dockerfile"
    if _COMPOSE.fullmatch(name):
        return "compose"
    return None


def read(text: str, kind: str) -> Probe | None:
    """Return what *text*, a file of *kind*, has asked and runs; None where it says nothing of either."""
    pattern, serves = _ASKS[kind]
    match = pattern.search(text) if pattern is not None else None
    serves = serves or (kind == "dockerfile" and _DOCKER_SERVES.search(text) is not None)
    asks = text.count("\n", 0, match.start()) + 1 if match is not None else 0
    return Probe(asks, serves) if asks or serves else None


def join(parts: Mapping[str, Probe], _listing: Listing) -> HealthProbes:
    """Return what all files together have asked and run."""
    return HealthProbes(
        tuple(f"{path}:{part.asks}" for path, part in sorted(parts.items()) if part.asks),
        tuple(path for path, part in sorted(parts.items()) if part.serves),
    )


source = Collector(fact=HealthProbes, part=Probe, kind_of=_kind_of, read=read, join=join)
