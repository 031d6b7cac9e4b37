"""Where .gitignore and .npmrc keep lock files out of the repository."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from checks.fact import Collector, Listing

#: Lock files by the names that their tools write.
NAMES = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
)
_LONGEST = 200  # characters of a pattern; a longer one is about something else


@dataclass(frozen=True, slots=True)
class Ignored:
    """At *line* the lock file *name* is kept out."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class IgnoredOfFile:
    """What one file keeps out."""

    ignored: tuple[Ignored, ...]


@dataclass(frozen=True, slots=True)
class IgnoredLocks:
    """By path of the file, what it keeps out of its folder and those below."""

    by_path: Mapping[str, tuple[Ignored, ...]]

    def for_folder(self, folder: str) -> Mapping[str, str]:
        """Return {name of a lock: "path:line" that keeps it out} of *folder* ("" is the root)."""
        found: dict[str, str] = {}
        for path, ignored in self.by_path.items():
            above = posixpath.dirname(path)
            if not above or folder == above or folder.startswith(f"{above}/"):
                found |= {one.name: f"{path}:{one.line}" for one in ignored}
        return found


def kind_of(path: str) -> str | None:
    """Return the name of *path* where it may keep files out."""
    name = posixpath.basename(path)
    return name if name in {".gitignore", ".npmrc"} else None


def read(text: str, kind: str) -> IgnoredOfFile | None:
    """Return the locks that *text*, a file called *kind*, keeps out; None where it keeps out none."""
    found: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if kind == ".npmrc":
            if line.replace(" ", "").lower() == "package-lock=false":
                found["package-lock.json"] = number
        elif 0 < len(line) <= _LONGEST and not line.startswith("#"):
            pattern = line.lstrip("!").strip("/").removeprefix("**/")
            for name in NAMES:
                # Of two words on one name the later holds, as for git.
                if fnmatch.fnmatchcase(name, pattern):
                    found[name] = 0 if line.startswith("!") else number
    ignored = tuple(Ignored(name, number) for name, number in found.items() if number)
    return IgnoredOfFile(ignored) if ignored else None


def join(parts: Mapping[str, IgnoredOfFile], _listing: Listing) -> IgnoredLocks:
    """Return what each file keeps out."""
    return IgnoredLocks({path: part.ignored for path, part in sorted(parts.items())})


source = Collector(fact=IgnoredLocks, part=IgnoredOfFile, kind_of=kind_of, read=read, join=join)
