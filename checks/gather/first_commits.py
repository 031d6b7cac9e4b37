"""Which commits brought which versions of a few files: what a finding in a history is told with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.gather.git import git, is_object_id

_LARGEST = 64 * 1024 * 1024  # bytes of what git prints; beyond it the oldest commits are left out


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file: the blob *oid*, which *commit* brought at *time*, in seconds since 1970."""

    oid: str
    commit: str
    time: int


async def versions(folder: Path, tip: str, paths: Sequence[str]) -> dict[str, list[Version]]:
    """Return by path the versions that the files at *paths* had up to *tip*, oldest first."""
    command = ("log", "--full-history", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff")
    form = "--format=%x01%H %ct"
    text = bytearray()
    async with git(*command, form, tip, "--", *map(_literal, paths), folder=folder) as running:
        assert running.process.stdout is not None
        while len(text) < _LARGEST and (piece := await running.process.stdout.read(1 << 18)):
            text += piece
    found: dict[str, list[Version]] = {}
    commit, time = "", 0
    fields = iter(bytes(text).split(b"\0"))
    for field in fields:
        head = field.strip(b"\n").decode("ascii", "replace")
        if head.startswith("\x01"):
            commit, _, seconds = head[1:].partition(" ")
            time = int(seconds) if seconds.isdecimal() else 0
        elif head.startswith(":"):
            path = next(fields, b"").decode("utf-8", "backslashreplace")
            oid = head.split(" ")[3] if head.count(" ") > 3 else ""  # noqa: PLR2004 - modes, ids, status
            if is_object_id(oid) and oid.strip("0"):
                found.setdefault(path, []).append(Version(oid, commit, time))
    return {path: list(reversed(brought)) for path, brought in found.items()}


def _literal(path: str) -> str:
    """Return *path* as a pathspec that means itself; a path that is no UTF-8 finds nothing."""
    return f":(top,literal){path}"
