"""
Reads a git repository's objects: the files of a revision as a stream, and blobs by their id. Nothing is checked out.

That alone removes symbolic links, odd names, filters, LFS, hooks and embedded repositories, and tells each size before
a byte is read.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from checks.engine import Limits
from checks.fact import Entry, Listing
from checks.gather.git import Git, git, is_object_id, unreadable
from checks.gather.names import Names
from checks.gather.tree import Unread

_ASKED_AT_ONCE = 500  # object ids, so that neither pipe fills while the other waits
_LISTING_S = 90.0
_NAMED = 20  # submodules; beyond it they are only counted


async def list_files(folder: Path, revision: str, limits: Limits) -> tuple[Listing, tuple[str, ...]]:
    """
    Return the files of *revision* in the repository at *folder*, and in words what is there and not read.

    Raises Unreadable where not even the first of them can be had.
    """
    entries: list[tuple[str, str, str]] = []  # mode, oid, path
    missing: list[str] = []
    try:
        async with asyncio.timeout(_LISTING_S), git("ls-tree", "-r", "-z", revision, folder=folder) as running:
            stopped = await _entries(running, entries, limits)
            if stopped:
                missing.append(stopped)
            elif await running.process.wait() != 0:
                reason = await running.reason()
                if not entries:
                    raise unreadable(reason)
                missing.append(f"the list of files is not complete: {reason}")
    except TimeoutError:
        missing.append(f"stopped at {len(entries):,} files after {_LISTING_S:.0f} seconds")
    inner = [path for mode, _, path in entries if mode == "160000"]
    missing += (f"the submodule at {path} is not read: check its own repository" for path in inner[:_NAMED])
    if len(inner) > _NAMED:
        missing.append(f"{len(inner) - _NAMED} more submodules are not read")
    sizes = await sizes_of(folder, list(dict.fromkeys(oid for mode, oid, _ in entries if mode != "160000")))
    listing = Listing(
        tuple(Entry(path, oid, sizes.get(oid, 0), mode) for mode, oid, path in entries if mode != "160000"),
        complete=not missing,
        missing=tuple(missing),
    )
    links = sum(mode == "120000" for mode, _, _ in entries)
    return listing, (f"{links} symbolic {'link' if links == 1 else 'links'} not followed",) if links else ()


async def _entries(running: Git, entries: list[tuple[str, str, str]], limits: Limits) -> str | None:
    """Fill *entries* from what ls-tree prints; return why it was stopped, or None at its end."""
    assert running.process.stdout is not None
    names, rest, size = Names(), b"", 0
    while piece := await running.process.stdout.read(1 << 18):
        *lines, rest = (rest + piece).split(b"\0")
        for line in lines:
            if len(entries) >= limits.paths or size > limits.listing:
                return f"stopped at {len(entries):,} files"
            head, _, raw = line.partition(b"\t")
            described, _, oid = head.decode("utf-8", "replace").rpartition(" ")
            mode = described.split(" ")[0]
            if not is_object_id(oid):
                raise unreadable("git gave an answer that is no list of files")
            entries.append((mode, oid, names.text(raw)))
            size += len(raw)
        if len(rest) > limits.listing:
            return f"stopped at {len(entries):,} files"
    return None


async def sizes_of(folder: Path, oids: list[str]) -> dict[str, int]:
    """
    Return the size of each blob that is there.

    `ls-tree -l` would tell them too, but dies at the first blob that is not there.
    """
    sizes: dict[str, int] = {}
    async with git("cat-file", "--batch-check=%(objectname) %(objectsize)", folder=folder) as running:
        assert running.process.stdin is not None
        assert running.process.stdout is not None
        for start in range(0, len(oids), _ASKED_AT_ONCE):
            asked = oids[start : start + _ASKED_AT_ONCE]
            running.process.stdin.write("".join(f"{oid}\n" for oid in asked).encode())
            for _ in asked:
                oid, _, size = (await running.process.stdout.readline()).decode().strip().partition(" ")
                if size.isdecimal():
                    sizes[oid] = int(size)
    return sizes


class GitBlobs:
    """Blobs of the repository at *folder*, by one `cat-file --batch`, begun again where a bad object ended it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: Git | None = None
        self._stack = AsyncExitStack()

    async def blob(self, entry: Entry) -> bytes:
        """Return the bytes of *entry*; raises Unread where git cannot give them."""
        if self._running is None:
            command = git("cat-file", "--batch", folder=self._folder)
            self._running = await self._stack.enter_async_context(command)
        process = self._running.process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{entry.oid}\n".encode())
            head = (await process.stdout.readline()).decode().split()
            if len(head) == 3 and head[1] == "blob":  # noqa: PLR2004 - id, type, size
                data = await process.stdout.readexactly(int(head[2]) + 1)
                return data[:-1]
        except (OSError, asyncio.IncompleteReadError):
            head = []
        if head[1:] == ["missing"]:
            raise Unread("it is missing from the repository")
        reason = await self._running.reason()
        await self.close()
        raise Unread(f"git cannot read it ({reason})")

    async def close(self) -> None:
        """End the git that reads, where one runs."""
        self._running = None
        await self._stack.aclose()
