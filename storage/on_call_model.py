"""The nouns of on-call schedules: frozen values. People go by Slack's ids where we know them; times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Rota:
    """
    A weekly rota: *people* take turns in order, each from one handover to the next.

    It is handed over on *weekday* (0 is Monday) at *at*, local time in *zone* (IANA). *since* is the day of the
    handover at which the first person's first week begins; before it the rota runs backwards.
    """

    people: tuple[str, ...]
    weekday: int
    at: time
    zone: str
    since: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """An on-call schedule: *rota*, or the iCalendar at *calendar_url*. *key* is the name as it is compared."""

    id: str
    name: str
    key: str
    made_by: str
    made_at: datetime
    rota: Rota | None = None
    calendar_url: str = ""  # whoever has it can read the calendar: shown to nobody


@dataclass(frozen=True, slots=True)
class Override:
    """*person* is on call from *begins_at* to *ends_at* (exclusive), whatever the schedule says."""

    id: str
    schedule_id: str
    person: str
    begins_at: datetime
    ends_at: datetime
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """
    One event of a calendar, from *begins_at* to *ends_at* (exclusive).

    *names* are whom it names, as it names them: e-mail addresses and @handles. *title* is its summary.
    """

    begins_at: datetime
    ends_at: datetime
    names: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    What was read of a schedule's calendar: its last good *text*, of *read_at*, and the *shifts* in it.

    *people* are the Slack ids of the names in them, as they were found last: Slack may be away when they are needed.
    *trouble* is the sentence why it cannot be read, since *trouble_since*; *told_at* is when people were told so.
    """

    schedule_id: str
    due_at: datetime
    text: str = ""
    shifts: tuple[Shift, ...] = ()
    people: dict[str, str] = field(default_factory=dict)
    read_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    told_at: datetime | None = None
