"""Collects the parts of all collectors in the worker: those the parent has cached, then one pass over what is left."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import msgspec

from checks.binary import is_binary
from checks.evaluate import error_id, name_of
from checks.fact import Collector, Entry, Listing, Unreadable
from checks.masking import holds_token
from checks.same_value import key_name
from checks.text import decode
from checks.wire import Blob, Job, Phase, Read, Reading, Wanted

_BATCH = 2000  # keys asked for in one message
_NOTHING = msgspec.msgpack.encode(None)


class Parent(Protocol):
    """What the worker can ask of its parent here."""

    def say(self, message: Phase | Read) -> None:
        """Send *message*, which has no answer."""

    def parts(self, keys: Wanted) -> list[bytes | None]:
        """Return the cached parts of *keys*, in their order."""

    def blob(self, reading: Reading) -> Blob:
        """Return the blob that *reading* names."""


Goal = tuple[frozenset[type], Callable[[], None]]  # facts that collectors make, and what is done once they can be made


@dataclass(slots=True)
class Collected:
    """
    The parts by fact type and path; by fact type what was not read, and why a fact cannot be made, in words.

    *goals* are reached while it is filled.
    """

    parts: dict[type, dict[str, Any]] = field(default_factory=dict)
    unread: dict[type, tuple[str, ...]] = field(default_factory=dict)
    blamed: dict[str, str] = field(default_factory=dict)
    goals: Sequence[Goal] = ()


@dataclass(frozen=True, slots=True)
class _Wish:
    """One collector wants one blob as one kind, for all *paths* that hold it."""

    collector: Collector
    oid: str
    kind: str
    paths: list[str]

    @property
    def key(self) -> tuple[str, str, str]:
        return collector_key(self.collector), self.oid, self.kind


_Left = tuple[dict[str, None], Callable[[], None]]  # the blobs that a goal waits for, and what is done then


def collect(collectors: Sequence[Collector], listing: Listing, job: Job, parent: Parent, done: Collected) -> None:
    """Put into *done* the parts that *collectors* take from *listing*; what its goals want comes first, least first."""
    wishes: list[_Wish] = []
    for collector in collectors:
        done.parts[collector.fact] = {}
        name = name_of(collector.fact)
        if name not in done.blamed:
            parent.say(Phase(name))
            try:
                wishes.extend(_wishes(collector, listing, done))
            except Exception as error:  # noqa: BLE001 - one collector's fault must not end the others
                done.blamed[name] = f"{name} failed with error {error_id(error)}"
    entries = {entry.oid: entry for entry in listing.entries}
    unread: dict[str, list[_Wish]] = {}
    for wish in _without_cached(wishes, done, parent):
        unread.setdefault(wish.oid, []).append(wish)
    budget = job.budget
    left = _lefts(done.goals, unread)
    order = dict.fromkeys(oid for oids, _ in (*left, (tuple(unread), None)) for oid in oids)
    for number, oid in enumerate(order):
        left = _reached(left)
        wanting = unread[oid]
        entry = entries[oid]
        budget -= entry.size
        if oid in job.skipped:
            _not_read(done, wanting, job.skipped[oid])
        elif budget < 0:
            _not_read(done, wanting, f"beyond the limit of {job.budget // 2**20} MiB read in one check")
        else:
            reading = Reading(oid, wanting[0].paths[0], number, len(unread))
            parent.say(Read(_read(reading, wanting, done, parent)))
        for oids, _ in left:
            oids.pop(oid, None)
    _reached(left)


def _lefts(goals: Sequence[Goal], unread: Mapping[str, Sequence[_Wish]]) -> list[_Left]:
    """Return for each of *goals* the blobs of *unread* that it waits for, as the keys of a dict, fewest first."""
    waiting = (
        (
            dict.fromkeys(
                oid for oid, wishes in unread.items() if any(wish.collector.fact in facts for wish in wishes)
            ),
            then,
        )
        for facts, then in goals
    )
    return sorted(waiting, key=lambda one: len(one[0]))


def _reached(left: Sequence[_Left]) -> list[_Left]:
    """Do what is to be done where nothing is *left*, and return the others."""
    for oids, then in left:
        if not oids:
            then()
    return [one for one in left if one[0]]


def _wishes(collector: Collector, listing: Listing, done: Collected) -> Iterator[_Wish]:
    found: dict[tuple[str, str], _Wish] = {}
    large = []
    for entry in listing.entries:
        kind = collector.kind_of(entry.path) if _is_file(entry) else None
        if kind is None:
            continue
        if entry.size > collector.largest and not collector.raw and is_binary(entry.path, b""):
            continue
        if entry.size > collector.largest:
            large.append(f"{entry.path} is larger than {collector.largest // 1024} KiB")
            continue
        wish = found.setdefault((entry.oid, kind), _Wish(collector, entry.oid, kind, []))
        wish.paths.append(entry.path)
    if large:
        done.unread[collector.fact] = (*done.unread.get(collector.fact, ()), *large)
    yield from found.values()


def _is_file(entry: Entry) -> bool:
    """Whether *entry* is a regular file: a symbolic link's blob is only the name it points at."""
    return entry.mode.startswith("100")


def _without_cached(wishes: list[_Wish], done: Collected, parent: Parent) -> Iterator[_Wish]:
    for start in range(0, len(wishes), _BATCH):
        batch = wishes[start : start + _BATCH]
        for wish, part in zip(batch, parent.parts(Wanted([wish.key for wish in batch])), strict=True):
            if part is None or not _keep(done, wish, part):
                yield wish


def _keep(done: Collected, wish: _Wish, part: bytes) -> bool:
    """Put the encoded *part* where *wish* wants it; False where it is not what the collector declares."""
    if part == _NOTHING:
        return True
    try:
        value: Any = msgspec.msgpack.decode(part, type=wish.collector.part)
    except msgspec.MsgspecError:
        return False
    done.parts[wish.collector.fact].update(dict.fromkeys(wish.paths, value))
    return True


def _read(reading: Reading, wanting: list[_Wish], done: Collected, parent: Parent) -> list[tuple[str, str, bytes]]:
    """Read one blob for everyone who wants it and return the parts worth keeping."""
    blob = parent.blob(reading)
    if blob.data is None:
        # A picture that is not there hides no text either.
        _not_text(done, wanting, b"", blob.reason)
        _not_read(done, [wish for wish in wanting if wish.collector.raw], blob.reason)
        return []
    text = decode(blob.data) if any(not wish.collector.raw for wish in wanting) else None
    if text is None:
        _not_text(done, wanting, blob.data, "it is not text")
    made = []
    for wish in wanting:
        if text is None and not wish.collector.raw:
            continue
        try:
            part = msgspec.msgpack.encode(wish.collector.read(blob.data if wish.collector.raw else text, wish.kind))
        except Unreadable as why:
            _not_read(done, [wish], str(why))
            continue
        except Exception as error:  # noqa: BLE001 - includes RecursionError and MemoryError of parsers
            _not_read(done, [wish], f"error {error_id(error)}")
            continue
        if _keep(done, wish, part):
            if not holds_token(part):  # it would go to the disk: such a file is read again at every check instead
                made.append((*wish.key[::2], part))
        else:
            _not_read(done, [wish], f"{name_of(wish.collector.fact)} gave what it does not declare")
    return made


def _not_text(done: Collected, wishes: list[_Wish], data: bytes, reason: str) -> None:
    """Note *reason* where text was wanted; of a picture nothing is missed, anything else may hide something."""
    for wish in wishes:
        paths = [] if wish.collector.raw else [path for path in wish.paths if not is_binary(path, data)]
        if paths:
            _not_read(done, [replace(wish, paths=paths)], reason)


def _not_read(done: Collected, wishes: list[_Wish], reason: str) -> None:
    for wish in wishes:
        fact = wish.collector.fact
        done.unread[fact] = (*done.unread.get(fact, ()), f"{wish.paths[0]} was not read: {reason}")


@cache
def collector_key(collector: Collector) -> str:
    """
    Return the name under which *collector*'s parts are cached.

    It changes with the source of every own module its parts may depend on, with its parsers' versions, and with the
    key of `same_value`, whose digests parts may hold.
    """
    digest = hashlib.sha256(key_name().encode())
    for module in sorted(_own_modules(collector.read.__module__, decode.__module__)):
        digest.update(module.encode() + _source(module))
    for name in collector.parsers:
        digest.update(f"{name} {_version(name)}".encode())
    return f"{collector.read.__module__} {digest.hexdigest()[:32]}"


def _own_modules(*names: str) -> set[str]:
    """Return *names* and every module of ours that they import, at any depth."""
    found: set[str] = set()
    open_ = list(names)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_.extend(_imports(name))
    return found


@cache
def _imports(module: str) -> tuple[str, ...]:
    form = r"^(?:from|import) (checks(?:\.\w+)*)(?: import (\([\w, \n]+|[\w, ]+))?"
    lines = re.findall(form, _source(module).decode(), re.MULTILINE)
    return tuple(
        name
        for package, names in lines
        for name in (package, *(f"{package}.{word}" for word in re.findall(r"\w+", names)))
        if name in sys.modules
    )


@cache
def _source(module: str) -> bytes:
    file = sys.modules[module].__file__
    return Path(file).read_bytes() if file else b""


@cache
def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)
