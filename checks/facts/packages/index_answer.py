"""What a package index says of names, and how the parent answers the question for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One name to be asked for, with the *versions* in use where they are known."""

    ecosystem: str
    name: str
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """
    What the index says of one name.

    *first* and *last* are when its first and newest file appeared, where it says; *releases* is how many versions it
    has (0: not told). *withdrawn* are versions in use that their authors took back, with their reason; *deprecated* is
    what the author says of the package as a whole.
    """

    ecosystem: str
    name: str
    exists: bool
    first: datetime | None = None
    last: datetime | None = None
    releases: int = 0
    deprecated: str = ""
    withdrawn: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One name of which nothing is known, and the *reason* for people."""

    ecosystem: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """The index's word on each name, or why there is none; *at* is the moment of asking, for ages."""

    at: datetime
    known: tuple[Known, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
