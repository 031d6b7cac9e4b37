"""On-call schedules, overrides and what was read of calendars, on each engine."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from storage import on_call
from storage.database import Database, Taken
from storage.on_call_model import Calendar, Override, Rota, Schedule, Shift
from tests.storage.sample import NOW

ROTA = Rota(("UANN", "UBO"), 0, time(9), "Europe/Berlin", date(2026, 11, 23))
NIGHTS = Schedule("s1", "Nights", "nights", "UDEE", NOW, rota=ROTA)
BOUGHT = Schedule("s2", "Bought", "bought", "UDEE", NOW, calendar_url="https://calendar.example/x.ics")
EVERY = timedelta(minutes=15)


def an_override(name: str, begins: int, ends: int, made: int = 0) -> Override:
    """Return an override of NIGHTS; hours from NOW."""
    hour = timedelta(hours=1)
    return Override(name, "s1", "UCY", NOW + begins * hour, NOW + ends * hour, "UANN", NOW + made * hour)


async def test_a_schedule_is_kept_whole_and_found_by_id_and_name(database: Database) -> None:
    """What was kept comes back equal, however its name is written; a second one of that name is refused."""
    async with database.write() as transaction:
        await on_call.add(transaction, NIGHTS)
        await on_call.add(transaction, BOUGHT)
        with pytest.raises(Taken):
            await on_call.add(transaction, replace(BOUGHT, id="s3", key="nights"))
    async with database.read() as transaction:
        assert await on_call.find(transaction, "NIGHTS") == await on_call.find(transaction, "s1") == NIGHTS
        assert await on_call.all_of(transaction) == (BOUGHT, NIGHTS)
        assert await on_call.find(transaction, "days") is None


async def test_a_change_keeps_overrides_and_drops_what_was_read(database: Database) -> None:
    """Another calendar is read anew; whoever took over a shift still has it."""
    other = replace(BOUGHT, calendar_url="https://calendar.example/y.ics")
    async with database.write() as transaction:
        await on_call.add(transaction, BOUGHT)
        await on_call.override(transaction, replace(an_override("o1", 0, 2), schedule_id="s2"))
        await on_call.keep_calendar(transaction, Calendar("s2", NOW + EVERY, "BEGIN:VCALENDAR", read_at=NOW))
        await on_call.change(transaction, other)
        assert await on_call.lock(transaction, "s2") == other
        assert await on_call.calendars(transaction, ["s2"]) == {"s2": Calendar("s2", NOW)}
        assert len(await on_call.overrides(transaction, "s2", NOW)) == 1
        await on_call.change(transaction, replace(other, calendar_url="", rota=ROTA))
        assert await on_call.calendars(transaction, ["s2"]) == {}


async def test_overrides_that_have_ended_are_not_told(database: Database) -> None:
    """The newest comes first; ending one ends what holds now and leaves what comes later."""
    async with database.write() as transaction:
        await on_call.add(transaction, NIGHTS)
        for one in (an_override("old", -3, 0), an_override("now", -1, 5), an_override("later", 6, 7, made=1)):
            await on_call.override(transaction, one)
        assert [one.id for one in await on_call.overrides(transaction, "s1", NOW)] == ["later", "now"]
        await on_call.end_overrides(transaction, ["now"], NOW)
        assert [one.id for one in await on_call.overrides(transaction, "s1", NOW)] == ["later"]
        await on_call.end_overrides(transaction, ["later"], NOW)
        assert await on_call.overrides(transaction, "s1", NOW) == ()


async def test_a_due_calendar_is_claimed_once(database: Database) -> None:
    """What was read is kept with its shifts and people; it is due again after a while."""
    shift = Shift(NOW, NOW + EVERY, ("ann@acme.example",), "Ann")
    read = Calendar("s2", NOW + EVERY, "text", (shift,), {"ann@acme.example": "UANN"}, NOW, "slow", NOW, NOW)
    async with database.write() as transaction:
        assert await on_call.next_calendar(transaction) is None
        await on_call.add(transaction, BOUGHT)
        assert await on_call.next_calendar(transaction) == NOW
        (claimed,) = await on_call.claim_calendars(transaction, NOW, EVERY)
        assert claimed == Calendar("s2", NOW)
        assert await on_call.claim_calendars(transaction, NOW, EVERY) == ()
        await on_call.keep_calendar(transaction, read)
        assert await on_call.calendars(transaction, ["s2"]) == {"s2": replace(read, text="")}
        assert await on_call.claim_calendars(transaction, NOW + EVERY, EVERY) == (read,)


async def test_a_removed_schedule_leaves_nothing(database: Database) -> None:
    """Its overrides and its calendar go with it, and its name is free."""
    async with database.write() as transaction:
        await on_call.add(transaction, NIGHTS)
        await on_call.add(transaction, BOUGHT)
        await on_call.override(transaction, an_override("o1", 0, 2))
        await on_call.remove(transaction, "s1")
        await on_call.remove(transaction, "s2")
        assert await on_call.all_of(transaction) == ()
        await on_call.add(transaction, NIGHTS)
        assert await on_call.overrides(transaction, "s1", NOW) == ()
        assert await on_call.next_calendar(transaction) is None
