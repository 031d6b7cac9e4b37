"""
What the earlier versions of one file add to each other, and which secrets stand in that: the history, read once.

A file of a hundred versions is nearly the same text a hundred times. Its versions are shown in turn, what is at HEAD
first, and only lines that no version before had are searched; a version in which that finds something is read once
more as a whole, so that a secret is judged with what stands around it, as in a file of HEAD.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.candidates import Candidate, secrets_in
from checks.text import decode

_MOST_SEEN = 16 * 1024 * 1024  # bytes of lines remembered; beyond it they are forgotten, and at worst read again
_WHOLE = 2 * 1024 * 1024  # bytes; a larger version is not read as a whole, as of a file of HEAD
#: A line that begins what goes on in the next ones is searched again with them, wherever it was seen before.
_BEGINS = (b"PRIVATE KEY", b"PuTTY-User-Key")
_SURE = frozenset({Strength.CERTAIN, Strength.LIKELY})  # what may be a secret is told of HEAD alone


@dataclass(slots=True)
class Versions:
    """The versions of one file that were shown so far."""

    _seen: set[bytes] = field(default_factory=set)
    _size: int = 0

    def show(self, data: bytes) -> None:
        """Take *data*, what is at HEAD: its lines are searched there."""
        self._remember(set(_plain(data)[0].split(b"\n")))

    def secrets(self, data: bytes, kind: str) -> list[tuple[Candidate, str]]:
        """Return the secrets, with their values, on lines of the version *data* that no version before had."""
        data, is_text = _plain(data)
        kind = kind if is_text else "tokens"
        lines = data.split(b"\n")
        new = set(lines) - self._seen
        new.discard(b"")
        if not new:
            return []
        self._remember(new)
        places = {place for place, line in enumerate(lines) if line in new}
        if len(places) < len(lines) or len(data) > _WHOLE:
            # With the line before each, which may begin what the new one ends.
            shown = sorted(places | {place - 1 for place in places if place})
            found = _sure(secrets_in(_text(b"\n".join(lines[place] for place in shown)), kind))
            if not found or len(data) > _WHOLE:
                return [(replace(secret, line=shown[secret.line - 1] + 1), value) for secret, value in found]
        whole = _sure(secrets_in(decode(data) or _text(data), kind))
        return [(secret, value) for secret, value in whole if secret.line - 1 in places]

    def _remember(self, lines: set[bytes]) -> None:
        self._size += sum(map(len, lines))
        if self._size > _MOST_SEEN:
            self._seen, self._size = set(), 0
        self._seen |= {line for line in lines if not any(mark in line for mark in _BEGINS)}


def _plain(data: bytes) -> tuple[bytes, bool]:
    """Return *data* as UTF-8 with plain ends of lines where it is text of another form, and whether it is text."""
    if b"\0" in data:
        text = decode(data)
        return (data, False) if text is None else (text.encode("utf-8", "replace"), True)
    return (data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data), True


def _text(data: bytes) -> str:
    """Return *data* as text: as latin-1 where it is no UTF-8, since every byte is a character and tokens are ASCII."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _sure(found: list[tuple[Candidate, str]]) -> list[tuple[Candidate, str]]:
    return [(secret, value) for secret, value in found if secret.strength in _SURE]
