"""
The blobs of a history: every one that a commit's history reaches, or those that came with its newest commits.

`git rev-list --objects` stops at the first object that is missing; with `--missing=print` it goes on and names each.
Paths come as git keeps them; a blob that lay at several is told at one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.gather.git import Git, git, is_object_id, output

_MOST = 2_000_000  # blobs; the largest histories of apps have a tenth of that
_ASKED_AT_ONCE = 4000  # lines written to git at once


@dataclass(frozen=True, slots=True)
class PastBlob:
    """One blob of a history: its id, a path that it lay at, and its size in bytes."""

    oid: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Past:
    """
    The blobs of a history, newest first.

    *missing* are the ids of objects that are not here, *unseen* says in words what else is not.
    """

    blobs: tuple[PastBlob, ...]
    missing: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The blobs that left the files from one commit to another, by path, and those that came."""

    left: tuple[tuple[str, str], ...]  # (oid, path)
    came: tuple[tuple[str, str], ...]


async def past_blobs(folder: Path, tip: str, since: str | None = None) -> Past:
    """Return the blobs that *tip* reaches and *since* does not, in the repository at *folder*."""
    unseen: list[str] = []
    named: list[tuple[str, str]] = []
    missing: list[str] = []
    command = ("rev-list", "--objects", "--missing=print", "--filter=object:type=blob", "--filter-provided-objects")
    async with git(*command, tip, *([f"^{since}"] if since else []), "--", folder=folder) as running:
        async for line in fields(running, b"\n"):
            if line.startswith(b"?"):
                missing.append(line[1:].decode("ascii", "replace"))
                continue
            oid, _, raw = line.partition(b" ")
            if is_object_id(text := oid.decode("ascii", "replace")):
                named.append((text, raw.decode("utf-8", "backslashreplace")))
            if len(named) >= _MOST:
                unseen.append(f"the history holds more than {_MOST:,} files")
                break
        else:
            if await running.process.wait() != 0:
                unseen.append(f"the history cannot be walked to its end ({await running.reason()})")
    sizes = await sizes_of(folder, [oid for oid, _ in named])
    missing += (oid for oid, _ in named if oid not in sizes)
    blobs = (PastBlob(oid, path, sizes[oid]) for oid, path in named if oid in sizes)
    return Past(tuple(blobs), tuple(dict.fromkeys(missing)), tuple(unseen))


async def cut_off(folder: Path) -> str | None:
    """Return in words where the history of the repository at *folder* is cut off; None where it is whole."""
    if await output("rev-parse", "--is-shallow-repository", folder=folder) != b"false\n":
        return "the clone is shallow, so older commits are not here: fetch it whole (git fetch --unshallow)"
    grafts = folder / "info" / "grafts"
    if await asyncio.to_thread(grafts.exists):
        return "the repository has grafts (info/grafts), which cut its history: remove them"
    return None


async def changed(folder: Path, before: str, after: str) -> Changed | None:
    """Return what changed in the files from commit *before* to *after*; None where *before* does not lead to it."""
    if await output("merge-base", "--is-ancestor", before, after, folder=folder) is None:
        return None
    left: list[tuple[str, str]] = []
    came: list[tuple[str, str]] = []
    command = ("diff-tree", "-r", "-z", "--no-renames", "--no-ext-diff", before, after, "--")
    async with git(*command, folder=folder) as running:
        printed = [field async for field in fields(running, b"\0")]
        if await running.process.wait() != 0:
            return None
    for head, raw in zip(printed[::2], printed[1::2], strict=False):
        old_mode, mode, old, new, _status = head.decode("ascii", "replace").removeprefix(":").split(" ")
        path = raw.decode("utf-8", "backslashreplace")
        left += [(old, path)] if old_mode.startswith("100") else []
        came += [(new, path)] if mode.startswith("100") else []
    return Changed(tuple(left), tuple(came))


async def sizes_of(folder: Path, oids: Sequence[str]) -> dict[str, int]:
    """Return the size of each blob of *oids* that is in the repository at *folder*."""
    sizes: dict[str, int] = {}
    form = "--batch-check=%(objectname) %(objecttype) %(objectsize)"
    async with git("cat-file", form, "--buffer", folder=folder) as running:
        feeding = asyncio.create_task(feed(running, [f"{oid}\n" for oid in oids]))
        async for line in fields(running, b"\n"):
            oid, kind, *size = line.decode("ascii", "replace").split(" ")
            if kind == "blob" and size and size[0].isdecimal():
                sizes[oid] = int(size[0])
        await feeding
    return sizes


async def feed(running: Git, lines: Sequence[str]) -> None:
    """Write *lines* to git's stdin and close it; where git has gone, stop."""
    stdin = running.process.stdin
    assert stdin is not None
    try:
        for start in range(0, len(lines), _ASKED_AT_ONCE):
            stdin.write("".join(lines[start : start + _ASKED_AT_ONCE]).encode())
            await stdin.drain()
        stdin.close()
    except OSError:
        return


async def fields(running: Git, end: bytes) -> AsyncIterator[bytes]:
    """Yield what git prints, piece by piece, each without the *end* that stands behind it."""
    assert running.process.stdout is not None
    rest = b""
    while piece := await running.process.stdout.read(1 << 18):
        *lines, rest = (rest + piece).split(end)
        for line in lines:
            yield line
    if rest:
        yield rest
