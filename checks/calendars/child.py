"""
The process that reads an iCalendar: what others wrote may recur without end, and a process can be ended.

It is started by checks/calendars/expand.py, held like the worker of checks: without a network, an environment or files.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, BinaryIO

import icalendar
import msgspec
import recurring_ical_events

from checks.calendars.exchange import Answer, Asked, Event, Unreadable

_MOST_EVENTS = 5_000
_MOST_FOUND = 2_000
_MOST_NAMES = 20
_LONGEST_TITLE = 200
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_HANDLE = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{0,79})", re.IGNORECASE)


def main(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer one question, and end."""
    # The system's time zones may be out of reach here; the package of the same name brings its own.
    zoneinfo.reset_tzpath(to=())
    asked = msgspec.json.decode(incoming.read(), type=Asked)
    try:
        answer = Answer(events_in(asked.text, asked.begin, asked.end))
    except Unreadable as why:
        answer = Answer(trouble=str(why))
    except Exception as error:  # noqa: BLE001 - the libraries raise whatever they trip over in what others wrote
        answer = Answer(trouble=f"it cannot be read as iCalendar ({type(error).__name__})")
    outgoing.write(msgspec.json.encode(answer))
    outgoing.flush()


def events_in(text: str, begin: datetime, end: datetime) -> tuple[Event, ...]:
    """Return the events of the iCalendar *text* that lie in *begin* to *end*; raises Unreadable, and much else."""
    if "BEGIN:VCALENDAR" not in text[:2000]:
        raise Unreadable("what is there is no iCalendar")
    calendar = icalendar.Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    if len(events) > _MOST_EVENTS:
        raise Unreadable(f"it has more than {_MOST_EVENTS:,} events")
    for event in events:
        _refuse_floods(event)
    zone = _zone(calendar)
    found: list[Event] = []
    for event in recurring_ical_events.of(calendar, skip_bad_series=True).between(begin, end):
        found.extend(_event(event, zone))
        if len(found) > _MOST_FOUND:
            raise Unreadable(f"it has more than {_MOST_FOUND:,} events in the next days")
    return tuple(sorted(found, key=lambda one: (one.begins_at, one.names)))


def _refuse_floods(event: Any) -> None:
    """Raise Unreadable for recurrences by the second or minute, which no shift has and nobody can count."""
    for name in ("RRULE", "EXRULE"):
        rules = event.get(name, [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if {str(one).upper() for one in rule.get("FREQ", [])} & _TOO_OFTEN:
                raise Unreadable("an event in it recurs every minute or second, which no shift does")


def _zone(calendar: Any) -> zoneinfo.ZoneInfo:
    """Return the zone of days and times that name none."""
    try:
        return zoneinfo.ZoneInfo(str(calendar.get("X-WR-TIMEZONE", "UTC")))
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo("UTC")


def _event(event: Any, zone: zoneinfo.ZoneInfo) -> Iterator[Event]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    begins_at, ends_at = _moment(event.start, zone), _moment(event.end, zone)
    if ends_at > begins_at:
        title = str(event.get("SUMMARY", ""))[:_LONGEST_TITLE]
        yield Event(begins_at, ends_at, _names(event, title), title)


def _moment(at: date | datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _names(event: Any, title: str) -> tuple[str, ...]:
    """Return whom the event names: by attendees who come, else by addresses and handles in its title."""
    invited = event.get("ATTENDEE", [])
    names: dict[str, None] = {}
    for one in invited if isinstance(invited, list) else [invited]:
        address = re.sub(r"^mailto:", "", str(one).strip(), flags=re.IGNORECASE)
        if _comes(getattr(one, "params", {})) and _MAIL.fullmatch(address):
            names[address.lower()] = None
    if not names:
        names |= dict.fromkeys(address.lower() for address in _MAIL.findall(title))
        names |= dict.fromkeys(f"@{handle.rstrip('.').lower()}" for handle in _HANDLE.findall(title))
    return tuple(names)[:_MOST_NAMES]


def _comes(params: Any) -> bool:
    """Whether an attendee is somebody who takes part: no room, nobody who declined or is only informed."""
    return (
        str(params.get("PARTSTAT", "")).upper() != "DECLINED"
        and str(params.get("CUTYPE", "INDIVIDUAL")).upper() not in {"ROOM", "RESOURCE"}
        and str(params.get("ROLE", "")).upper() != "NON-PARTICIPANT"
    )
