"""Which processes run, and who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Process:
    """
    A process that runs on this registry; its *id* is another at each start.

    *beats* counts its signs of life, *seen_at* is the last. *stopped_at*: it ended, or was taken for dead.
    """

    id: str
    role: str  # bot, worker, all
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    beats: int = 0
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """
    What only one process may hold. *holder* is None where it was given up.

    *fence* rises with each new holder, *beats* with each extension: by that others see that its holder is alive, since
    no machine's clock can be trusted for it.
    """

    name: str
    holder: str | None
    fence: int
    beats: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """
    Who did what to what, when; *detail* holds before and after, never a secret.

    *digest* is of the row itself and of *previous*, the digest of the row before.
    """

    id: int
    at: datetime
    who: str
    what: str
    subject: str
    detail: dict[str, Any]
    request_id: str
    previous: str
    digest: str
