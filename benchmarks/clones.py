"""Clones to measure on: which there are, and their files laid out for tools that only read folders."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path


def clones(folder: Path) -> list[Path]:
    """Return the clones in *folder*, by name: checkouts, bare repositories, or links to them."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def commits(clone: Path) -> int:
    """Return how many commits HEAD of *clone* reaches."""
    return int(_git(clone, "rev-list", "--count", "HEAD"))


def laid_out(clone: Path, folder: Path) -> None:
    """
    Write the files of HEAD of *clone* below *folder*: regular files only, by their blobs, with no filter and no hook.

    What git lacks, links and names that leave the folder are left out; the peers then see less than we do.
    """
    for path, data in _files(clone):
        if not path.startswith("/") and ".." not in path.split("/"):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _files(clone: Path) -> Iterator[tuple[str, bytes]]:
    entries = []
    for line in _git(clone, "ls-tree", "-r", "-z", "HEAD").split(b"\0"):
        head, _, name = line.partition(b"\t")
        if head.startswith(b"100"):
            entries.append((head.split()[2], name.decode("utf-8", "replace")))
    command = ["git", "-C", str(clone), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for oid, path in entries:
            process.stdin.write(oid + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline().split()
            if len(answer) == 3:  # noqa: PLR2004 - id, type, size; else it is missing
                yield path, process.stdout.read(int(answer[2]))
                process.stdout.read(1)
        process.stdin.close()


def _git(clone: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout
