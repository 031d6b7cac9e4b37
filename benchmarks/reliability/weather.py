"""Which fault a call to the stand-in Slack meets: drawn from a seed, so that a run can be had again."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What happens to one call."""

    NONE = "none"
    AWAY = "503"
    STALLED = "stalled"  # nothing is answered, and nothing done
    LIMITED = "429"
    POSTED_500 = "posted, answered 500"
    POSTED_SILENT = "posted, never answered"
    REVOKED = "token_revoked"


#: The calls that change something, of which it matters whether they were done although they seemed to fail.
WRITES = frozenset({"chat.postMessage", "chat.update"})


@dataclass(slots=True)
class Weather:
    """
    How Slack is now; a campaign changes the fields while it runs.

    *posted_500*, *silent* and *limited* are shares of calls from 0 to 1, *retry_after* the range of seconds that a
    429 asks for.
    """

    seed: int
    away: bool = False
    stalled: bool = False
    revoked: bool = False
    posted_500: float = 0.0
    silent: float = 0.0
    limited: float = 0.0
    retry_after: tuple[int, int] = (1, 30)
    _choice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._choice = random.Random(self.seed)  # noqa: S311 - no secret is made

    def fault(self, method: str) -> Fault:
        """Return what the next call of *method* meets."""
        whole = ((self.stalled, Fault.STALLED), (self.away, Fault.AWAY), (self.revoked, Fault.REVOKED))
        for holds, fault in whole:
            if holds:
                return fault
        if self._choice.random() < self.limited:
            return Fault.LIMITED
        drawn = self._choice.random() if method in WRITES else 1.0
        if drawn < self.posted_500:
            return Fault.POSTED_500
        return Fault.POSTED_SILENT if drawn < self.posted_500 + self.silent else Fault.NONE

    def pause_s(self) -> int:
        """Return for how many seconds a 429 asks."""
        return self._choice.randint(*self.retry_after)
