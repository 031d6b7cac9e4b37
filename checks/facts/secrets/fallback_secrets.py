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
    """
    The fallback secrets of one file, by line.

    *settles* are the last names of modules that it takes over whole (`from .base import *`) and whose SECRET_KEY it
    sets again, from elsewhere.
    """

    fallbacks: tuple[Fallback, ...]
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FallbackSecrets:
    """The fallback secrets of all files, by path."""

    files: Mapping[str, FallbacksInFile]

    def lines(self, path: str) -> frozenset[int]:
        """The lines of *path* that hold one."""
        part = self.files.get(path)
        return frozenset(each.line for each in part.fallbacks) if part else frozenset()

    def is_settled(self, path: str) -> bool:
        """Whether a module beside *path* begins with all its settings and sets the signing key again."""
        folder, _, name = path.rpartition("/")
        own = name.removesuffix(".py")
        return any(own in part.settles and other.rpartition("/")[0] == folder for other, part in self.files.items())


_WHOLE = re.compile(r"^from[ \t]+[\w.]*?(\w+)[ \t]+import[ \t]*\(?\*", re.MULTILINE)
_SET_AGAIN = re.compile(r"^[ \t]*SECRET_KEY[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*(?![\s\"'rbf])", re.MULTILINE)
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
    settles = _settled_by(text) if kind == "python" else ()
    if not strongest and not settles:
        return None
    return FallbacksInFile(tuple(strongest[line] for line in sorted(strongest)), settles)


def _settled_by(text: str) -> tuple[str, ...]:
    """Return the modules whose settings the Python *text* takes over whole, where it sets SECRET_KEY from elsewhere."""
    return tuple(_WHOLE.findall(text))[:20] if _SET_AGAIN.search(text) else ()


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
