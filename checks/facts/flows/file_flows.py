"""Where data goes within each file, cached by file: what reaches a sink, and what is handed to other functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.flows.flow import FileFlows
from checks.facts.flows.reading import read_flows
from checks.facts.tier import Tier, is_earlier_version, tier_of


@dataclass(frozen=True, slots=True)
class FlowsByFile:
    """What each file says, by path."""

    files: Mapping[str, FileFlows]


# A page's component needs no look unless it writes markup, an address, or talks to a server by itself.
_COMPONENT = re2.compile(
    r"nnerHTML|outerHTML|document\.write|insertAdjacent|eval\(|new Function|use server|location|searchParams|params"
)
_WORTH = re2.compile(
    r"\b(?:req|request|ctx|event|params|searchParams|formData|query|execute|executescript|raw|exec|execSync|eval|system"
    r"|subprocess|open|input|socket|websocket|session|pickle|yaml|Markup|mark_safe|streamlit|invoke|messages)\b"
    r"|@[\w.]+\.(?:get|post|put|patch|delete|route|websocket|on|event)\(|use server|nnerHTML|outerHTML|document\.write"
    r"|insertAdjacent|readFile|sendFile|create|insert|update"
)
_SMALL, _LONG_LINES = 5_000, 300  # characters of a file, and of its lines on average
_DECLARATIONS = re.compile(
    r"\.d\.[cm]?ts$|(?:^|/)(?:types?|locales?|i18n|migrations?|alembic)/|(?:^|/)[\w.-]*\.config\.[cm]?[jt]s$"
)


def kind_of(path: str) -> str | None:
    """Return the language of *path*; None for other people's code and for files whose code answers no requests."""
    if tier_of(path) not in {Tier.CODE, Tier.EXAMPLE} or _DECLARATIONS.search(path) or is_earlier_version(path):
        return None
    return language_of(path)


def read(text: str, kind: str) -> FileFlows | None:
    """Return what *text* says of where data goes, or None."""
    worth = _COMPONENT if kind == "tsx" else _WORTH
    if worth.search(text) is None or _is_minified(text):
        return None
    return read_flows(text, kind)


def _is_minified(text: str) -> bool:
    """Whether *text* was written by a bundler: what it was made from is what can be read and mended."""
    return len(text) > _SMALL and len(text) > _LONG_LINES * text.count("\n")


def join(parts: Mapping[str, FileFlows], _listing: Listing) -> FlowsByFile:
    """Return all files together."""
    return FlowsByFile(dict(parts))


source = Collector(fact=FlowsByFile, part=FileFlows, kind_of=kind_of, read=read, join=join, parsers=PARSERS)
