"""
What the parent and the worker say to each other: msgspec structs as msgpack, each with its length in front.

The parent answers, the worker asks. A conversation: Hello; Job; Wanted, Parts (many times); Reading, Blob, Read (once a
blob); Soon (between them); Phase, Ask, Answer, Answered (once a check); Done. The worker says what it is about to do
before it does it, so that after its death the parent knows the culprit.
"""

from __future__ import annotations

import struct

import msgspec

from checks.model import Installed, Placement, Result, Severity

HEADER = struct.Struct("!I")  # the length of what follows, in bytes
LARGEST = 64 * 1024 * 1024  # bytes; no honest message is larger, so a larger one ends the conversation


class Asked(msgspec.Struct, frozen=True):
    """One check that the worker knows, with what a result of it needs where the worker cannot answer any more."""

    id: str
    family: str
    severity: Severity
    allows: Placement
    title: str


class Hello(msgspec.Struct, frozen=True, tag=True):
    """Worker: I have loaded these checks."""

    checks: tuple[Asked, ...]


class Job(msgspec.Struct, frozen=True, tag=True):
    """
    Parent: answer the checks *owed* (None: all).

    *given* is JSON by topic, *missing* the reason where a topic could not be gathered. *skipped* are blob ids not to be
    read, with why; *blamed* are facts and checks not to be made, with why. *key* is for `same_value`. *budget* bounds
    the bytes read.
    """

    given: dict[str, bytes]
    missing: dict[str, str]
    budget: int
    owed: tuple[str, ...] | None = None
    skipped: dict[str, str] = {}
    blamed: dict[str, str] = {}
    key: bytes | None = None


class Wanted(msgspec.Struct, frozen=True, tag=True):
    """Worker: look for parts under these (collector key, blob id, kind)."""

    keys: list[tuple[str, str, str]]


class Parts(msgspec.Struct, frozen=True, tag=True):
    """Parent: these, in the order asked; None where there is none."""

    parts: list[bytes | None]


class Reading(msgspec.Struct, frozen=True, tag=True):
    """Worker: I am about to read this blob; *done* of *total* are behind me."""

    oid: str
    path: str
    done: int
    total: int


class Blob(msgspec.Struct, frozen=True, tag=True):
    """Parent: its bytes, or None and the reason."""

    data: bytes | None
    reason: str = ""


class Read(msgspec.Struct, frozen=True, tag=True):
    """Worker: the parts of the blob that was just read, as (collector key, kind, part)."""

    parts: list[tuple[str, str, bytes]]


class Phase(msgspec.Struct, frozen=True, tag=True):
    """Worker: I am about to make the fact, or ask the check, of this name."""

    name: str


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Worker: a question that only the parent can answer, as JSON."""

    topic: str
    question: bytes


class Soon(msgspec.Struct, frozen=True, tag=True):
    """Worker: I am going to Ask this; begin with the answer."""

    topic: str
    question: bytes


class Answer(msgspec.Struct, frozen=True, tag=True):
    """Parent: the answer as JSON, or None and the reason."""

    data: bytes | None
    reason: str = ""


class Answered(msgspec.Struct, frozen=True, tag=True):
    """Worker: one check's result."""

    result: Result


class Done(msgspec.Struct, frozen=True, tag=True):
    """Worker: all owed checks are answered. *suppressed* is what the repository hides from scanners, in words."""

    suppressed: tuple[str, ...] = ()
    packages: tuple[Installed, ...] = ()


FromWorker = Hello | Wanted | Reading | Read | Phase | Soon | Ask | Answered | Done
FromParent = Job | Parts | Blob | Answer

_encoder = msgspec.msgpack.Encoder()
from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
from_parent: msgspec.msgpack.Decoder[FromParent] = msgspec.msgpack.Decoder(FromParent)


def frame(message: msgspec.Struct) -> bytes:
    """Return *message* as it goes over the pipe."""
    body = _encoder.encode(message)
    return HEADER.pack(len(body)) + body
