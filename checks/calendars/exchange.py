"""What the process that reads an iCalendar is asked, and what it answers."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Event(msgspec.Struct, frozen=True):
    """
    One event, from *begins_at* to *ends_at* (exclusive), aware UTC.

    *names* are whom it names, as it does: e-mail addresses and @handles, in small letters. *title* is its summary.
    """

    begins_at: datetime
    ends_at: datetime
    names: tuple[str, ...]
    title: str = ""


class Asked(msgspec.Struct, frozen=True):
    """Which events of *text* are asked for: those between two moments."""

    text: str
    begin: datetime
    end: datetime


class Answer(msgspec.Struct, frozen=True):
    """The events, by their begin; or the sentence why there are none."""

    events: tuple[Event, ...] = ()
    trouble: str = ""


class Unreadable(Exception):  # noqa: N818 - it is an answer
    """The calendar cannot be used; the text is what is wrong with it."""
