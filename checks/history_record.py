"""What is kept of a history that was read for secrets, so that the next check reads on and not again."""

from __future__ import annotations

import hashlib
import hmac
import importlib.metadata
from functools import cache
from pathlib import Path

import msgspec

from checks.facts.secrets.history_secrets import PastSecret
from checks.shelf import Shelf

_OWN = Path(__file__).parent
_READERS = ("facts/secrets", "facts/tier.py", "facts/code/syntax.py", "text.py", "history_worker.py", "binary.py")
_PARSERS = ("detect-secrets", "google-re2")
_MOST_MISSING = 1000  # objects remembered as missing; with more the history is read again


class Record(msgspec.Struct, frozen=True):
    """
    A history read by *scanner* up to the commit *tip*: its *secrets*, and what of it was *missing* or *unseen*.

    Where *tip* is empty it was not read to its end; *done* then are the ids of the blobs that are, 20 or 32 bytes each,
    and hold nothing.
    """

    scanner: str
    tip: str = ""
    secrets: tuple[PastSecret, ...] = ()
    missing: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    done: tuple[bytes, ...] = ()


def load(shelf: Shelf, repository: Path, scanner: str) -> Record:
    """Return what *scanner* left on *shelf* of the history of *repository*; an empty record where that is nothing."""
    kept = shelf.record(_name(repository))
    try:
        record = msgspec.msgpack.decode(kept, type=Record) if kept else Record(scanner)
    except msgspec.MsgspecError:
        return Record(scanner)
    return record if record.scanner == scanner else Record(scanner)


def keep(shelf: Shelf, repository: Path, record: Record) -> None:
    """Keep *record* of the history of *repository* on *shelf*."""
    if len(record.missing) <= _MOST_MISSING:
        shelf.keep_record(_name(repository), msgspec.msgpack.encode(record))


def scanner_key(key: bytes | None) -> str:
    """
    Return the name of what reads histories: it changes with its source, its libraries, and *key*, that of same_value.

    The worker's modules are hashed as files, since the parent of a check does not load them.
    """
    named = hmac.new(key, b"name of the key", hashlib.sha256).hexdigest() if key else ""
    return hashlib.sha256(f"{named} {_source()}".encode()).hexdigest()[:32]


@cache
def _source() -> str:
    digest = hashlib.sha256()
    for name in _READERS:
        place = _OWN / name
        for file in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(file.read_bytes())
    for name in _PARSERS:
        digest.update(importlib.metadata.version(name).encode())
    return digest.hexdigest()


def _name(repository: Path) -> str:
    return f"history {repository}"
