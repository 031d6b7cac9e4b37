"""What came in is kept once and worked off once, whichever process took it in."""

import asyncio
from datetime import timedelta

from storage import inbox, processes
from storage.database import Database
from storage.model import Incoming, Process
from tests.left_over import undone
from tests.storage.sample import NOW


def row(incoming_id: str, held_by: str = "p1") -> Incoming:
    """Something that came in."""
    return Incoming(incoming_id, "slash", {"text": "x"}, NOW, held_by=held_by)


async def keep(database: Database, *rows: Incoming, digest: str = "") -> frozenset[str]:
    """Keep rows in one transaction."""
    async with database.write() as transaction:
        return await inbox.keep(
            transaction, rows, dict.fromkeys([one.id for one in rows], digest) if digest else {}, NOW
        )


async def take_over(database: Database, process_id: str, *besides: str, most: int = 10) -> list[str]:
    """Take over what is free."""
    async with database.read() as transaction:
        any_left = await inbox.any_left(transaction, process_id, besides)
    async with database.write() as transaction:
        taken = [one.id for one in await inbox.take_over(transaction, process_id, besides, most)]
    assert any_left == bool(taken)
    return taken


async def test_the_same_delivery_fifty_times_at_once_is_kept_once(database: Database) -> None:
    """Exactly one of the deliveries is told that it is the first."""
    first = await asyncio.gather(*(keep(database, row("Ev1"), digest="d1") for _ in range(50)))
    assert [one for one in first if one] == [{"Ev1"}]


async def test_batches_with_the_same_rows_do_not_wait_for_each_other_for_ever(database: Database) -> None:
    """Whatever the order in which they came, each is kept once."""
    rows = [row(f"Ev{number}") for number in range(40)]
    kept = await asyncio.gather(*(keep(database, *(rows if turn % 2 else rows[::-1])) for turn in range(20)))
    assert sorted(one for some in kept for one in some) == sorted(one.id for one in rows)


async def test_the_same_twice_in_one_transaction_is_one_row(database: Database) -> None:
    """A retry that arrives with the first is committed with it."""
    assert await keep(database, row("Ev1"), row("Ev2"), row("Ev1")) == {"Ev1", "Ev2"}


async def test_a_row_is_worked_off_by_its_holder_alone_while_that_lives(database: Database) -> None:
    """Another process finds it when the holder has ended, one at a time, and each attempt is counted."""
    async with database.write() as transaction:
        for name in ("p1", "p2"):
            await processes.start(transaction, Process(name, "bot", "host", 1, "1", NOW, NOW))
    await keep(database, row("Ev1"), row("Ev2"), row("Ev3"))
    assert await take_over(database, "p2") == []
    assert await take_over(database, "p1", "Ev1", "Ev2", "Ev3") == []
    assert await take_over(database, "p1", "Ev1", "Ev2") == ["Ev3"]
    async with database.write() as transaction:
        await inbox.done(transaction, ["Ev3"], NOW)
        await processes.stop(transaction, "p1", NOW)
    assert await take_over(database, "p2", most=1) == ["Ev1"]
    async with database.read() as transaction:
        assert await inbox.is_held(transaction, "Ev1", "p2")
        assert not await inbox.is_held(transaction, "Ev1", "p1")
        (first, second) = await undone(transaction)
    assert (first.attempts, first.held_by, second.attempts) == (1, "p2", 0)


async def test_several_take_over_different_rows(database: Database) -> None:
    """Nobody waits for another, and nothing is taken twice."""
    async with database.write() as transaction:
        for number in range(4):
            await processes.start(transaction, Process(f"q{number}", "bot", "host", 1, "1", NOW, NOW))
    await keep(database, *(row(f"Ev{number:02}", held_by="dead") for number in range(40)))

    async def take(number: int) -> tuple[Incoming, ...]:
        async with database.write() as transaction:
            return await inbox.take_over(transaction, f"q{number}", (), 10)

    taken = [one.id for some in await asyncio.gather(*(take(number) for number in range(4))) for one in some]
    assert sorted(taken) == [f"Ev{number:02}" for number in range(40)]


async def test_a_signed_request_brings_something_once(database: Database) -> None:
    """A request that came before, to the very signature, brings nothing new, until it is too old to be let in."""
    assert await keep(database, row("Ev1"), digest="d1") == {"Ev1"}
    assert await keep(database, row("Ev2"), digest="d1") == set()
    async with database.write() as transaction:
        await inbox.forget_digests(transaction, NOW)
    assert await keep(database, row("Ev3"), digest="d1") == set()
    async with database.write() as transaction:
        await inbox.forget_digests(transaction, NOW + timedelta(seconds=1))
    assert await keep(database, row("Ev4"), digest="d1") == {"Ev4"}


async def test_the_first_are_taken_over_first(database: Database) -> None:
    """Rows of some orders come before older ones, and of the others there may be fewer; a typed text is no order."""
    typed = {"order": "apps", "request": {"text": '"order":"page-owner"'}}
    rows = [Incoming(f"Ev{number}", "slash", typed, NOW) for number in range(3)]
    rows += [Incoming(f"Page{number}", "slash", {"order": "page-owner"}, NOW + timedelta(1)) for number in range(2)]
    await keep(database, *rows)

    async def take(most: int, most_others: int | None, *besides: str) -> list[str]:
        async with database.write() as transaction:
            first = {"page-owner", "x"}
            taken = await inbox.take_over(transaction, "p1", besides, most, first=first, most_others=most_others)
            return [one.id for one in taken]

    assert await take(4, 1) == ["Page0", "Page1", "Ev0"]
    assert await take(1, 1) == ["Page0"]
    assert await take(1, 0, "Page0", "Page1") == []
    assert await take(4, None) == ["Page0", "Page1", "Ev0", "Ev1"]
