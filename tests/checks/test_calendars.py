"""Calendars of others are read in a process that is held and can be ended, whatever is in them."""

from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.calendars.child import events_in
from checks.calendars.exchange import Answer, Asked, Unreadable
from checks.calendars.expand import expand
from checks.calendars.fetch import parse_address
from checks.engine import Engine
from checks.sandbox import Level, sandbox_level, worker

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEKLY = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin:20260928T090000
DTEND;TZID=Europe/Berlin:20261005T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
SUMMARY:@ann
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("level", Level)
async def test_it_is_read_at_every_level_of_the_sandbox(level: Level) -> None:
    """Without files of the system, also its time zones, the weeks of Berlin are known, across the change of clocks."""
    if list(Level).index(level) < list(Level).index(sandbox_level()):
        pytest.skip("this machine holds its workers less")
    asked = msgspec.json.encode(Asked(WEEKLY, NOW, NOW + timedelta(days=13)))
    async with worker(level, "checks.calendars.child") as process:
        printed, _ = await process.communicate(asked)
    answer = msgspec.json.decode(printed, type=Answer)
    assert [(one.begins_at, one.ends_at, one.names) for one in answer.events] == [
        (datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC), ("@ann",)),
    ]


async def test_what_takes_too_long_is_ended() -> None:
    """Recurrences that nobody can count keep nobody waiting."""
    rules = "RRULE:FREQ=HOURLY;BYSETPOS=-1;BYMONTHDAY=31;BYMONTH=2;BYDAY=MO\n"
    text = WEEKLY.replace("RRULE:FREQ=WEEKLY;INTERVAL=2\n", rules)
    with pytest.raises(Unreadable, match="more than 1 s to read"):
        await expand(text, NOW, seconds=1.0)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://calendar.example/x.ics", "Only https"),
        ("ftp://calendar.example/x.ics", "Only http"),
        ("https://localhost/x.ics", "never probed"),
        ("https://169.254.169.254/x.ics", "cloud service"),
        ("https://[::1]/x.ics", "never probed"),
        ("https://me:pass@calendar.example/", "password"),
        ("https://calendar.example:8443/x.ics", "Port 8443"),
    ],
)
def test_only_addresses_of_the_web_are_asked(address: str, words: str) -> None:
    """https, no password, no port that nobody opened, and never this machine."""
    with pytest.raises(Unreadable, match=words):
        parse_address(address, Engine(None))  # type: ignore[arg-type]


def test_an_address_for_calendar_programs_is_one_of_the_web() -> None:
    """webcal:// stands for https://."""
    engine = Engine(Path())
    assert parse_address("webcal://calendar.example/x.ics", engine).base == "https://calendar.example"


_LINES = [
    f"{name}{value}\n"
    for name, value in product(
        ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "ATTENDEE", "SUMMARY"),
        (
            ":",
            ":20261123T090000Z",
            ";VALUE=DATE:20261123",
            ":FREQ=DAILY;UNTIL=1",
            ":P1W",
            ":-P1D",
            ":mailto:a@b.c",
            ":@x",
        ),
    )
]


@given(st.lists(st.sampled_from([*_LINES, "BEGIN:VEVENT\n", "END:VEVENT\n", "BEGIN:VTIMEZONE\n"]), max_size=12))
def test_events_are_whole_or_there_are_none(lines: list[str]) -> None:
    """Whatever a calendar is made of, an event that comes out ends after it begins."""
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{''.join(lines)}END:VEVENT\nEND:VCALENDAR\n"
    try:
        found = events_in(text, NOW, NOW + timedelta(days=14))
    except Exception:  # noqa: BLE001 - the process answers that it could not be read, whatever the library raises
        return
    assert all(one.begins_at < one.ends_at for one in found)
