"""Times as people say them: in UTC, or as a mark that the view writes in the reader's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def day(at: datetime, now: datetime) -> str:
    """Return "2 May", with the year where it is another one."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B}" if at.year == now.year else f"{at.day} {at:%B %Y}"


def clock_time(at: datetime, now: datetime) -> str:
    """Return "10:02 UTC", with the day where it is another one."""
    at = at.astimezone(UTC)
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%H:%M} UTC on {day(at, now)}"


def for_reader(at: datetime) -> str:
    """Return a mark in a page's notes of which bot.views.text.with_marks makes a time of the reader's own zone."""
    return f"<!date^{int(at.timestamp())}>"


def length(time: timedelta) -> str:
    """Return "11 min", or "40 s" where it is less than a minute."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes} min" if minutes else f"{seconds} s"
