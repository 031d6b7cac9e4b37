"""Times as people say them, in UTC: the reader's own time zone is known to the view alone."""

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


def length(time: timedelta) -> str:
    """Return "11 min", or "40 s" where it is less than a minute."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes} min" if minutes else f"{seconds} s"
