"""In which order the blobs of a history are read, and which of them need not be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from checks.binary import is_binary
from checks.fact import Listing
from checks.facts.secrets.files import kind_of
from checks.gather.past_blobs import PastBlob
from checks.history_wire import NEW, SEARCH, SHOW, WITHIN

_LARGEST = 64 * 1024 * 1024  # bytes of one blob
_LARGEST_HEAD = 16 * 1024 * 1024  # bytes of a file of HEAD in which values are looked for


@dataclass(frozen=True, slots=True)
class Step:
    """One blob to be read: its id, what to do with it, and the words behind its number."""

    oid: str
    task: str
    path: str
    rest: str = ""
    size: int = 0

    def line(self, number: int) -> str:
        """Return what git is asked, as number *number*."""
        return f"{self.oid} {self.task} {number} {self.rest}".rstrip() + "\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The steps of one reading, and in words what they leave out.

    *versions* is how many versions of files are to be searched; where it *is_cut*, some of them in the next check.
    """

    steps: tuple[Step, ...] = ()
    unseen: tuple[str, ...] = ()
    versions: int = 0
    is_cut: bool = False


def plan(blobs: Iterable[PastBlob], listing: Listing, done: Collection[bytes], budget: int) -> Plan:
    """
    Return how to read *blobs*, newest first as they come, that are neither in *listing* nor *done*.

    File by file, what is at HEAD first and then from the oldest version on, at most *budget* bytes.
    """
    at_head = {entry.oid for entry in listing.entries}
    head = {entry.path: entry for entry in listing.entries if entry.mode.startswith("100")}
    files: dict[str, list[PastBlob]] = {}
    kinds: dict[str, str | None] = {}  # a path has many versions, and is judged once
    large = 0
    for blob in blobs:
        if blob.path not in kinds:
            kinds[blob.path] = kind_of(blob.path) if _is_text(blob.path) else None
        if kinds[blob.path] is None or blob.oid in at_head or (done and bytes.fromhex(blob.oid) in done):
            continue
        if blob.size > _LARGEST:
            large += 1
            continue
        files.setdefault(blob.path, []).append(blob)
    unseen = [f"{large} files of the history are larger than {_LARGEST // 2**20} MiB"] if large else []
    total = sum(map(len, files.values()))
    steps: list[Step] = []
    for number, (path, versions) in enumerate(sorted(files.items())):
        if path in head and head[path].size <= _LARGEST:
            steps.append(Step(head[path].oid, SHOW, path, str(number)))
        for blob in reversed(versions):
            budget -= blob.size
            if budget < 0:
                return Plan(tuple(steps), tuple(unseen), total, is_cut=True)
            steps.append(Step(blob.oid, SEARCH, path, f"{number} {kinds[path]}", blob.size))
    return Plan(tuple(steps), tuple(unseen), total)


def within(listing: Listing) -> tuple[Step, ...]:
    """Return the steps that look through every file of *listing* that may hold a value."""
    entries = {entry.oid: entry for entry in listing.entries}
    return tuple(
        Step(entry.oid, WITHIN, entry.path)
        for entry in entries.values()
        if entry.size <= _LARGEST_HEAD and _is_text(entry.path)
    )


def new(came: Iterable[tuple[str, str]]) -> tuple[Step, ...]:
    """Return the steps that list the secrets of the files (id, path) that *came*."""
    return tuple(Step(oid, NEW, path, str(kind_of(path))) for oid, path in came if _is_text(path))


def _is_text(path: str) -> bool:
    return kind_of(path) is not None and not is_binary(path, b"")
