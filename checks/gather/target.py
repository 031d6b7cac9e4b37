"""What is to be checked: a repository at a code host, or, where the user may name it, a folder of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.engine import Engine, Limits
from checks.fact import Listing, Missing
from checks.gather.address import Address, parse_address
from checks.gather.folder import FolderBlobs
from checks.gather.git import Unreadable, git, output
from checks.gather.history import read_history
from checks.gather.mirror import mirrored
from checks.gather.objects import GitBlobs, list_files
from checks.gather.tree import Tree


@dataclass(frozen=True, slots=True)
class Target:
    """*name* is what reports call it; it is at *address* or, where that is None, in *folder*."""

    name: str
    address: Address | None = None
    folder: Path | None = None


def parse_target(text: str, hosts: Sequence[str], *, local: bool) -> Target:
    """
    Return what *text* names; raises BadAddress or Unreadable with a sentence.

    Only where *local* is true may it be a folder: the command line and local mode, never a person in a chat.
    """
    if local and "://" not in text:
        folder = Path(text).expanduser()
        if folder.is_dir():
            return Target(text, folder=folder.resolve())
        if not set("@:") & set(text):  # else it is an address of another form, which has its own sentence
            raise Unreadable(f"There is no folder {text} here, and it is not an https:// repository address.")
    address = parse_address(text, hosts)
    return Target(address.url, address=address)


@asynccontextmanager
async def opened(target: Target, engine: Engine, *, with_token: bool = False) -> AsyncIterator[Tree]:
    """Open *target* for reading, with the engine's token where *with_token* is true; raises Unreadable."""
    if target.address is not None:
        async with (
            mirrored(target.address, engine, with_token=with_token) as (mirror, revision),
            _repository(target.name, mirror, revision, engine.limits) as tree,
        ):
            yield tree
        return
    assert target.folder is not None
    folder = git_folder(target.folder)
    if folder is None:
        blobs = FolderBlobs(target.folder)
        listing, notes = await asyncio.to_thread(blobs.listing, engine.limits)
        _refuse_nothing(listing)
        yield Tree(target.name, None, listing, notes, blobs, Missing("a plain folder has no history"))
    else:
        revision = await head(folder)
        async with _repository(target.name, folder, revision, engine.limits) as tree:
            yield tree


@asynccontextmanager
async def _repository(name: str, folder: Path, revision: str, limits: Limits) -> AsyncIterator[Tree]:
    # One after the other: both are git on the same disk, and an exception of either stays a plain one.
    listing, notes = await list_files(folder, revision, limits)
    _refuse_nothing(listing)
    history = await read_history(folder, revision, limits)
    blobs = GitBlobs(folder)
    try:
        yield Tree(name, revision, listing, notes, blobs, history)
    finally:
        await blobs.close()


def _refuse_nothing(listing: Listing) -> None:
    """Raise Unreadable where *listing* has no file: an empty app has no fault, and must not get a place by that."""
    if not listing.entries:
        why = listing.missing[0] if listing.missing else "it holds no file that is the app's own"
        raise Unreadable(f"There is nothing here to check: {why}.")


def git_folder(folder: Path) -> Path | None:
    """
    Return the git directory of *folder*: a checkout's, a worktree's, or the folder itself where it is bare.

    None where it is a plain folder, also one inside a checkout: what was named is what is checked.
    """
    inner = folder / ".git"
    if inner.is_file():  # a worktree or a submodule: "gitdir: where"
        text = inner.read_text(encoding="utf-8", errors="replace")[:4096]
        if text.startswith("gitdir:"):
            inner = folder / text.removeprefix("gitdir:").strip()
    for candidate in (inner, folder):
        if (candidate / "HEAD").is_file() and ((candidate / "objects").is_dir() or (candidate / "commondir").is_file()):
            return candidate.resolve()
    return None


async def head(folder: Path) -> str:
    """Return the commit that HEAD of the git directory *folder* names; raises Unreadable where there is none."""
    found = await output("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}", folder=folder)
    if found:
        return found.decode().strip()
    branches = (await output("for-each-ref", "--format=%(refname:short)", "refs/heads", folder=folder) or b"").decode()
    named = (await output("symbolic-ref", "--quiet", "--short", "HEAD", folder=folder) or b"").decode().strip()
    if not branches.split():
        raise Unreadable("No commits yet: nothing to check.")
    if named in branches.split():
        async with git("cat-file", "commit", "HEAD", folder=folder) as running:
            await running.process.wait()
            raise Unreadable(f"Repository could not be read completely: {await running.reason()}. Not checked.")
    raise Unreadable(f"Default branch '{named}' does not exist; branches: {', '.join(branches.split()[:10])}")
