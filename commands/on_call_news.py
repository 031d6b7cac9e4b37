"""What is said of on-call schedules: who is on now and next, and what the schedule goes by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.on_call_model import Override, Rota


@dataclass(frozen=True, slots=True)
class OnCallRow:
    """
    One schedule: *people* are on call until *until*, by *source* (override, rota, calendar); then *next_people*.

    *unknown* are names of the calendar that nobody here has, *titles* events that name nobody. *host* is where the
    calendar is, read at *read_at*; *trouble* says why it cannot be read, since *trouble_since*.
    """

    name: str
    people: tuple[str, ...]
    source: str
    until: datetime | None = None
    next_people: tuple[str, ...] = ()
    rota: Rota | None = None
    overrides: tuple[Override, ...] = ()
    unknown: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    host: str = ""
    read_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnCallShown:
    """Schedules, of *total*; *done* is what was just changed, *hint* what to do next. *whole*: all that is known."""

    rows: tuple[OnCallRow, ...]
    total: int
    done: str = ""
    hint: str = ""
    whole: bool = False
