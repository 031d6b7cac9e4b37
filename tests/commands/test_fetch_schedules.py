"""Calendars of others: read over real TLS every quarter of an hour, kept when they break, and said after a day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from commands.news import Said
from commands.on_call import who_is_on
from commands.on_call_news import OnCallRow
from commands.world import Person
from storage import audit, on_call
from tests.code_host import CodeHost, code_host
from tests.live_site import NET
from tests.world import ANN, BO, CY, DEE, MONDAY, RELIABILITY, Phonebook, Town

EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTART:{begin:%Y%m%dT%H%M%SZ}
DTEND:{end:%Y%m%dT%H%M%SZ}
{lines}
END:VEVENT
"""


def event(lines: str, hours: tuple[int, int] = (-1, 24), uid: str = "1") -> str:
    """Return an event; *hours* are from MONDAY."""
    begin, end = (MONDAY + timedelta(hours=one) for one in hours)
    return EVENT.format(uid=uid, begin=begin, end=end, lines=lines)


def calendar(*events: str) -> str:
    """Return an iCalendar of *events*."""
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//acme//on call//EN\n{''.join(events)}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    )


@dataclass
class Host:
    """Where the calendar is: *text* is served, or in its place a response made of *broken*."""

    town: Town
    served: CodeHost
    text: str = ""
    broken: dict[str, Any] = field(default_factory=dict)

    async def serve(self, _request: web.BaseRequest) -> web.StreamResponse:
        """Serve the calendar."""
        return web.Response(**(self.broken or {"text": self.text, "content_type": "text/calendar"}))

    async def read(self, *events: str) -> OnCallRow:
        """Have the calendar hold *events* and be read in a quarter of an hour; return what is shown then."""
        self.text = calendar(*events)
        return await self.shown(minutes=15)

    async def shown(self, **time: float) -> OnCallRow:
        """Let time pass and return what is shown then."""
        await self.town.push(**time)
        (row,) = (await self.town.ask(CY, "on-call", "Bought")).rows
        assert isinstance(row, OnCallRow)
        return row


@asynccontextmanager
async def hosted(town: Town, folder: Path, text: str) -> AsyncIterator[Host]:
    """Serve a calendar in a net in which every name leads to this machine."""
    async with code_host(folder) as served:
        house = town.world.house
        engine = replace(house.engine, ca_file=served.certificate, probe_ports=(443, served.port))
        town.world = replace(town.world, house=replace(house, engine=engine, network=NET))
        host = Host(town, served, text)
        served.answer = host.serve
        yield host


@pytest_asyncio.fixture
async def host(town: Town, tmp_path: Path) -> AsyncIterator[Host]:
    """Give the host of a calendar in which Ann is on call, after it was read."""
    async with hosted(town, tmp_path, calendar(event("ATTENDEE:mailto:Ann@acme.example"))) as made:
        address = f"https://calendar.acme.example:{made.served.port}/private-t0ken/nights.ics?a=1&amp;b=2"
        await town.ask(DEE, "on-call", f"Bought set <{address}>")
        await town.tick()
        yield made


async def test_its_events_say_who_is_on_call(host: Host) -> None:
    """It is read as soon as it is set, at the address with its query, and every quarter of an hour."""
    assert await who_is_on("bought", host.town.world, MONDAY) == (ANN,)
    (asked,) = host.served.seen
    assert asked.path_qs == "/private-t0ken/nights.ics?a=1&b=2"
    row = await host.shown(minutes=14)
    assert len(host.served.seen) == 1
    assert (row.people, row.source, row.until) == ((ANN,), "calendar", MONDAY + timedelta(hours=24))
    assert (row.host, row.read_at) == ("calendar.acme.example", MONDAY)
    await host.shown(minutes=1)
    assert len(host.served.seen) == 2


async def test_people_are_named_in_the_ways_of_calendars(host: Host) -> None:
    """By attendees who come, else by addresses and handles in the title; whom nobody knows is said."""
    for lines, people, unknown in (
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@acme.example\nSUMMARY:@ann", (BO,), ()),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:bo@acme.example\nSUMMARY:On call: @ann", (ANN,), ()),
        ("ATTENDEE;CUTYPE=ROOM:mailto:bo@acme.example\nSUMMARY:cy@acme.example (primary)", (CY,), ()),
        ("ATTENDEE:mailto:bo@acme.example\nATTENDEE:mailto:ann@acme.example", (BO, ANN), ()),
        ("SUMMARY:@bo and @zoe", (BO,), ("@zoe",)),
        ("ATTENDEE:mailto:zoe@acme.example", (), ("zoe@acme.example",)),
    ):
        row = await host.read(event(lines))
        assert (row.people, row.unknown) == (people, unknown)
    row = await host.read(event("SUMMARY:Company party"))
    assert (row.people, row.titles) == ((), ("Company party",))
    row = await host.read(event("STATUS:CANCELLED\nSUMMARY:@ann"))
    assert (row.people, row.titles) == ((), ())


async def test_recurring_events_and_days_are_understood(host: Host) -> None:
    """A week's event that recurs; one of whole days in the calendar's own zone."""
    weekly = "RRULE:FREQ=WEEKLY;INTERVAL=2\nSUMMARY:@bo"
    row = await host.read(event(weekly, (-14 * 24, -7 * 24)), event("SUMMARY:@cy", (-7 * 24, 0), "2"))
    assert (row.people, row.until) == ((BO,), MONDAY + timedelta(days=7))
    days = "BEGIN:VEVENT\nUID:3\nDTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261124\nSUMMARY:@cy\nEND:VEVENT\n"
    row = await host.read("X-WR-TIMEZONE:Europe/Berlin\n", days)
    assert (row.people, row.until) == ((CY,), datetime(2026, 11, 23, 23, tzinfo=UTC))


class Away(Phonebook):
    """A directory whose workspace does not answer."""

    async def find_person(self, text: str) -> Person | None:
        """Fail."""
        raise ConnectionError(text)


async def test_slack_is_not_needed_when_it_counts(host: Host, town: Town) -> None:
    """Whom it knew when the calendar was read is on call while it is away, also when the calendar is read again."""
    town.world = replace(town.world, directory=Away())
    assert await who_is_on("bought", town.world, MONDAY) == (ANN,)
    row = await host.shown(minutes=15)
    assert (row.people, row.unknown) == ((ANN,), ())


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, "", "does not give it (HTTP 404)"),
        (302, "", "redirects, which is not followed"),
        (200, "<html>", "no iCalendar"),
        (200, "x" * (1024 * 1024 + 1), "larger than 1 MiB"),
        (200, calendar(event("RRULE:FREQ=SECONDLY\nSUMMARY:@ann")), "recurs every minute or second"),
        (200, calendar(event("RRULE:FREQ=MINUTELY;COUNT=99999999\nSUMMARY:@ann")), "recurs every minute or second"),
        (200, calendar(*["BEGIN:VEVENT\nEND:VEVENT\n"] * 5001), "more than 5,000 events"),
        (200, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "cannot be read as iCalendar"),
    ],
    ids=["missing", "redirect", "page", "large", "secondly", "minutely", "many", "broken"],
)
async def test_what_was_read_last_stays(host: Host, status: int, body: str, words: str) -> None:
    """A calendar that breaks is said with its age, and whoever it named before is still on call."""
    host.broken = {"status": status, "text": body, "headers": {"Location": "https://elsewhere.example/"}}
    row = await host.shown(minutes=15)
    assert words in row.trouble
    assert (row.people, row.read_at, row.trouble_since) == ((ANN,), MONDAY, MONDAY + timedelta(minutes=15))
    assert "t0ken" not in row.trouble
    host.broken = {}
    row = await host.read(event("SUMMARY:@bo"))
    assert (row.people, row.trouble, row.read_at) == ((BO,), "", MONDAY + timedelta(minutes=30))


async def test_a_recurrence_without_end_is_cut_off(host: Host) -> None:
    """Of an hourly event for ever only the next days are listed, and too many are refused."""
    row = await host.read(event("RRULE:FREQ=HOURLY\nSUMMARY:@bo", (-1000, -999)))
    assert (row.people, row.trouble) == ((BO,), "")
    many = [event("RRULE:FREQ=HOURLY\nSUMMARY:@bo", (-1000, -999), str(number)) for number in range(20)]
    assert "more than 2,000 events" in (await host.read(*many)).trouble


async def test_after_a_day_people_are_told_once(host: Host) -> None:
    """Not before, and not again; when it can be read again, the same message says so."""
    host.broken = {"status": 503}
    await host.shown(minutes=15)
    await host.shown(hours=23)
    assert not host.town.said(Said, RELIABILITY)
    for _ in range(3):
        await host.shown(hours=2)
    (told,) = host.town.said(Said, RELIABILITY)
    assert "Bought cannot be read since 09:15 UTC on 23 November" in told.text
    assert "(HTTP 503). I go by what I read at 09:00 UTC on 23 November." in told.text
    host.broken = {}
    await host.shown(minutes=15)
    (told,) = host.town.said(Said, RELIABILITY)
    assert "can be read again" in told.text
    host.broken = {"status": 503}
    await host.shown(minutes=15)
    await host.shown(hours=25)
    assert len(host.town.said(Said, RELIABILITY)) == 2


async def test_only_machines_that_may_be_asked_are(host: Host, town: Town) -> None:
    """Without the tests' own net the guard refuses this machine, whatever name leads to it."""
    house = town.world.house
    town.world = replace(town.world, house=replace(house, network=replace(NET, refusal=lambda *_: "That is this bot.")))
    before = len(host.served.seen)
    assert "That is this bot" in (await host.shown(minutes=15)).trouble
    assert len(host.served.seen) == before


async def test_its_address_is_shown_to_nobody(host: Host) -> None:
    """Whoever has it can read the calendar: it is in no message and not in the audit log."""
    host.broken = {"status": 503}
    await host.shown(minutes=15)
    row = await host.shown(hours=25)
    async with host.town.world.database.read() as transaction:
        (schedule,) = await on_call.all_of(transaction)
        entries = await audit.entries(transaction, f"on-call:{schedule.id}")
    assert "t0ken" in schedule.calendar_url
    assert "t0ken" not in f"{row} {entries} {host.town.chat}"


async def test_another_address_ends_what_was_read(host: Host) -> None:
    """A rota in its place is what holds, and nothing is read any more."""
    await host.town.ask(DEE, "on-call", "Bought set @cy weekly Mon 09:00 UTC")
    before = len(host.served.seen)
    assert (await host.shown(minutes=30)).people == (CY,)
    assert len(host.served.seen) == before
