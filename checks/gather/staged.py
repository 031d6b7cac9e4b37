"""What is staged: the files of a checkout's index, which the next commit will hold, by their blobs' ids."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from checks.engine import Limits
from checks.fact import Entry, Listing
from checks.gather.git import git, is_object_id, unreadable
from checks.gather.names import Names
from checks.gather.objects import sizes_of

_LISTING_S = 60.0
_LINK = "160000"  # the mode of a submodule


async def list_staged(folder: Path, limits: Limits) -> Listing:
    """
    Return the files of the index of the git directory *folder*; raises Unreadable where git cannot list them.

    While git runs a hook, GIT_INDEX_FILE names the index that it is about to commit, which is not always `index`.
    """
    try:
        async with asyncio.timeout(_LISTING_S):
            async with git("ls-files", "--stage", "-z", folder=folder, environment=_index()) as running:
                assert running.process.stdout is not None
                text = bytearray()
                while piece := await running.process.stdout.read(1 << 18):
                    text += piece
                    if len(text) > limits.listing:
                        raise unreadable("there are too many staged files")
                if await running.process.wait() != 0:
                    raise unreadable(await running.reason())
            return await _listing(folder, bytes(text), limits)
    except TimeoutError:
        raise unreadable(f"git did not list what is staged within {_LISTING_S:.0f} s") from None


def _index() -> dict[str, str]:
    index = os.environ.get("GIT_INDEX_FILE")
    return {"GIT_INDEX_FILE": str(Path(index).absolute())} if index else {}


async def _listing(folder: Path, text: bytes, limits: Limits) -> Listing:
    """Return the listing that *text*, as `ls-files --stage -z` prints it, stands for; conflicts are told."""
    names = Names()
    staged: list[tuple[str, str, str]] = []  # mode, oid, path
    conflicts = 0
    for line in filter(None, text.split(b"\0")):
        head, _, raw = line.partition(b"\t")
        mode, oid, stage = head.decode("ascii", "replace").split(" ")
        if not is_object_id(oid):
            raise unreadable("git gave an answer that is no list of files")
        conflicts += stage != "0"
        if mode != _LINK:
            staged.append((mode, oid, names.text(raw)))
    missing = [f"{conflicts} staged files are in conflict"] if conflicts else []
    if len(staged) > limits.paths:
        missing.append(f"stopped at {limits.paths:,} files")
        staged = staged[: limits.paths]
    sizes = await sizes_of(folder, list(dict.fromkeys(oid for _, oid, _ in staged)))
    entries = tuple(Entry(path, oid, sizes.get(oid, 0), mode) for mode, oid, path in staged)
    return Listing(entries, complete=not missing, missing=tuple(missing))
