"""Which commits brought which versions of a few files: what a finding in a history is told with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.gather.git import git, is_object_id
from checks.gather.past_blobs import fields


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file: the blob *oid*, which *commit* brought at *time*, in seconds since 1970."""

    oid: str
    commit: str
    time: int


async def versions(folder: Path, tip: str, paths: Sequence[str]) -> dict[str, list[Version]]:
    """Return by path the versions that the files at *paths* had up to *tip*, oldest first."""
    found: dict[str, list[Version]] = {}
    async for version, path in _brought(folder, tip, map(_literal, paths)):
        found.setdefault(path, []).append(version)
    return {path: list(reversed(brought)) for path, brought in found.items()}


async def names_of(folder: Path, tip: str, oids: Collection[str]) -> dict[str, str]:
    """Return by blob id a path that each of *oids* lay at up to *tip*; those that no commit names are left out."""
    named: dict[str, str] = {}
    async for version, path in _brought(folder, tip, ()):
        if version.oid in oids:
            named[version.oid] = path
            if len(named) == len(oids):
                break
    return named


async def _brought(folder: Path, tip: str, pathspecs: Iterable[str]) -> AsyncIterator[tuple[Version, str]]:
    """Yield each version that a commit up to *tip* brought, newest first, and its path."""
    command = ("log", "--full-history", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff")
    commit, time, entry = "", 0, ""
    async with git(*command, "--format=%x01%H %ct", tip, "--", *pathspecs, folder=folder) as running:
        async for field in fields(running, b"\0"):
            if entry:
                oid = entry.split(" ")[3] if entry.count(" ") > 3 else ""  # noqa: PLR2004 - modes, ids, status
                entry = ""
                if is_object_id(oid) and oid.strip("0"):
                    yield Version(oid, commit, time), field.decode("utf-8", "backslashreplace")
                continue
            head = field.strip(b"\n").decode("ascii", "replace")
            if head.startswith("\x01"):
                commit, _, seconds = head[1:].partition(" ")
                time = int(seconds) if seconds.isdecimal() else 0
            elif head.startswith(":"):
                entry = head


def _literal(path: str) -> str:
    """Return *path* as a pathspec that means itself; a path that is no UTF-8 finds nothing."""
    return f":(top,literal){path}"
