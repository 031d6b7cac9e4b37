"""What every kind of repository looks like once it is opened: a listing, its blobs, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from checks.fact import Entry, Listing, Missing
from checks.facts.delivery.history import History


class Unread(Exception):  # noqa: N818 - said of a blob, and read in the sentence
    """A blob could not be read; the text says why, in a few words after the path."""


class Blobs(Protocol):
    """Gives the bytes of files, one at a time."""

    async def blob(self, entry: Entry) -> bytes:
        """Return the bytes of *entry*; raises Unread."""


@dataclass(frozen=True, slots=True)
class Tree:
    """
    One revision, opened. *notes* say what is in it and is not read: submodules, symbolic links.

    *repository* is the git directory whose history leads to it; None where there is none to read.
    """

    name: str
    revision: str | None
    listing: Listing
    notes: tuple[str, ...]
    blobs: Blobs
    history: History | Missing
    repository: Path | None = None
