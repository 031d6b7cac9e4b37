"""
Who the repository itself says answers for its code: CODEOWNERS, or OWNERS and MAINTAINERS files.

GitHub reads CODEOWNERS in the root, .github and docs; GitLab in the root, .gitlab and docs. One rule that names a
person, a team or an address is enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing

_CODEOWNERS = re.compile(r"^(?:\.github/|\.gitlab/|\.gitea/|\.forgejo/|\.bitbucket/|docs/)?CODEOWNERS$")
_OWNERS = re.compile(r"^(?:\.github/|docs/)?(?:OWNERS|MAINTAINERS)(?:\.(?:md|txt|ya?ml|toml))?$", re.IGNORECASE)
_ASTRAY = re.compile(r"(?:^|/)CODEOWNERS(?:\.(?:md|txt))?$", re.IGNORECASE)
_OWNER = re.compile(r"(?:^|\s)(?:!?@[\w.-]+(?:/[\w.-]+)*|[^\s@]+@[^\s@]+\.[^\s@]+)(?=\s|$)")
_PLACEHOLDER = re.compile(r"@(?:your|my|example|org|owner|team|username|user|todo|placeholder)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Part:
    """One file: whether it names anybody, and the line of the first who is named."""

    names: bool


@dataclass(frozen=True, slots=True)
class OwnershipFile:
    """*naming* are files that name somebody, *empty* files that name nobody, *misplaced* files that nothing reads."""

    naming: tuple[str, ...]
    empty: tuple[str, ...]
    misplaced: tuple[str, ...]


def kind_of(path: str) -> str | None:
    """Return as what *path* is read."""
    if _CODEOWNERS.search(path):
        return "rules"
    if _OWNERS.search(path):
        return "names"
    return "astray" if _ASTRAY.search(path) else None


def read(text: str, kind: str) -> Part:
    """Return whether *text* names anybody: an owner of a path in rules, any words at all in a list of names."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    if kind == "names":
        return Part(any(_NAME.search(line) for line in lines))
    return Part(any(_OWNER.search(_PLACEHOLDER.sub("", line)) for line in lines))


def join(parts: Mapping[str, Part], _listing: Listing) -> OwnershipFile:
    """Return who is named where."""
    read_by_host = {path: part for path, part in parts.items() if kind_of(path) != "astray"}
    return OwnershipFile(
        naming=tuple(path for path, part in read_by_host.items() if part.names),
        empty=tuple(path for path, part in read_by_host.items() if not part.names),
        misplaced=tuple(path for path in parts if path not in read_by_host),
    )


source = Collector(OwnershipFile, Part, kind_of, read, join)
