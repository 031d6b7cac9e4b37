"""
What the parent and the worker that reads a history say to each other.

The worker's stdin is first one frame, the Job, and then the very output of `git cat-file --batch`: no blob goes through
the parent. Behind each blob's id, type and size stand what to do with it (checks/history_worker.py) and numbers that
the parent chose. A line that says END ends a round; the worker answers it with Ended. The worker says how far it is on
its stdout, in frames as of checks/wire.py.
"""

from __future__ import annotations

import msgspec

#: What `git cat-file --batch` is to print before each blob; what the parent wrote behind the id comes last.
FORMAT = "%(objectname) %(objecttype) %(objectsize) %(rest)"
END = b"end\n"

SHOW, SEARCH, NEW, WITHIN, OLDEST = "show", "search", "new", "within", "oldest"


class Job(msgspec.Struct, frozen=True, tag=True):
    """Parent: *key* is for `same_value`; where *careful*, name each blob before it is read."""

    key: bytes | None = None
    careful: bool = False


class Spot(msgspec.Struct, frozen=True):
    """
    One secret in a version of a file: *number* is that of the blob, *value* stands for its value in this run.

    *certain* is told by its form; *hidden* by a comment beside it.
    """

    number: int
    line: int
    what: str
    certain: bool
    shape: str
    value: int
    hidden: bool = False
    same_value: str | None = None


class Reading(msgspec.Struct, frozen=True, tag=True):
    """Worker: I am about to read the blob of this number."""

    number: int


class Searched(msgspec.Struct, frozen=True, tag=True):
    """Worker: the blobs up to this number are searched; *spots* were found in them since the last time."""

    number: int
    spots: list[Spot]


class Ended(msgspec.Struct, frozen=True, tag=True):
    """
    Worker: this round is over.

    *within* are the values that files of HEAD hold, *lines* the (what, shape) of the secrets of those that are new,
    *oldest* are (what was asked, number of the first blob that held its value).
    """

    within: list[int]
    lines: list[tuple[str, str]]
    oldest: list[tuple[int, int]]


FromWorker = Reading | Searched | Ended
from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
job: msgspec.msgpack.Decoder[Job] = msgspec.msgpack.Decoder(Job)
