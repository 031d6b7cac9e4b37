"""Commands and code that throw the database's content away each time the app is started or deployed."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.literals import above, arguments_of, callee_of, short
from checks.facts.code.syntax import PARSERS, language_of, line_of, nodes_of, text_of
from checks.facts.neighbours import is_set_aside
from checks.facts.tier import Tier, is_compose_file, is_for_development, is_pipeline, is_run_by_hand, tier_of
from checks.facts.web.options import conditions_of, entries, only_in_development


@dataclass(frozen=True, slots=True)
class Wipe:
    """One place: *line* from 1, the command or call, *sure* where nothing stands before it."""

    line: int
    what: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class WipesInFile:
    """One file's places."""

    wipes: tuple[Wipe, ...]


@dataclass(frozen=True, slots=True)
class Wipes:
    """All files' places, by path."""

    files: Mapping[str, WipesInFile]


_COMMAND = re.compile(
    r"prisma\s+db\s+push[^\n&;|\"]{0,100}--(?:accept-data-loss|force-reset)|prisma\s+migrate\s+reset"
    r"|\bmigrate:(?:fresh|refresh|reset)\b"
    r"|manage\.py\s+(?:flush|reset_db)\b|drizzle-kit\s+(?:push|drop)[^\n&;|\"]{0,60}--force|supabase\s+db\s+reset"
    r"|\bdropdb\s|\bdb:(?:drop|reset)\b"
    r"|schema:drop|alembic\s+downgrade\s+base|\brm\s+-r?f[^\n&;|\"]{0,60}\.(?:db|sqlite3?)\b"
)
_STARTS = re.compile(
    r"(^|/)(procfile|render\.ya?ml|fly\.toml|railway\.(json|toml)|nixpacks\.toml|vercel\.json|netlify\.toml|app\.json"
    r"|((docker-)?entrypoint|start|run|boot|startup|deploy|release|serve|launch)[\w-]*\.sh)$",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(
    r"^(?:pre|post)?(?:start|build|install|deploy|release|serve)(?::prod(?:uction)?)?$|^vercel-build$"
    r"|^heroku-postbuild$|^start:prod$"
)
_STARTUP = re.compile(
    r"startup|lifespan|create_app|^main$|^init|^bootstrap|^run$|^start|connect|sync_?db|setup_?db|database",
    re.IGNORECASE,
)


def kind_of(path: str) -> str | None:
    """Return as what *path* is read, or None where it starts nothing for others."""
    if tier_of(path) is not Tier.CODE or is_for_development(path) or is_pipeline(path) or is_set_aside(path):
        return None
    name = posixpath.basename(path).lower()
    if name == "package.json":
        return name
    if name == "dockerfile" or name.startswith("dockerfile.") or is_compose_file(path):
        return "container"
    if _STARTS.search(path):
        return "commands"
    if is_run_by_hand(path) or re.search(r"seed|reset|migrat|clear|wipe|drop", path, re.IGNORECASE):
        return None
    return language_of(path)


def read(text: str, kind: str) -> WipesInFile | None:
    """Return the places of *text* that throw data away, or None."""
    if kind == "package.json":
        found = list(_of_package(text))
    elif kind in {"container", "commands"}:
        found = list(_of_commands(text, container=kind == "container"))
    elif kind == "python":
        found = list(_of_python(text)) if ".drop_all(" in text else []
    else:
        found = list(_of_javascript(text, kind)) if "force" in text or "dropSchema" in text else []
    return WipesInFile(tuple(found)) if found else None


def _of_commands(text: str, *, container: bool) -> Iterator[Wipe]:
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith(("#", "//")) or (container and re.match(r"(?:RUN|COPY|ADD)\b", bare, re.IGNORECASE)):
            continue
        match = _COMMAND.search(re.sub(r"[\"',\[\]]+", " ", line[:2_000]))
        if match is not None:
            yield Wipe(number, " ".join(match.group().split()))


def _of_package(text: str) -> Iterator[Wipe]:
    """Yield the scripts of a package.json that run when the app is built or started."""
    try:
        scripts = json.loads(text).get("scripts", {})
    except (ValueError, AttributeError, RecursionError):
        return
    for name, command in scripts.items() if isinstance(scripts, dict) else ():
        match = _COMMAND.search(command) if isinstance(command, str) and _SCRIPTS.match(name) else None
        if match is not None:
            line = text.count("\n", 0, max(0, text.find(match.group()[:20]))) + 1
            yield Wipe(line, " ".join(match.group().split()))


def _of_python(text: str) -> Iterator[Wipe]:
    """Yield `drop_all()` where it runs as the app starts: outside functions, or in one that starts the app."""
    for call in nodes_of(text, "python", "(call) @it"):
        if callee_of(call).endswith(".drop_all") or ".drop_all" in short(next(iter(arguments_of(call)), None), 80):
            around = [
                text_of(each.child_by_field_name("name")) for each in above(call) if each.type == "function_definition"
            ]
            if all(_STARTUP.search(name) for name in around) and not only_in_development(call):
                yield Wipe(line_of(call), "drop_all()", not _asked(call) and not around)


def _of_javascript(text: str, language: str) -> Iterator[Wipe]:
    """Yield `sync({ force: true })` and `dropSchema: true`."""
    for call in nodes_of(text, language, "(call_expression) @it"):
        if not callee_of(call).endswith(".sync"):
            continue
        options = next(iter(arguments_of(call)), None)
        if short(entries(options).get("force")) == "true" and not only_in_development(call):
            yield Wipe(line_of(call), "sync({ force: true })", not _asked(call))
    for match in re.finditer(r"^[ \t]*dropSchema\s*:\s*true\b", text, re.MULTILINE):
        yield Wipe(text.count("\n", 0, match.end()) + 1, "dropSchema: true", sure=False)


def _asked(node: Node) -> bool:
    """Whether an if other than that of the main block stands around *node*."""
    return any("__main__" not in condition and "require.main" not in condition for condition, _ in conditions_of(node))


def join(parts: Mapping[str, WipesInFile], _listing: Listing) -> Wipes:
    """Return all files' places."""
    return Wipes(parts)


source = Collector(fact=Wipes, part=WipesInFile, kind_of=kind_of, read=read, join=join, parsers=PARSERS)
