"""A promised check has one maker at a time, is left over when that one dies, and waits in a fair line."""

import asyncio
from datetime import timedelta

from storage import apps, check_line, check_requests, processes
from storage.database import Database, Transaction
from storage.model import CheckRequest, Process
from tests.storage.sample import NOW, an_app

APP = an_app()
HOLD = timedelta(seconds=30)


async def claim(database: Database, holder: str = "p1", after: timedelta = timedelta(0)) -> str | None:
    """Have *holder* claim what is next, and give its id."""
    async with database.write() as transaction:
        taken = await check_line.claim_next(transaction, holder, NOW + after, NOW + after + HOLD)
    return None if taken is None else taken.id


async def ask(transaction: Transaction, request_id: str, person: str | None, second: int = 0) -> None:
    """Have *person* (None: the clock) ask for a check."""
    at = NOW + timedelta(seconds=second)
    await check_requests.add(transaction, CheckRequest(request_id, APP.repository, person, at))


async def test_a_promised_check_is_made_by_one(database: Database) -> None:
    """Two at once: one gets it; when it dies another does, and the attempt is counted; only one ends it."""
    async with database.write() as transaction:
        await apps.add(transaction, APP)
        await check_requests.add(transaction, CheckRequest("q1", APP.repository, "U1", NOW, APP.id))
    assert sorted(map(str, await asyncio.gather(claim(database), claim(database, "p2")))) == ["None", "q1"]
    async with database.write() as transaction:
        running = await check_requests.running_for(transaction, APP.id)
        assert running is not None
        assert running.held_by is not None
        assert await check_requests.left(transaction, NOW, 9) == ()
        assert await check_requests.keep_hold(transaction, "q1", running.held_by, NOW + 2 * HOLD)
        assert not await check_requests.keep_hold(transaction, "q1", "p3", NOW + 9 * HOLD)
        assert await check_requests.left(transaction, NOW + HOLD, 9) == ()
        (left,) = await check_requests.left(transaction, NOW + 2 * HOLD, 9)
        again = await check_line.claim_next(transaction, "p3", NOW + 2 * HOLD, NOW + 3 * HOLD)
        assert again is not None
        assert (again.id, again.attempts, again.held_by) == (left.id, 2, "p3")
        assert await check_requests.finish(transaction, "q1", NOW)
        assert not await check_requests.finish(transaction, "q1", NOW)
        assert await check_requests.running_for(transaction, APP.id) is None


async def test_what_a_dead_process_made_is_free_at_once(database: Database) -> None:
    """However long its hold would last by a clock that jumped, a process that ended holds nothing."""
    async with database.write() as transaction:
        await ask(transaction, "q1", "U1")
        await processes.start(transaction, Process("p1", "worker", "here", 1, "1", NOW, NOW))
    assert await claim(database, "p1") == "q1"
    assert await claim(database, "p2", timedelta(hours=-2)) is None
    async with database.write() as transaction:
        await processes.stop(transaction, "p1", NOW)
    assert await claim(database, "p2", timedelta(hours=-2)) == "q1"


async def test_no_clock_takes_a_check_from_who_lives(database: Database) -> None:
    """Another machine's clock is ahead, or one jumps by hours: what a living process holds stays its own."""
    async with database.write() as transaction:
        await ask(transaction, "q1", "U1")
        await processes.start(transaction, Process("p1", "worker", "here", 1, "1", NOW, NOW))
    assert await claim(database, "p1") == "q1"
    for hours in (1, 2, 3, -2):
        assert await claim(database, "p2", timedelta(hours=hours)) is None
    assert await claim(database, "p2", timedelta(hours=5)) == "q1", "it lives, and has not extended its hold for hours"


async def test_an_attempt_that_was_given_up_cleanly_is_none(database: Database) -> None:
    """A stop of the bot lets the check go and takes the attempt back; a failure only lets it go."""
    async with database.write() as transaction:
        await ask(transaction, "q1", "U1")
    for begun, attempts in ((False, 0), (True, 1)):
        async with database.write() as transaction:
            taken = await check_line.claim_next(transaction, "p1", NOW, NOW + HOLD)
            assert taken is not None
            await check_requests.release(transaction, taken, begun=begun)
            (left,) = await check_requests.left(transaction, NOW, 9)
            assert left.attempts == attempts


async def test_people_take_turns_before_the_clock(database: Database) -> None:
    """Ann asked for three checks before anybody else: Bo and Cy are served between hers, and the clock at the end."""
    async with database.write() as transaction:
        await ask(transaction, "clock", None, 0)
        for number in range(3):
            await ask(transaction, f"ann{number}", "UANN", 1 + number)
        await ask(transaction, "bo", "UBO", 10)
        await ask(transaction, "cy", "UCY", 11)
        places = [await check_line.place_of(transaction, one, NOW) for one in ("ann0", "bo", "cy", "ann1", "clock")]
        assert [place and place.ahead for place in places] == [0, 1, 2, 3, 5]
        assert await check_line.waiting(transaction, NOW) == 5
        assert await check_line.waiting(transaction, NOW, "UANN") == 3
        assert await check_line.waiting(transaction, NOW, clock=True) == 1
    served = [await claim(database, after=timedelta(milliseconds=number)) for number in range(7)]
    assert served == ["ann0", "bo", "cy", "ann1", "ann2", "clock", None]


async def test_whoever_was_served_longest_ago_is_next(database: Database) -> None:
    """Nothing runs any more: Bo, who was never served, comes before Ann, who asked first but was served before."""
    async with database.write() as transaction:
        await ask(transaction, "before", "UANN")
    assert await claim(database) == "before"
    async with database.write() as transaction:
        await check_requests.finish(transaction, "before", NOW + timedelta(seconds=40))
        await ask(transaction, "ann", "UANN", 1)
        await ask(transaction, "bo", "UBO", 2)
        place = await check_line.place_of(transaction, "ann", NOW)
        assert place == check_line.Place(1, 0, timedelta(seconds=40))
    assert [await claim(database), await claim(database)] == ["bo", "ann"]


async def test_many_at_once_claim_different_checks(database: Database) -> None:
    """Twelve claims at the same moment for ten checks: each check goes to one."""
    async with database.write() as transaction:
        for number in range(10):
            await ask(transaction, f"q{number}", f"U{number % 3}", number)
    claimed = await asyncio.gather(*(claim(database, f"p{number}") for number in range(12)))
    assert sorted(one for one in claimed if one) == sorted(f"q{number}" for number in range(10))


async def test_a_process_takes_up_what_it_holds_and_is_not_at(database: Database) -> None:
    """The answer to its claim was lost: nobody else may have it while the process lives, so it takes it up itself."""
    async with database.write() as transaction:
        await ask(transaction, "q1", "U1")
        await ask(transaction, "q2", "U2", 1)
        await processes.start(transaction, Process("p1", "worker", "here", 1, "1", NOW, NOW))
    assert [await claim(database, "p1"), await claim(database, "p1")] == ["q1", "q2"]
    for at, taken in (({"q1", "q2"}, None), ({"q2"}, "q1")):
        async with database.write() as transaction:
            found = await check_line.claim_next(transaction, "p1", NOW, NOW + HOLD, at=at)
            assert (found and found.id) == taken
    async with database.write() as transaction:
        assert await check_line.claim_next(transaction, "p2", NOW, NOW + HOLD, at=()) is None
