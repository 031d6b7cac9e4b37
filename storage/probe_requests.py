"""Requests to the admins that the bot may look at an app where it runs: at most one of an app is open."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update

from storage.database import Transaction
from storage.tables import probe_requests


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """
    A request to the admins: may the bot look at *live_url*, where the app runs? An app has at most one open.

    It is open until *answered_at*. *allowed_by* is the admin who said yes, None where it was not needed any more.
    """

    id: str
    app_id: str
    live_url: str
    asked_at: datetime
    asked_by: str | None = None
    answered_at: datetime | None = None
    allowed_by: str | None = None


async def add(transaction: Transaction, request: ProbeRequest) -> None:
    """Keep a request; the caller holds the app's lock and has seen that none is open."""
    await transaction.connection.execute(insert(probe_requests).values(asdict(request)))


async def get(transaction: Transaction, request_id: str) -> ProbeRequest | None:
    """Return the request with this id."""
    return await _one(transaction, probe_requests.c.id == request_id)


async def open_of(transaction: Transaction, app_id: str) -> ProbeRequest | None:
    """Return the request of the app that nobody has answered."""
    return await _one(transaction, (probe_requests.c.app_id == app_id) & probe_requests.c.answered_at.is_(None))


async def answer(transaction: Transaction, request_id: str, allowed_by: str | None, now: datetime) -> bool:
    """Close an open request; False where it is closed already. *allowed_by* None: it is not needed any more."""
    changed = await transaction.connection.execute(
        update(probe_requests)
        .where(probe_requests.c.id == request_id, probe_requests.c.answered_at.is_(None))
        .values(answered_at=now, allowed_by=allowed_by)
    )
    return changed.rowcount == 1


async def _one(transaction: Transaction, condition: ColumnElement[bool]) -> ProbeRequest | None:
    row = (await transaction.connection.execute(select(probe_requests).where(condition))).mappings().one_or_none()
    return None if row is None else ProbeRequest(**row)
