"""
Reads a plain folder that is no git repository: regular files only, no link followed, nothing outside it.

A link is no matter where what it leads to is read anyway; else it is told, since the app may use what is there.

A blob's id is what git would give it, so that the fact cache holds for folders and repositories alike.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.engine import Limits
from checks.fact import Entry, Listing
from checks.gather.names import Names
from checks.gather.tree import Unread

#: Folders that hold other people's code or what tools made; no team commits them.
_SKIPPED = frozenset(
    {b".git", b"node_modules", b"__pycache__", b".mypy_cache", b".ruff_cache", b".pytest_cache", b".tox", b".next"}
)
#: What `python -m venv` makes inside an environment; anything else in there is somebody's own.
_ENVIRONMENT = frozenset({b"lib", b"lib64", b"bin", b"Scripts", b"include", b"share", b"Lib", b"Include"})
_NAMED = 20  # links or folders told by name
_HASHED = 8 * 1024 * 1024  # bytes; a larger file is read by nobody, so its id need not be its content's
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe put in a file's place must not hang us


class FolderBlobs:
    """Files of the folder at *root*, each opened anew and followed nowhere."""

    def __init__(self, root: Path) -> None:
        self._root = os.fsencode(root)
        self._raw: dict[str, bytes] = {}

    def listing(self, limits: Limits) -> tuple[Listing, tuple[str, ...]]:
        """Return the files below the root, and in words what is there and not read."""
        names, size, complete = Names(), 0, True
        links: list[bytes] = []
        skipped: list[bytes] = []
        entries: list[Entry] = []
        bad: list[str] = []
        for raw, found in _walk(self._root, skipped):
            if isinstance(found, OSError):
                bad.append(f"{names.text(raw)}/ cannot be listed: {found.strerror}")
            elif stat.S_ISLNK(found.st_mode):
                links.append(raw)
            elif len(entries) >= limits.paths or size > limits.listing:
                bad.append(f"stopped at {len(entries):,} files")
                complete = False
                break
            elif stat.S_ISREG(found.st_mode):
                path = names.text(raw)
                self._raw[path] = raw
                entries.append(Entry(path, self._oid(raw, found.st_size), found.st_size))
                size += len(raw)
        bad += _named([f"the link {names.text(raw)}" for raw in links if _leads_away(self._root, raw, skipped)])
        notes = [f"{len(links)} symbolic {'link' if len(links) == 1 else 'links'} not followed"] if links else []
        if skipped:
            told = ", ".join(_first([f"{names.text(raw)}/" for raw in skipped]))
            notes.append(f"installed or built code is not read: {told}")
        return Listing(tuple(entries), complete and not bad, tuple(bad)), tuple(notes)

    async def blob(self, entry: Entry) -> bytes:
        """Return the bytes of *entry*; raises Unread where they cannot be had or are not those listed."""
        try:
            data = await asyncio.to_thread(_bytes, self._root, self._raw[entry.path], entry.size + 1)
        except OSError as error:
            raise Unread(f"it cannot be opened ({error.strerror})") from None
        if entry.size <= _HASHED and _git_oid(data) != entry.oid:
            raise Unread("it changed while it was read")
        return data

    async def close(self) -> None:
        """Nothing stays open."""

    def _oid(self, raw: bytes, size: int) -> str:
        if size > _HASHED:
            return hashlib.sha1(b"large " + raw, usedforsecurity=False).hexdigest()
        try:
            return _git_oid(_bytes(self._root, raw, size + 1))
        except OSError:
            return hashlib.sha1(b"closed " + raw, usedforsecurity=False).hexdigest()


def _first(texts: list[str]) -> list[str]:
    """Return the first of *texts*, and how many more there are."""
    return texts if len(texts) <= _NAMED else [*texts[:_NAMED], f"{len(texts) - _NAMED} more"]


def _named(links: list[str]) -> list[str]:
    return [f"{link} leads to what is not read: check that, too, or put it here" for link in _first(links)]


def _leads_away(root: bytes, raw: bytes, skipped: list[bytes]) -> bool:
    """Whether the link *raw* leads out of *root*, or into one of its *skipped* folders."""
    top = os.path.realpath(root)
    try:
        aim = os.path.realpath(b"%b/%b" % (root, raw))
    except (OSError, ValueError):
        return True
    away = aim != top and not aim.startswith(top.rstrip(b"/") + b"/")
    return away or any((aim + b"/").startswith(b"%b/%b/" % (top, one)) for one in skipped)


def _git_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _bytes(root: bytes, raw: bytes, largest: int) -> bytes:
    """
    Return the first *largest* bytes of the file *raw* below *root*; raises OSError.

    Every folder on the way is opened without following links, so none that is swapped for a link leads outside.
    """
    *folders, name = raw.split(b"/")
    fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=fd)
            os.close(fd)
            fd = inner
        with os.fdopen(os.open(name, _FLAGS, dir_fd=fd), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(0, "it is no regular file")
            return file.read(largest)
    finally:
        os.close(fd)


def _walk(root: bytes, skipped: list[bytes]) -> Iterator[tuple[bytes, os.stat_result | OSError]]:
    """
    Yield the path and status of everything below *root* that is no folder, in order, without recursion.

    Folders that are not read are added to *skipped*.
    """
    folders = [b""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root + b"/" + folder) as found:
                inside = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield folder, error
            continue
        made = _ENVIRONMENT if _is_environment(root + b"/" + folder, inside) else frozenset()
        for entry in inside:
            raw = folder + b"/" + entry.name if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                try:
                    yield raw, entry.stat(follow_symlinks=False)
                except OSError as error:
                    yield raw, error
            elif entry.name in _SKIPPED or entry.name in made:
                skipped.extend([raw] if entry.name != b".git" else [])
            else:
                folders.append(raw)


def _is_environment(folder: bytes, inside: list[os.DirEntry[bytes]]) -> bool:
    """Whether *folder*, which holds *inside*, is a virtual environment: the file that says so, and its Python."""
    return any(entry.name == b"pyvenv.cfg" for entry in inside) and any(
        os.path.lexists(b"/".join((folder, python)))
        for python in (b"bin/python", b"bin/python3", b"Scripts/python.exe", b"Scripts/python")
    )
