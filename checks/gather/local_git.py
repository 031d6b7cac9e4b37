"""
Git directories of this machine: where they are, what must not be in them, and the commit they are at.

A pipe or device in a file's place would hold git up for as long as nobody writes to it; so it is looked for before git
is started.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.gather.git import Unreadable, asked, is_object_id, unreadable

_LOOKED_AT = 100_000  # entries; what is beyond is left to the deadline of all git calls


def git_folder(folder: Path) -> Path | None:
    """
    Return the git directory of *folder*: a checkout's, a worktree's, or the folder itself where it is bare.

    None where it is a plain folder, also one inside a checkout: what was named is what is checked. Raises Unreadable
    where it says where its git directory is in a way that nobody could follow.
    """
    try:
        inner = _named(folder / ".git", folder)
        for candidate in (inner, folder):
            objects = (candidate / "objects").is_dir() or (candidate / "commondir").is_file()
            if os.path.lexists(candidate / "HEAD") and objects:
                return candidate.resolve()
    except (OSError, ValueError, RuntimeError):
        raise Unreadable("The file .git does not say where the repository is. Not checked.") from None
    return None


def _named(inner: Path, folder: Path) -> Path:
    """Return *inner*, or where it is the file of a worktree or a submodule ("gitdir: where") what it names."""
    if inner.is_file():
        with inner.open(encoding="utf-8", errors="replace") as file:
            text = file.read(4096)
        if text.startswith("gitdir:"):
            return folder / text.removeprefix("gitdir:").strip()
    return inner


def refuse_odd_files(folder: Path) -> None:
    """Raise Unreadable where the git directory *folder* holds a pipe, a device or a socket in the place of a file."""
    places = [folder]
    common = folder / "commondir"
    if common.is_file():
        with common.open(encoding="utf-8", errors="replace") as file:
            places.append(folder / file.read(4096).strip())
    for place in places:
        for number, (path, mode) in enumerate(_everything(place)):
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and not path.endswith(".ipc"):  # git's own socket
                name = "".join(char if char.isprintable() else "?" for char in os.path.relpath(path, place))
                raise Unreadable(f"The repository's own {name} is a pipe, a device or a socket, no file. Not checked.")
            if number > _LOOKED_AT:
                break


def _everything(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield path and mode of everything below *folder*, of links what they lead to, without recursion."""
    folders = [str(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as found:
                inside = list(found)
        except OSError:
            continue  # git says so itself
        for entry in inside:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
                continue
            try:
                yield entry.path, entry.stat().st_mode
            except OSError:
                continue  # a link that leads nowhere


async def commit(folder: Path, name: str) -> str:
    """Return the id of the commit that git finds under *name* in the git directory *folder*; raises Unreadable."""
    await asyncio.to_thread(refuse_odd_files, folder)
    found, _ = await asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", folder=folder)
    revision = (found or b"").decode("utf-8", "replace").strip()
    if not is_object_id(revision):
        shown = "".join(char if char.isprintable() else "?" for char in name[:100])
        raise Unreadable(f"There is no commit {shown} in this repository. Fetch what is not here.")
    return revision


async def head(folder: Path) -> str:
    """Return the commit that HEAD of the git directory *folder* names; raises Unreadable where there is none."""
    await asyncio.to_thread(refuse_odd_files, folder)
    found, reason = await asked("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}", folder=folder)
    if found:
        revision = found.decode("utf-8", "replace").strip()
        if not is_object_id(revision):
            raise unreadable("git gave an answer that is no commit")
        return revision
    names, trouble = await asked("for-each-ref", "--format=%(refname)", folder=folder)
    if names is None or (trouble and not names.strip()):
        raise unreadable(trouble or reason)
    branches = [name.removeprefix("refs/heads/") for name in names.decode().split() if name.startswith("refs/heads/")]
    named, _ = await asked("symbolic-ref", "--quiet", "--short", "HEAD", folder=folder)
    branch = (named or b"").decode("utf-8", "replace").strip()
    if not names.strip() and branch:
        raise Unreadable("No commits yet: nothing to check.")
    if not branch or branch in branches:
        _, reason = await asked("cat-file", "commit", "HEAD", folder=folder)
        raise unreadable(reason)
    raise Unreadable(f"Default branch '{branch}' does not exist; branches: {', '.join(branches[:10]) or 'none'}")
