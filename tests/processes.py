"""The processes below this one, as the kernel lists them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Child:
    """One process and its command line."""

    pid: int
    parent: int
    arguments: tuple[str, ...]


def children() -> list[Child]:
    """Return every living process below this one, at any depth; a finished one that nobody waited for is left out."""
    found = {child.pid: child for child in map(_child, Path("/proc").glob("[0-9]*")) if child and any(child.arguments)}
    below = {os.getpid()}
    while more := {pid for pid, child in found.items() if child.parent in below and pid not in below}:
        below |= more
    return [found[pid] for pid in sorted(below - {os.getpid()})]


def _child(folder: Path) -> Child | None:
    try:
        status = (folder / "stat").read_text().rpartition(")")[2].split()
        arguments = (folder / "cmdline").read_bytes().decode("utf-8", "replace").rstrip("\0").split("\0")
    except (OSError, IndexError):
        return None
    return Child(int(folder.name), int(status[1]), tuple(arguments))
