"""Folders for the time of one piece of work, below the home; what a killed process left of its own is swept away."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SETTLED_S = 60.0  # older, and its process has locked it or is gone


@contextmanager
def scratch(home: Path, prefix: str) -> Iterator[Path]:
    """
    Give an empty folder below *home* whose name begins with *prefix*, and remove it afterwards.

    Folders with that prefix that no living process holds are removed before. Raises OSError where none can be made.
    """
    _sweep(home, prefix)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=home) as name, _held(Path(name)):
        yield Path(name)


def _sweep(home: Path, prefix: str) -> None:
    for left in home.glob(f"{prefix}*"):
        with suppress(OSError):  # its process has just removed it, or still holds it
            if not left.is_symlink() and time.time() - left.stat().st_mtime > _SETTLED_S:
                with _held(left):
                    shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Meanwhile hold *folder*: the lock goes with this process, however it ends. Raises OSError where another does."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(fd)
