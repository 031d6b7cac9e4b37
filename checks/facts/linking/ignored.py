"""What .gitignore keeps out of the repository: a file that is missing there may be made by a build, or be forgotten."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.fact import Collector, Listing

_MOST = 2000  # patterns of one file
_LONGEST = 200  # characters of a pattern
#: Folders that the usual .gitignore of Python keeps out and that JavaScript apps write their code into.
_FORGOTTEN = frozenset({"lib", "lib64", "parts", "var", "downloads", "env"})


@dataclass(frozen=True, slots=True)
class Ignored:
    """The patterns of each .gitignore, by its path, as written."""

    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def pattern_for(self, path: str) -> str | None:
        """
        Return a pattern that keeps *path*, or a folder above it, out; None where there is none.

        An exception (`!path`) counts for nothing: what it brings back would be there.
        """
        for file, patterns in self.patterns.items():
            folder = posixpath.dirname(file)
            if folder and not path.startswith(f"{folder}/"):
                continue
            below = path[len(folder) + 1 :] if folder else path
            parts = below.split("/")
            for pattern in patterns:
                if _matches(pattern.strip("/"), "/" in pattern.rstrip("/"), parts):
                    return pattern
        return None


def is_forgotten(pattern: str) -> bool:
    """Whether *pattern* is one of Python's template that hides an app's own code by accident."""
    return pattern.strip("/*") in _FORGOTTEN


def _matches(pattern: str, anchored: bool, parts: list[str]) -> bool:
    if anchored:
        plain = pattern.removeprefix("**/")
        starts = range(len(parts)) if plain != pattern else range(1)
        return any(
            fnmatch.fnmatchcase("/".join(parts[start:end]), plain)
            for start in starts
            for end in range(start + 1, len(parts) + 1)
        )
    return any(fnmatch.fnmatchcase(part, pattern) for part in parts)


def read(text: str, _kind: str) -> tuple[str, ...]:
    """Return the patterns of *text* (https://git-scm.com/docs/gitignore)."""
    lines = (line.strip() for line in text.splitlines()[:_MOST])
    return tuple(line for line in lines if line and not line.startswith(("#", "!")) and len(line) <= _LONGEST)


def join(parts: Mapping[str, tuple[str, ...]], _listing: Listing) -> Ignored:
    """Return the patterns of all files."""
    return Ignored(dict(parts))


def _kind_of(path: str) -> str | None:
    return "ignore" if re.search(r"(^|/)\.gitignore$", path) else None


source = Collector(Ignored, tuple[str, ...], _kind_of, read, join)
