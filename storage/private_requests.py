"""Requests to the admins that the bot may use its own access to an app's repository: at most one of an app is open."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update

from storage.database import Transaction
from storage.model import PrivateRequest
from storage.tables import private_requests


async def add(transaction: Transaction, request: PrivateRequest) -> None:
    """Keep a request; the caller holds the app's lock and has seen that none is open."""
    await transaction.connection.execute(insert(private_requests).values(asdict(request)))


async def get(transaction: Transaction, request_id: str) -> PrivateRequest | None:
    """Return the request with this id."""
    return await _one(transaction, private_requests.c.id == request_id)


async def open_of(transaction: Transaction, app_id: str) -> PrivateRequest | None:
    """Return the request of the app that nobody has answered."""
    return await _one(transaction, (private_requests.c.app_id == app_id) & private_requests.c.answered_at.is_(None))


async def answer(transaction: Transaction, request_id: str, allowed_by: str | None, now: datetime) -> bool:
    """Close an open request; False where it is closed already. *allowed_by* None: it is not needed any more."""
    changed = await transaction.connection.execute(
        update(private_requests)
        .where(private_requests.c.id == request_id, private_requests.c.answered_at.is_(None))
        .values(answered_at=now, allowed_by=allowed_by)
    )
    return changed.rowcount == 1


async def _one(transaction: Transaction, condition: ColumnElement[bool]) -> PrivateRequest | None:
    row = (await transaction.connection.execute(select(private_requests).where(condition))).mappings().one_or_none()
    return None if row is None else PrivateRequest(**row)
