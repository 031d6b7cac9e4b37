"""A request to the admins is answered once, and an app has one of a kind open at a time."""

from dataclasses import replace
from typing import TypeVar

from storage import apps
from storage.database import Database
from storage.leave_requests import LeaveRequests, PrivateRequest, ProbeRequest, private_requests, probe_requests
from tests.storage.sample import NOW, an_app

Asked = TypeVar("Asked", PrivateRequest, ProbeRequest)
APP = an_app()


async def answered_once(database: Database, requests: LeaveRequests[Asked], request: Asked) -> None:
    """The first answer is kept; answered, *request* is no longer the open one of *requests*."""
    async with database.write() as transaction:
        await apps.add(transaction, APP)
        await requests.add(transaction, request)
        assert await requests.open_of(transaction, APP.id) == request
        assert await requests.answer(transaction, "k1", "U2", NOW)
        assert not await requests.answer(transaction, "k1", "U3", NOW)
        assert await requests.open_of(transaction, APP.id) is None
        assert await requests.get(transaction, "k1") == replace(request, answered_at=NOW, allowed_by="U2")


async def test_a_request_for_private_code_is_answered_once(database: Database) -> None:
    """The first answer is kept; answered, it is no longer the open one."""
    await answered_once(database, private_requests, PrivateRequest("k1", APP.id, APP.repository, NOW, "U1"))


async def test_a_request_to_look_at_a_live_app_is_answered_once(database: Database) -> None:
    """The first answer is kept; answered, it is no longer the open one."""
    await answered_once(database, probe_requests, ProbeRequest("k1", APP.id, "https://shop.example.com/", NOW, "U1"))
