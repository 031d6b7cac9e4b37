"""
Secrets that code falls back to, and signing keys that are literals: each by its line, in words, never by its value.

Read in Python and JavaScript by their syntax trees, in compose files and shell scripts by their lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing
from checks.facts.code.components import as_code, page_of
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.secrets import compose_secrets, fallbacks_javascript, fallbacks_python
from checks.facts.secrets.fallback_judgement import Fallback
from checks.facts.secrets.files import LARGEST, WRITTEN
from checks.facts.secrets.names import HINT_IN_TEXT
from checks.facts.tier import Tier, is_compose_file, tier_of


@dataclass(frozen=True, slots=True)
class FallbacksInFile:
    """The fallback secrets of one file, by line."""

    fallbacks: tuple[Fallback, ...]


@dataclass(frozen=True, slots=True)
class FallbackSecrets:
    """The fallback secrets of all files, by path."""

    files: Mapping[str, FallbacksInFile]

    def lines(self, path: str) -> frozenset[int]:
        """The lines of *path* that hold one."""
        part = self.files.get(path)
        return frozenset(each.line for each in part.fallbacks) if part else frozenset()


_SHELL = re.compile(r"\.(?:sh|bash)$|(?:^|/)Dockerfile[\w.-]*$")


def kind_of(path: str) -> str | None:
    """Return the language or page of *path*, "compose" or "shell"; None for other files and for other people's code."""
    if tier_of(path) is Tier.VENDORED:
        return None
    if is_compose_file(path):
        return "compose"
    return "shell" if _SHELL.search(path) else language_of(path) or page_of(path)


def read(text: str, kind: str) -> FallbacksInFile | None:
    """Return the fallback secrets of *text*, or None where it has none."""
    if len(text) > WRITTEN or HINT_IN_TEXT.search(text.encode("utf-8", "replace")) is None:
        return None
    text, kind = as_code(text, kind)
    reader = {
        "compose": compose_secrets.read,
        "shell": compose_secrets.read_shell,
        "python": fallbacks_python.read,
    }.get(kind)
    found = reader(text) if reader else fallbacks_javascript.read(text, kind)
    strongest: dict[int, Fallback] = {}
    for each in found:
        known = strongest.get(each.line)
        if known is None or (each.blocking and not known.blocking):
            strongest[each.line] = each
    return FallbacksInFile(tuple(strongest[line] for line in sorted(strongest))) if strongest else None


def join(parts: Mapping[str, FallbacksInFile], _listing: Listing) -> FallbackSecrets:
    """Return all files' fallback secrets."""
    return FallbackSecrets(parts)


source = Collector(
    fact=FallbackSecrets,
    part=FallbacksInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=(*PARSERS, "google-re2"),
    largest=LARGEST,
)
