"""Who is on call: exactly one person of a rota at every moment, handed over at the local time whatever clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from commands.on_call_at import Source, change_after, handover, on_call_at, turn
from storage.on_call_model import Override, Rota, Schedule, Shift

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
SECOND = timedelta(seconds=1)
rotas = st.builds(
    Rota,
    people=st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=5, unique=True).map(tuple),
    weekday=st.just(0),
    at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    since=st.dates(date(2008, 1, 1), date(2032, 1, 1)),
)
moments = st.integers(0, 26 * 365 * 86400).map(lambda s: datetime(2007, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


def of(rota: Rota | None) -> Schedule:
    """Return a schedule of *rota*."""
    return Schedule("s1", "Nights", "nights", "UDEE", NOW, rota=rota)


@given(rotas, moments)
def test_every_moment_lies_in_exactly_one_turn(rota: Rota, now: datetime) -> None:
    """The turn that holds begins before and ends after, so one person is on call, and it is that turn's."""
    number = turn(rota, now)
    assert handover(rota, number) <= now < handover(rota, number + 1)
    on = on_call_at(of(rota), (), now)
    assert on.people == (rota.people[number % len(rota.people)],)
    assert on.source is Source.ROTA


@given(rotas, st.integers(-300, 300))
def test_it_is_handed_over_at_the_local_time(rota: Rota, number: int) -> None:
    """At the handover the next person is on call, a second before still the one before; the wall clock says *at*."""
    at = handover(rota, number)
    assert turn(rota, at) == number
    assert turn(rota, at - SECOND) == number - 1
    local = at.astimezone(ZoneInfo(rota.zone))
    day = rota.since + timedelta(days=7 * number)
    wall = datetime.combine(day, rota.at, ZoneInfo(rota.zone))
    exists = wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None)
    assert not exists or (local.date(), local.time()) == (day, rota.at)


def test_a_week_in_which_the_clocks_change_is_an_hour_longer() -> None:
    """Nine o'clock in Berlin is 7:00 UTC in summer and 8:00 in winter; the week of 19 October 2026 has 169 hours."""
    rota = Rota(("A", "B"), 0, time(9), "Europe/Berlin", date(2026, 10, 19))
    assert handover(rota, 0) == datetime(2026, 10, 19, 7, tzinfo=UTC)
    assert handover(rota, 1) == datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert on_call_at(of(rota), (), datetime(2026, 10, 26, 7, 59, tzinfo=UTC)).people == ("A",)


def test_a_handover_that_the_clocks_leave_out_still_happens() -> None:
    """02:30 of 29 March 2026 is not there in Berlin: it is handed over at 03:30, and one person is on call."""
    rota = Rota(("A", "B"), 6, time(2, 30), "Europe/Berlin", date(2026, 3, 29))
    assert handover(rota, 0) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


overrides = st.lists(
    st.builds(
        lambda begins, hours, made: Override(
            f"{begins}{hours}{made}",
            "s1",
            f"over{made}",
            NOW + timedelta(hours=begins),
            NOW + timedelta(hours=begins + hours),
            "UANN",
            NOW + timedelta(minutes=made),
        ),
        st.integers(-200, 200),
        st.integers(1, 300),
        st.integers(0, 1000),
    ),
    max_size=4,
    unique_by=lambda one: one.made_at,
)


@given(rotas, overrides, moments)
def test_the_override_made_last_wins(rota: Rota, made: list[Override], now: datetime) -> None:
    """Within an override its person is on call, of several the one made last; outside of all the rota holds."""
    holding = [one for one in made if one.begins_at <= now < one.ends_at]
    on = on_call_at(of(rota), made, now)
    if holding:
        assert (on.people, on.source) == ((max(holding, key=lambda one: one.made_at).person,), Source.OVERRIDE)
    else:
        assert on == on_call_at(of(rota), (), now)


@given(rotas, overrides)
def test_overrides_are_exact_at_their_ends(rota: Rota, made: list[Override]) -> None:
    """One begins at its first moment and has ended at its last."""
    for one in made:
        assert on_call_at(of(rota), [one], one.begins_at).people == (one.person,)
        assert on_call_at(of(rota), [one], one.ends_at - SECOND).people == (one.person,)
        assert on_call_at(of(rota), [one], one.begins_at - SECOND).source is Source.ROTA
        assert on_call_at(of(rota), [one], one.ends_at).source is Source.ROTA


@given(rotas, overrides)
def test_the_next_change_is_the_first_one(rota: Rota, made: list[Override]) -> None:
    """At it somebody else is on call, and nobody else is at any handover or override's end before."""
    now, schedule = NOW, of(rota)
    at = on_call_at(schedule, made, now).people
    change = change_after(schedule, made, now)
    if change is None:
        assert len(rota.people) == 1
        assert not any(one.ends_at > now for one in made)
        return
    assert on_call_at(schedule, made, change).people != at
    for hours in range(int((change - now).total_seconds() // 3600) + 1):
        moment = now + timedelta(hours=hours)
        assert moment >= change or on_call_at(schedule, made, moment).people == at


def test_a_calendar_has_all_whom_its_events_name() -> None:
    """Two events at once put both on call; one that names nobody is told by its title; overrides win here, too."""
    hour = timedelta(hours=1)
    shifts = (
        Shift(NOW, NOW + hour, ("ann@acme.example", "@bo")),
        Shift(NOW, NOW + 2 * hour, ("@bo", "@cy")),
        Shift(NOW, NOW + hour, (), "Party"),
    )
    on = on_call_at(of(None), (), NOW, shifts)
    assert (on.people, on.source, on.titles) == (("ann@acme.example", "@bo", "@cy"), Source.CALENDAR, ("Party",))
    assert on_call_at(of(None), (), NOW + 2 * hour, shifts).people == ()
    assert change_after(of(None), (), NOW, shifts) == NOW + hour
    cover = Override("o", "s1", "UDEE", NOW, NOW + hour, "UDEE", NOW)
    assert on_call_at(of(None), [cover], NOW, shifts).people == ("UDEE",)
