"""A promised check has one runner at a time, and is left over when that one dies."""

import asyncio
from datetime import timedelta

from storage import apps, check_requests
from storage.database import Database
from storage.model import CheckRequest
from tests.storage.sample import NOW, an_app

APP = an_app()
HOLD = timedelta(seconds=30)


async def test_a_promised_check_is_run_by_one(database: Database) -> None:
    """Two runners at once: one gets it; when it dies another does, and the attempt is counted."""
    async with database.write() as transaction:
        await apps.add(transaction, APP)
        await check_requests.add(transaction, CheckRequest("q1", APP.repository, "U1", NOW, APP.id))

    async def take() -> CheckRequest | None:
        async with database.write() as transaction:
            return await check_requests.take(transaction, "q1", NOW, NOW + HOLD)

    taken = [request for request in await asyncio.gather(take(), take()) if request]
    assert [request.attempts for request in taken] == [1]
    async with database.write() as transaction:
        running = await check_requests.running_for(transaction, APP.id)
        assert running is not None
        assert await check_requests.left(transaction, NOW) == ()
        await check_requests.keep_hold(transaction, "q1", NOW + 2 * HOLD)
        assert await check_requests.left(transaction, NOW + HOLD) == ()
        (left,) = await check_requests.left(transaction, NOW + 2 * HOLD)
        again = await check_requests.take(transaction, left.id, NOW + 2 * HOLD, NOW + 3 * HOLD)
        assert again is not None
        assert again.attempts == 2
        assert await check_requests.finish(transaction, "q1", NOW)
        assert not await check_requests.finish(transaction, "q1", NOW)
        assert await check_requests.running_for(transaction, APP.id) is None
