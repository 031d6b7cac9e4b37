"""A request to the admins is answered once, and an app has one open at a time."""

from dataclasses import replace

from storage import apps, private_requests
from storage.database import Database
from storage.model import PrivateRequest
from tests.storage.sample import NOW, an_app


async def test_a_request_is_answered_once(database: Database) -> None:
    """The first answer is kept; answered, it is no longer the open one."""
    app = an_app()
    request = PrivateRequest("k1", app.id, app.repository, NOW, "U1")
    async with database.write() as transaction:
        await apps.add(transaction, app)
        await private_requests.add(transaction, request)
        assert await private_requests.open_of(transaction, app.id) == request
        assert await private_requests.answer(transaction, "k1", "U2", NOW)
        assert not await private_requests.answer(transaction, "k1", "U3", NOW)
        assert await private_requests.open_of(transaction, app.id) is None
        assert await private_requests.get(transaction, "k1") == replace(request, answered_at=NOW, allowed_by="U2")
