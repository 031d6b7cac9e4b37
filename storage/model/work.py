"""What is promised and what got worse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.model import Verdict


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """
    A check that somebody was promised; it is worked off after a restart too. *app_id* None: a bare address.

    Whoever runs it, the process *held_by*, holds it until *held_until* and extends that; *attempts* counts the starts,
    of which *begun_at* is the last. *request_id* is what the log calls the request that asked for it.
    """

    id: str
    repository: str
    asked_by: str | None  # None: the clock
    asked_at: datetime
    app_id: str | None = None
    channel: str | None = None  # where it was asked for
    thread: str | None = None
    with_token: bool = False
    live_url: str = ""
    may_probe: bool = False
    probes_routes: bool = False
    done_at: datetime | None = None
    attempts: int = 0
    held_until: datetime | None = None
    held_by: str | None = None
    begun_at: datetime | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class RegressionEntry:
    """
    One thing that got worse: a finding that was not there, or a check that can no longer be looked at (*is_lost*).

    *key* is `check:fingerprint`, or the check's id for a loss of sight.
    """

    key: str
    sentence: str
    is_lost: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Regression:
    """What got worse in an app and was told; open until nothing of it stands. An app has at most one open."""

    id: str
    app_id: str
    opened_at: datetime
    before: Verdict | None
    entries: tuple[RegressionEntry, ...]
    closed_at: datetime | None = None
