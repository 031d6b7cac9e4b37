"""
The child that reads a history for secrets: started and held as the worker is (checks/child.py).

It reads one blob after the other from stdin, as git prints them, and keeps the values that it finds in memory alone.
What it does with a blob stands in front of it: *show* it (it is at HEAD), *search* it, list the secrets of a *new*
file of HEAD, look which values stand *within* it, or whether it is the *oldest* that holds a value.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec
import re2

from checks import history_wire as wire
from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.candidates import secrets_in
from checks.facts.secrets.past_versions import Versions
from checks.same_value import set_key
from checks.text import decode
from checks.wire import HEADER, frame

_SAY_S = 0.2  # between two words on how far it is
_MOST = 500  # secrets that are kept; a history made to hold more is told to hold that many
_LARGEST = 4 * 1024 * 1024  # bytes of an HEAD's new file that is read as a whole


@dataclass(slots=True)
class Reader:
    """What was found so far; *values* by the number that stands for each."""

    outgoing: BinaryIO
    careful: bool
    values: dict[str, int] = field(default_factory=dict)
    spots: list[wire.Spot] = field(default_factory=list)
    within: set[int] = field(default_factory=set)
    lines: set[tuple[str, str]] = field(default_factory=set)
    oldest: dict[int, int] = field(default_factory=dict)
    _file: str = ""
    _versions: Versions = field(default_factory=Versions)
    _found: set[tuple[str, str]] = field(default_factory=set)  # (file, value)
    _done: int = -1
    _said: float = 0.0
    _pattern: tuple[int, re2._Regexp] | None = None

    def take(self, task: str, number: int, rest: list[str], data: bytes) -> None:
        """Do *task* with the blob *data*; *rest* are the words behind its number."""
        match task, rest:
            case (wire.SHOW, [file]):
                self._turn_to(file)
                self._versions.show(data)
            case (wire.SEARCH, [file, kind]):
                self._turn_to(file)
                self._search(number, kind, data)
            case (wire.NEW, [kind]):
                found = secrets_in(decode(data[:_LARGEST]) or "", kind)
                self.lines.update((secret.what, secret.shape) for secret, _ in found)
            case (wire.WITHIN, []):
                self.within.update(self._held(data))
            case (wire.OLDEST, [asked, value]):
                if int(asked) not in self.oldest and int(value) in self._held(data):
                    self.oldest[int(asked)] = number
        self._done = number

    def say(self, message: wire.FromWorker) -> None:
        """Send *message*."""
        self.outgoing.write(frame(message))
        self.outgoing.flush()

    def begin(self, number: int) -> None:
        """Say that the blob *number* comes next, where that is wanted; else now and then how far it is."""
        if self.careful:
            self._tell()
            self.say(wire.Reading(number))
        elif time.monotonic() - self._said > _SAY_S:
            self._tell()

    def end(self) -> None:
        """Say what the round brought."""
        self._tell()
        self.say(wire.Ended(sorted(self.within), sorted(self.lines), sorted(self.oldest.items())))

    def _tell(self) -> None:
        self.say(wire.Searched(self._done, self.spots))
        self.spots, self._said = [], time.monotonic()

    def _turn_to(self, file: str) -> None:
        if file != self._file:
            self._file, self._versions = file, Versions()

    def _search(self, number: int, kind: str, data: bytes) -> None:
        for secret, value in self._versions.secrets(data, kind):
            if (self._file, value) in self._found or len(self._found) >= _MOST:
                continue
            self._found.add((self._file, value))
            name = self.values.setdefault(value, len(self.values))
            certain = secret.strength is Strength.CERTAIN
            spot = wire.Spot(number, secret.line, secret.what, certain, secret.shape, name, secret.hidden)
            self.spots.append(msgspec.structs.replace(spot, same_value=secret.same_value))

    def _held(self, data: bytes) -> set[int]:
        """Return the values that stand in *data*."""
        if self._pattern is None or self._pattern[0] != len(self.values):
            # Longest first: RE2 takes the first that fits, and a value may begin with another.
            words = sorted(self.values, key=len, reverse=True)
            self._pattern = len(words), re2.compile(b"|".join(re2.escape(word.encode()) for word in words))
        found = {match.group() for match in self._pattern[1].finditer(data)}
        return {self.values[word.decode()] for word in found}


def main(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Read what comes until it ends."""
    job = wire.job.decode(incoming.read(HEADER.unpack(incoming.read(HEADER.size))[0]))
    set_key(job.key)
    reader = Reader(outgoing, job.careful)
    while line := incoming.readline():
        if line == wire.END:
            reader.end()
            continue
        _oid, kind, *words = line.decode("ascii").split()
        if kind == "missing":
            continue
        size, task, number, *rest = words
        reader.begin(int(number))
        data = incoming.read(int(size) + 1)[:-1]
        if len(data) != int(size) or kind != "blob":
            raise SystemExit(1)
        reader.take(task, int(number), rest, data)
