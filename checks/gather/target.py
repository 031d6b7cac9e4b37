"""What is to be checked: a repository at a code host, or, where the user may name it, a folder of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checks.engine import Engine, Limits
from checks.fact import Listing, Missing
from checks.gather.address import Address, parse_address
from checks.gather.folder import FolderBlobs
from checks.gather.git import Unreadable, unreadable
from checks.gather.git_version import git_problem
from checks.gather.history import read_history
from checks.gather.local_git import commit, git_folder, head, refuse_odd_files
from checks.gather.mirror import mirrored
from checks.gather.objects import GitBlobs, list_files
from checks.gather.staged import list_staged
from checks.gather.tree import Tree

_SHOWN = 200  # characters of a name that is no folder


@dataclass(frozen=True, slots=True)
class Target:
    """
    *name* is what reports call it; it is at *address* or, where that is None, in *folder*.

    *staged* asks for what the next commit of the checkout in *folder* will hold; *revision* for a commit, as git names
    one, instead of the one that HEAD is at.
    """

    name: str
    address: Address | None = None
    folder: Path | None = None
    staged: bool = False
    revision: str | None = None


def parse_target(text: str, hosts: Sequence[str], *, local: bool) -> Target:
    """
    Return what *text* names; raises BadAddress or Unreadable with a sentence.

    Only where *local* is true may it be a folder: the command line and local mode, never a person in a chat.
    """
    if local and not text.strip():
        raise Unreadable("Name a folder, a repository or an https:// address; a full stop is the folder you are in.")
    if local and "://" not in text and not text.startswith("-"):
        with suppress(OSError, ValueError, RuntimeError):  # too long, with a zero byte, in the home of nobody
            folder = Path(text).expanduser()
            if folder.is_dir():
                return Target(text, folder=folder.resolve())
            if folder.is_file():
                raise Unreadable(f"{_short(text)} is a file: give its folder, or the repository that it is in.")
        if not set("@:") & set(text):  # else it is an address of another form, which has its own sentence
            raise Unreadable(f"There is no folder {_short(text)} here, and it is not an https:// repository address.")
    address = parse_address(text, hosts)
    return Target(address.url, address=address)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


@asynccontextmanager
async def opened(target: Target, engine: Engine, *, with_token: bool = False) -> AsyncIterator[Tree]:
    """Open *target* for reading, with the engine's token where *with_token* is true; raises Unreadable."""
    if target.address is not None:
        await _refuse_old_git()
        async with (
            mirrored(target.address, engine, with_token=with_token) as (mirror, revision),
            _repository(target.name, mirror, revision, engine.limits) as tree,
        ):
            yield tree
        return
    assert target.folder is not None
    folder = await asyncio.to_thread(git_folder, target.folder)
    if target.staged:
        if folder is None:
            raise Unreadable("Nothing is staged here: this folder is no git checkout.")
        if folder == target.folder.resolve():
            raise Unreadable("Nothing is staged here: a bare repository has no files to commit. Name a checkout of it.")
        await _refuse_old_git()
        async with _staged(target.name, folder, engine.limits) as tree:
            yield tree
    elif folder is None:
        blobs = FolderBlobs(target.folder)
        listing, notes = await asyncio.to_thread(blobs.listing, engine.limits)
        _refuse_nothing(listing)
        yield Tree(target.name, None, listing, notes, blobs, Missing("a plain folder has no history"))
    else:
        await _refuse_old_git()
        asked = await commit(folder, target.revision) if target.revision else None
        async with _repository(target.name, folder, asked, engine.limits) as tree:
            yield tree


@asynccontextmanager
async def _repository(name: str, folder: Path, revision: str | None, limits: Limits) -> AsyncIterator[Tree]:
    """Open *revision*, or what HEAD is at, of the git directory *folder*."""
    try:
        # One after the other: all are git on the same disk, and an exception of any stays a plain one.
        async with asyncio.timeout(limits.git_s):
            at = revision or await head(folder)
            listing, notes = await list_files(folder, at, limits)
            _refuse_nothing(listing)
            history = await read_history(folder, at, limits)
    except TimeoutError:
        raise unreadable(f"git was not done within {limits.git_s:.0f} s") from None
    blobs = GitBlobs(folder)
    try:
        yield Tree(name, at, listing, notes, blobs, history, folder)
    finally:
        await blobs.close()


@asynccontextmanager
async def _staged(name: str, folder: Path, limits: Limits) -> AsyncIterator[Tree]:
    """Open what is staged in the git directory *folder*."""
    await asyncio.to_thread(refuse_odd_files, folder)
    listing = await list_staged(folder, limits)
    _refuse_nothing(listing)
    blobs = GitBlobs(folder)
    try:
        yield Tree(name, None, listing, (), blobs, Missing("what is staged has no history yet"))
    finally:
        await blobs.close()


async def _refuse_old_git() -> None:
    problem = await asyncio.to_thread(_git_problem)
    if problem:
        raise Unreadable(problem)


_git_problem = cache(git_problem)  # asked once a process


def _refuse_nothing(listing: Listing) -> None:
    """Raise Unreadable where *listing* has no file: an empty app has no fault, and must not get a place by that."""
    if not listing.entries:
        why = listing.missing[0] if listing.missing else "it holds no file that is the app's own"
        raise Unreadable(f"There is nothing here to check: {why}.")
