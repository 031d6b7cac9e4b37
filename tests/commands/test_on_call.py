"""/on-call: schedules are made, shown, handed over and removed, by those who may, in words that people use."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.command import Refused
from commands.moment_words import read_moment, read_time, read_zone
from commands.news import Said
from commands.on_call import who_is_on
from commands.on_call_news import OnCallRow, OnCallShown
from storage import audit, on_call
from tests.world import ANN, BO, CY, DEE, EVE, MONDAY, Town

MADE = "Nights set @ann @bo weekly Mon 09:00 Europe/Berlin"  # at ten o'clock in Berlin


async def row(town: Town, person: str, text: str) -> OnCallRow:
    """Return what is shown of the one schedule that *text* is about."""
    answer = await town.ask(person, "on-call", text)
    assert isinstance(answer, OnCallShown)
    (one,) = answer.rows
    return one


async def on(town: Town, schedule: str = "nights") -> tuple[str, ...]:
    """Return who is on call now."""
    return await who_is_on(schedule, town.world, town.clock.now())


async def refused(town: Town, person: str, text: str) -> Refused:
    """Return the refusal of what *person* types."""
    with pytest.raises(Refused) as trouble:
        await town.ask(person, "on-call", text)
    return trouble.value


async def written(town: Town) -> list[tuple[str, str]]:
    """Return who did what to the schedule, by the audit log."""
    async with town.world.database.read() as transaction:
        schedule = await on_call.find(transaction, "nights")
        assert schedule is not None
        entries = await audit.entries(transaction, f"on-call:{schedule.id}")
    return [(one.who, one.what) for one in entries]


async def test_a_rota_is_handed_over_every_week(town: Town) -> None:
    """Its first person is on call from the moment it is made; each handover comes at the local time."""
    made = await row(town, DEE, MADE)
    assert (made.people, made.next_people, made.source) == ((ANN,), (BO,), "rota")
    assert made.until == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert await on(town) == (ANN,)
    town.clock.time = made.until - timedelta(seconds=1)
    assert await on(town) == (ANN,)
    town.clock.time = made.until
    assert await on(town) == (BO,)


async def test_a_list_says_who_is_on(town: Town) -> None:
    """Without a schedule it says how to make one; with some, all of them by name."""
    empty = await town.ask(CY, "on-call", "")
    assert (empty.rows, "/on-call Nights set" in empty.hint) == ((), True)
    await town.ask(DEE, "on-call", MADE)
    await town.ask(DEE, "on-call", "Days set @cy weekly Fri 5pm UTC")
    listed = await town.ask(CY, "on-call", "")
    assert [(one.name, one.people) for one in listed.rows] == [("Days", (CY,)), ("Nights", (ANN,))]


async def test_an_override_is_exact_and_its_person_is_told(town: Town) -> None:
    """From its first moment to its last, in the zone of the schedule; then the rota goes on."""
    await town.ask(DEE, "on-call", MADE)
    taken = await row(town, ANN, "Nights override @cy from Tue 20:00 until Wed 06:00")
    (one,) = taken.overrides
    assert (one.begins_at, one.ends_at) == (
        datetime(2026, 11, 24, 19, tzinfo=UTC),
        datetime(2026, 11, 25, 5, tzinfo=UTC),
    )
    for moment, people in (
        (one.begins_at - timedelta(seconds=1), (ANN,)),
        (one.begins_at, (CY,)),
        (one.ends_at - timedelta(seconds=1), (CY,)),
        (one.ends_at, (ANN,)),
    ):
        assert await who_is_on("Nights", town.world, moment) == people
    await town.deliver()
    (told,) = town.said(Said, CY)
    assert told.text == (
        "@ann has put you on call for Nights from 19:00 UTC on 24 November until 05:00 UTC on 25 November."
    )


async def test_who_may_what(town: Town) -> None:
    """Those on a rota change it; others do not; to make, repoint and remove one is for admins; guests see nothing."""
    assert "Only an admin" in str(await refused(town, ANN, MADE))
    await town.ask(DEE, "on-call", MADE)
    assert "Only those who are in this rota" in str(await refused(town, CY, "Nights set @cy weekly Mon 9am UTC"))
    assert "Only those who are in this rota" in str(await refused(town, CY, "Nights override @cy for 3h"))
    assert "Only those who are in this rota" in str(await refused(town, CY, "Nights end override"))
    assert "Only an admin" in str(await refused(town, ANN, "Nights set https://calendar.example/x.ics"))
    assert "Only an admin" in str(await refused(town, ANN, "Nights remove"))
    assert "Only members" in str(await refused(town, EVE, ""))
    await town.ask(ANN, "on-call", "Nights set @bo @cy weekly Mon 09:00 Europe/Berlin")
    await town.ask(CY, "on-call", "Nights override @dee for 3h")
    await town.ask(DEE, "on-call", "Nights end")
    assert [what for what in await written(town) if not what[1].startswith("refused")] == [
        (DEE, "set on-call"),
        (ANN, "set on-call"),
        (CY, "override on-call"),
        (DEE, "end override"),
    ]
    assert (CY, "refused manage on-call") in await written(town)
    assert (ANN, "refused make on-call") in await written(town)


async def test_whoever_took_a_shift_over_may_hand_it_on(town: Town) -> None:
    """An override makes its person one of the schedule until it ends."""
    await town.ask(DEE, "on-call", MADE)
    await town.ask(ANN, "on-call", "Nights override @cy for 3h")
    town.clock.time += timedelta(minutes=1)
    await town.ask(CY, "on-call", "Nights override @bo for 1h")
    assert await on(town) == (BO,)


async def test_a_schedule_that_pages_go_on_to_stays(town: Town) -> None:
    """It can be removed once no app and no setting names it; then its name is free."""
    await town.ask(DEE, "on-call", MADE)
    await town.ask(ANN, "register-app", "billing-bot https://github.com/acme/billing --escalates-to on-call:nights")
    why = await refused(town, DEE, "Nights remove")
    assert "Pages of billing-bot go on to Nights" in str(why)
    await town.ask(DEE, "on-call", "Days set @cy weekly Fri 5pm UTC")
    assert "is gone" in (await town.ask(DEE, "on-call", "Days remove")).text
    assert await on(town, "Days") == ()
    await town.ask(DEE, "on-call", "Days set @bo weekly Fri 5pm UTC")
    assert await on(town, "Days") == (BO,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("help", "/on-call [NAME"),
        ("nigths", "no on-call schedule called “nigths”"),
        ("nigths override @cy for 3h", "no on-call schedule"),
        ("Nights frobnicate", "Write set, override, end override or remove"),
        ("Nights sett @ann", "Did you mean “set”?"),
        ("set @ann weekly Mon 09:00 UTC", "I do not know “@ann”"),
        ("set set @ann weekly Mon 09:00 UTC", "The schedule's name comes first"),
        ("x set @ann weekly Mon 09:00 UTC", "too short"),
        ("all set @ann weekly Mon 09:00 UTC", "cannot be a name"),
        ("Nights set", "Set it to what?"),
        ("Nights set @ann @bo", "When is it handed over?"),
        ("Nights set weekly Mon 09:00 UTC", "Who takes turns?"),
        ("Nights set @nobody weekly Mon 09:00 UTC", "I know nobody here called “@nobody”"),
        ("Nights set @eve weekly Mon 09:00 UTC", "Eve is a guest"),
        ("Nights set @ann weekly Mon 09:00", "come a weekday, a time and a time zone"),
        ("Nights set @ann weekly Monz 09:00 UTC", "no day of the week"),
        ("Nights set @ann weekly Mon 25:00 UTC", "no time of day"),
        ("Nights set @ann weekly Mon 9 UTC", "no time of day"),
        ("Nights set @ann weekly Mon 09:00 Berlin", "Did you mean Europe/Berlin?"),
        ("Nights set @ann weekly Mon 09:00 UTC from soon", "the day on which the first person begins"),
        ("Nights set http://calendar.example/x.ics", "Only https://"),
        ("Nights set http://localhost:9/x.ics", "Only https://"),
        ("Nights set https://127.0.0.1/x.ics", "never probed"),
        ("Nights set https://me:pass@calendar.example/x.ics", "Do not put a password"),
        ("Nights override", "Who takes over?"),
        ("Nights override until Mon 09:00", "Who takes over?"),
        ("Nights override @cy", "Until when?"),
        ("Nights override @cy tomorrow", "Until when?"),
        ("Nights override @cy until", "When?"),
        ("Nights override @cy until 2026-11-30", "At what time?"),
        ("Nights override @cy until 2026-02-30 09:00", "no such day"),
        ("Nights override @cy until someday 09:00", "do not understand “someday”"),
        ("Nights override @cy until 2026-11-22 09:00", "is over already"),
        ("Nights override @cy from tomorrow 09:00 until today 18:00", "end before it begins"),
        ("Nights override @cy for 60 weeks", "a year at most"),
        ("Nights override @cy for 3x", "“3x” is no length of time"),
        ("Nights override @eve for 3h", "Eve is a guest"),
        ("Nights end rota", "Only an override can be ended"),
        ("Nights remove it", "Nothing stands behind"),
    ],
)
async def test_bad_words_are_answered_plainly(town: Town, text: str, words: str) -> None:
    """What is wrong, and what to type instead; nothing is changed."""
    await town.ask(DEE, "on-call", MADE)
    assert words in str(await refused(town, DEE, text))
    assert await on(town) == (ANN,)
    assert len(await written(town)) == 1


@pytest.mark.parametrize(
    ("text", "meant"), [("Mars/City", ()), ("Europ/Berlin", ("Europe/Berlin",)), ("Asia/Calcuta", ("Asia/Calcutta",))]
)
def test_a_zone_is_proposed_where_it_is_meant(text: str, meant: tuple[str, ...]) -> None:
    """Names of zones end alike, so a slip is close to one of them or was none."""
    with pytest.raises(Refused) as trouble:
        read_zone(text)
    assert trouble.value.did_you_mean[:1] == meant


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-30 09:00", "2026-11-30 08:00"),
        ("2026-11-30 09:00 America/New_York", "2026-11-30 14:00"),
        ("30 Nov 9am", "2026-11-30 08:00"),
        ("Nov 30, 2027 at 9:30 pm", "2027-11-30 20:30"),
        ("5 Jan 10:00", "2027-01-05 09:00"),
        ("today 18:00", "2026-11-23 17:00"),
        ("tomorrow 18:00", "2026-11-24 17:00"),
        ("Mon 09:00", "2026-11-30 08:00"),
        ("monday 12:00", "2026-11-23 11:00"),
        ("18:00", "2026-11-23 17:00"),
        ("9:00", "2026-11-24 08:00"),
        ("12am", "2026-11-23 23:00"),
        ("in 3h", "2026-11-23 12:00"),
        ("90 minutes", "2026-11-23 10:30"),
        ("+2d", "2026-11-25 09:00"),
        ("now", "2026-11-23 09:00"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, moment: str) -> None:
    """It is Monday, 23 November 2026, ten o'clock in Berlin."""
    assert read_moment(text.split(), "Europe/Berlin", MONDAY) == datetime.fromisoformat(f"{moment}+00:00")


def test_the_next_such_moment_counts_from_the_begin() -> None:
    """Until Wed 06:00, from next Tuesday on, is the Wednesday behind that; tomorrow stays the day after today."""
    begin = datetime(2026, 12, 1, 19, tzinfo=UTC)
    assert read_moment(["Wed", "06:00"], "UTC", MONDAY, begin) == datetime(2026, 12, 2, 6, tzinfo=UTC)
    assert read_moment(["6:00"], "UTC", MONDAY, begin) == datetime(2026, 12, 2, 6, tzinfo=UTC)
    assert read_moment(["3d"], "UTC", MONDAY, begin) == begin + timedelta(days=3)
    assert read_moment(["tomorrow", "6:00"], "UTC", MONDAY, begin) == datetime(2026, 11, 24, 6, tzinfo=UTC)


@given(st.lists(st.text(st.sampled_from("0123456789:-/apm. fromuntilMonNovUTC+²"), max_size=12), max_size=5), st.text())
def test_no_words_are_a_fault_of_ours(words: list[str], word: str) -> None:
    """Whatever is typed is a moment or is refused in words."""
    readers: list[Any] = [lambda: read_moment(words, "Europe/Berlin", MONDAY), lambda: read_time(word)]
    for reader in (*readers, lambda: read_zone(word)):
        with contextlib.suppress(Refused):
            assert reader() is not None


async def test_whatever_happens_at_once_happens_once(town: Town) -> None:
    """Two who make the same schedule: one does; of overrides and removals at once none is a fault of ours."""
    made = await asyncio.gather(*(town.ask(DEE, "on-call", MADE) for _ in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in made if not isinstance(one, OnCallShown)) in (
        [],
        ["Refused"],
        ["Refused", "Refused"],
    )
    assert len((await town.ask(CY, "on-call", "")).rows) == 1
    await asyncio.gather(*(town.ask(ANN, "on-call", f"Nights override @cy for {n}h") for n in range(1, 6)))
    assert len((await row(town, CY, "Nights")).overrides) == 5
    both = await asyncio.gather(
        town.ask(DEE, "on-call", "Nights remove"),
        *(town.ask(ANN, "on-call", "Nights override @cy for 1h") for _ in range(4)),
        return_exceptions=True,
    )
    assert all(isinstance(one, Said | OnCallShown | Refused) for one in both)
    assert (await town.ask(CY, "on-call", "")).rows == ()
