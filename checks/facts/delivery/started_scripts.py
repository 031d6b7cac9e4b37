"""Which scripts run by themselves where the app is deployed: those that its image, its start or its build names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.tier import Tier, is_compose_file, is_for_development, is_in_workshop, is_pipeline, tier_of


@dataclass(frozen=True, slots=True)
class NamedScripts:
    """The names of scripts, and words of seeding, that one file starts."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartedScripts:
    """All such names, of all files that say how the app is started."""

    names: frozenset[str]

    def runs(self, path: str) -> bool:
        """Whether something starts the script *path*, as far as its name tells."""
        name = path.rpartition("/")[2].lower()
        return name in self.names or ("seed" in path.lower() and any("seed" in one for one in self.names))


_STARTS = re.compile(
    r"(^|/)(Dockerfile[\w.-]*|[\w.-]+\.Dockerfile|Containerfile|Procfile|\.replit|render\.ya?ml|fly\.toml|railway\.(json|toml)"
    r"|nixpacks\.toml|app\.(ya?ml|json)|vercel\.json|netlify\.toml|[\w-]*\.service|supervisord?\.conf|package\.json"
    r"|(start|run|entrypoint|docker-entrypoint|startup|boot|serve|deploy|release|init)[\w-]*\.sh)$",
    re.IGNORECASE,
)
#: Scripts of package.json that a host runs by itself.
_HOOKS = frozenset(
    {"start", "prestart", "poststart", "install", "postinstall", "build", "prebuild", "postbuild", "deploy"}
    | {"vercel-build", "heroku-postbuild", "start:prod", "start:production", "release"}
)
_NAMED = re.compile(r"[\w-]{1,80}\.(?:sh|py|[cm]?[jt]s)\b|[\w:.-]{0,60}seed[\w:-]{0,60}", re.IGNORECASE)
_MOST = 200  # names of one file
_STEPS = 3  # scripts that run scripts


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None where it starts nothing where the app is deployed."""
    if tier_of(path) is not Tier.CODE or is_for_development(path) or is_pipeline(path) or is_in_workshop(path):
        return None
    if path.endswith("package.json"):
        return "package.json"
    return "text" if is_compose_file(path) or _STARTS.search(path) else None


def read(text: str, kind: str) -> NamedScripts | None:
    """Return the scripts that *text* starts, or None where it starts none."""
    plain = _of_package(text) if kind == "package.json" else text
    lines = (line for line in plain.splitlines() if not line.lstrip().startswith("#"))
    names = {match[0].lower() for line in lines for match in _NAMED.finditer(line[:4096])}
    return NamedScripts(tuple(sorted(names))[:_MOST]) if names else None


def _of_package(text: str) -> str:
    """Return the commands of package.json that a host runs, and those of the scripts that these run."""
    try:
        scripts = json.loads(text).get("scripts", {})
        commands = {name: command for name, command in scripts.items() if isinstance(command, str)}
    except (ValueError, AttributeError, RecursionError):
        return ""
    wanted = {name for name in commands if name in _HOOKS}
    for _ in range(_STEPS):
        words = {word for name in wanted for word in re.findall(r"[\w:-]+", commands[name])}
        wanted |= words & commands.keys()
    return "\n".join(commands[name] for name in sorted(wanted))


def join(parts: Mapping[str, NamedScripts], _listing: Listing) -> StartedScripts:
    """Return all files' names."""
    return StartedScripts(frozenset(name for part in parts.values() for name in part.names))


source = Collector(fact=StartedScripts, part=NamedScripts, kind_of=kind_of, read=read, join=join)
