"""
A disk that is full: a small one in memory, filled up, or where none may be mounted a limit on the size of files.

It is mounted in a view of the file system that only this process and its children have (unshare(2)), so it is gone when
these are, whatever ends them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_NEW_VIEW = 0x0002_0000  # CLONE_NEWNS of unshare(2)
_RECURSIVE, _PRIVATE = 0x4000, 0x4_0000  # MS_REC and MS_PRIVATE of mount(2)
_DETACH = 2  # MNT_DETACH of umount2(2)
_MIB = 64
_FILES = ("registry.db", "registry.db-wal", "registry.db-journal")


@dataclass(frozen=True, slots=True)
class Disk:
    """
    Where the home of a bot lies; *is_real* where it is a disk, else files of the bot's process are limited in size.

    A disk is made full by a file beside the others.
    """

    home: Path
    is_real: bool

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return f"a tmpfs of {_MIB} MiB that was filled up" if self.is_real else "files limited by RLIMIT_FSIZE"

    @property
    def _ballast(self) -> Path:
        return self.home / "ballast"

    def fill(self, pid: int, left: int) -> None:
        """Leave so many bytes to the bot of process *pid*."""
        if self.is_real:
            free = os.statvfs(self.home)
            with self._ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_bsize - left)
            return
        biggest = max(path.stat().st_size for name in _FILES if (path := self.home / name).exists())
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (biggest + left, hard))

    def use_up(self) -> None:
        """Take what is left of a real disk."""
        with contextlib.suppress(OSError), (self.home / "rest").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(1024))

    def make_room(self, pid: int) -> None:
        """Let everything be written again."""
        if self.is_real:
            for path in (self._ballast, self.home / "rest"):
                path.unlink(missing_ok=True)
            return
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Give a disk of its own at *folder*, or the folder itself where this process may mount none."""
    folder.mkdir(mode=0o700)
    library = ctypes.CDLL(None, use_errno=True)
    options = f"size={_MIB}m,mode=700".encode()
    is_real = not (
        library.unshare(_NEW_VIEW)
        or library.mount(None, b"/", None, ctypes.c_ulong(_RECURSIVE | _PRIVATE), None)
        or library.mount(b"groundcrew", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(0), options)
    )
    try:
        yield Disk(folder, is_real)
    finally:
        if is_real:
            library.umount2(os.fsencode(folder), _DETACH)
