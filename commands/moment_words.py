"""Reads moments as people write them: `2026-11-30 09:00`, `30 Nov 9am`, `tomorrow 18:00`, `Mon 09:00`, `in 3h`."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from commands.command import Refused
from commands.words import close_to

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LENGTH = re.compile(r"(?:in |\+)?(\d{1,4}) ?(?:(m)(?:in(?:ute)?s?)?|(h)(?:ours?)?|(d)(?:ays?)?|(w)(?:eeks?)?)")
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))? ?([ap]m)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(?:(\d{1,2})\.? ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2})),?(?: (\d{4}))?")
_NOON = 12
_ALIKE = 0.8  # of names of zones, which end alike: below it another place is meant
_FIRST, _LAST = 2000, 2200  # years that anybody means
_HOW = "Write it like 2026-11-30 09:00, tomorrow 18:00, Mon 09:00 or in 3h."


def read_moment(words: Sequence[str], zone: str, now: datetime, after: datetime | None = None) -> datetime:
    """
    Return the moment that *words* mean in *zone*, or in the zone that they end with; aware UTC.

    A time without a day, and a weekday, mean the next such one after *after* (default: *now*), from which a length
    counts, too; today and tomorrow are those of *now*. Raises Refused.
    """
    after = after or now
    if words and ("/" in words[-1] or words[-1].upper() in {"UTC", "GMT"}):
        words, zone = words[:-1], read_zone(words[-1])
    text = " ".join(words).lower().replace(",", " ").replace(" at ", " ").strip()
    text = re.sub(r"\s+", " ", text)
    if not text:
        raise Refused(f"When? {_HOW}")
    if text == "now":
        return now
    if _LENGTH.fullmatch(text):
        return after + read_length([text])
    return _on_a_day(text, ZoneInfo(zone), now, after)


def read_length(words: Sequence[str]) -> timedelta:
    """Return the length of time that *words* mean: `3h`, `2 days`; raises Refused."""
    text = " ".join(words).lower().strip()
    length = _LENGTH.fullmatch(text)
    if length is None:
        raise Refused(f"“{text[:20]}” is no length of time. Write it like 45m, 3h, 2d or 1w.")
    unit = next(filter(None, length.groups()[1:]))
    return timedelta(**{_UNITS[unit]: int(length[1])})


def _on_a_day(text: str, zone: ZoneInfo, now: datetime, after: datetime) -> datetime:
    days, at = _parted(text)
    if at is None:
        raise Refused(f"At what time? Write it behind the day. {_HOW}")
    day, step = _day(days, now.astimezone(zone).date(), after.astimezone(zone).date())
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    if step and moment <= after:
        moment = datetime.combine(day + step, at, zone).astimezone(UTC)
    return moment


def _parted(text: str) -> tuple[str, time | None]:
    """Return the words of the day, and the time behind them where there is one."""
    words = text.split(" ")
    for count in (2, 1):
        tail = " ".join(words[-count:])
        match = _TIME.fullmatch(tail)
        if match is not None and (match[2] or match[3]):
            return " ".join(words[:-count]), read_time(tail)
    return text, None


def _day(text: str, today: date, after: date) -> tuple[date, timedelta]:
    """Return the day, and after how long it comes again where it is the next such one; raises Refused."""
    if not text:
        return after, timedelta(days=1)
    if text in {"today", "tonight"}:
        return today, timedelta()
    if text == "tomorrow":
        return today + timedelta(days=1), timedelta()
    weekday = _weekday(text.removeprefix("next ").removeprefix("on "))
    if weekday is not None:
        return after + timedelta(days=(weekday - after.weekday()) % 7), timedelta(days=7)
    try:
        found = _date(text, today)
    except ValueError:
        found = date.min
    if not _FIRST <= found.year <= _LAST:
        raise Refused(f"There is no such day: {text[:60]}. {_HOW}")
    return found, timedelta()


def _date(text: str, today: date) -> date:
    """Return the date; raises ValueError for a day that no calendar has, and Refused for words that are none."""
    iso, named = _ISO.fullmatch(text), _NAMED.fullmatch(text)
    if iso is not None:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    month = (named[2] or named[3])[:3] if named else ""
    if named is None or month not in _MONTHS:
        raise Refused(f"I do not understand “{text[:60]}” as a day. {_HOW}")
    day, number = int(named[1] or named[4]), _MONTHS.index(month) + 1
    if named[5]:
        return date(int(named[5]), number, day)
    this_year = date(today.year, number, day)
    return this_year if this_year >= today else date(today.year + 1, number, day)


def read_time(text: str) -> time:
    """Return the time of day that *text* means: `09:00`, `9am`, `9:30 pm`; raises Refused."""
    match = _TIME.fullmatch(text.lower().strip())
    wrong = Refused(f"“{text[:20]}” is no time of day. Write it like 09:00 or 9am.")
    if match is None or not (match[2] or match[3]):
        raise wrong
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= _NOON:
            raise wrong
        hour = hour % _NOON + (_NOON if match[3] == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise wrong from None


def read_weekday(text: str) -> int:
    """Return the number of the weekday that *text* names in English, 0 for Monday; raises Refused."""
    found = _weekday(text.lower())
    if found is None:
        raise Refused(f"“{text[:20]}” is no day of the week. Write Mon, Tue, Wed, Thu, Fri, Sat or Sun.")
    return found


def _weekday(text: str) -> int | None:
    shortest = 3
    names = [number for number, name in enumerate(WEEKDAYS) if name.lower().startswith(text.rstrip("."))]
    return names[0] if names and len(text) >= shortest else None


def read_zone(text: str) -> str:
    """Return the name of the time zone that *text* means, however its letters are written; raises Refused."""
    zones = _zones()
    found = zones.get(text.lower())
    if found is None:
        places = {zone.rpartition("/")[2].lower(): zone for zone in zones.values()}
        near = places.get(text.lower().replace(" ", "_"))
        hint = f" Did you mean {near}?" if near else ""
        close = () if near else close_to(text, zones.values(), _ALIKE)
        raise Refused(
            f"I know no time zone “{text[:60]}”.{hint} Write it like Europe/Berlin or UTC.", did_you_mean=close
        )
    return found


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones()}
