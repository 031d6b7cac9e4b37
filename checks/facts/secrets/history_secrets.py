"""The secrets that stand in the history alone: removed from the files, and still in every clone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.fact import Question

TOPIC = "history-secrets"


@dataclass(frozen=True, slots=True)
class PastSecret:
    """
    One secret that no file of HEAD holds: *line* of *path* as they were then, *what* in words.

    *certain* is told by its form. *commit* is the oldest with it and *added* its time; None where it was not found.
    *shape* is a hash of its line without the value, *hidden* whether a comment beside it asks scanners to skip it.
    """

    path: str
    line: int
    what: str
    certain: bool
    shape: str
    commit: str | None = None
    added: datetime | None = None
    hidden: bool = False
    same_value: str | None = None


@dataclass(frozen=True, slots=True)
class HistorySecrets:
    """
    The secrets of a history; *unread* says in words what of it was not read.

    *absent* says why there is no history at all: what was checked is a plain folder.
    """

    secrets: tuple[PastSecret, ...]
    unread: tuple[str, ...] = ()
    absent: str = ""


def ask() -> None:
    """Return what the parent is to be asked: it knows which history is meant."""


def join(answer: HistorySecrets) -> HistorySecrets:
    """Return the answer."""
    return answer


source = Question(fact=HistorySecrets, topic=TOPIC, needs=(), ask=ask, answer=HistorySecrets, join=join, slow=True)
