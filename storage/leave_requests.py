"""Requests to the admins for what only they may let the bot do: at most one of a kind and an app is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Table, insert, select, update

from storage import tables
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class PrivateRequest:
    """
    A request that the bot may use its own access to *repository* for the app.

    It is open until *answered_at*. *allowed_by* is the admin who said yes, None where it was not needed any more.
    """

    id: str
    app_id: str
    repository: str
    asked_at: datetime
    asked_by: str | None = None  # None: a check that was refused
    answered_at: datetime | None = None
    allowed_by: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """A request that the bot may look at *live_url*, where the app runs; the rest is as of a PrivateRequest."""

    id: str
    app_id: str
    live_url: str
    asked_at: datetime
    asked_by: str | None = None
    answered_at: datetime | None = None
    allowed_by: str | None = None


Asked = TypeVar("Asked", PrivateRequest, ProbeRequest)


class LeaveRequests(Generic[Asked]):
    """All requests of one kind; *table* holds them, and *kind* makes one of a row."""

    def __init__(self, table: Table, kind: Callable[..., Asked]) -> None:
        self._table = table
        self._kind: Callable[..., Asked] = kind

    async def add(self, transaction: Transaction, request: Asked) -> None:
        """Keep a request; the caller holds the app's lock and has seen that none is open."""
        await transaction.connection.execute(insert(self._table).values(asdict(request)))

    async def get(self, transaction: Transaction, request_id: str) -> Asked | None:
        """Return the request with this id."""
        return await self._one(transaction, self._table.c.id == request_id)

    async def open_of(self, transaction: Transaction, app_id: str) -> Asked | None:
        """Return the request of the app that nobody has answered."""
        return await self._one(transaction, (self._table.c.app_id == app_id) & self._table.c.answered_at.is_(None))

    async def answer(self, transaction: Transaction, request_id: str, allowed_by: str | None, now: datetime) -> bool:
        """Close an open request; False where it is closed already. *allowed_by* None: it is not needed any more."""
        changed = await transaction.connection.execute(
            update(self._table)
            .where(self._table.c.id == request_id, self._table.c.answered_at.is_(None))
            .values(answered_at=now, allowed_by=allowed_by)
        )
        return changed.rowcount == 1

    async def _one(self, transaction: Transaction, condition: ColumnElement[bool]) -> Asked | None:
        row = (await transaction.connection.execute(select(self._table).where(condition))).mappings().one_or_none()
        return None if row is None else self._kind(**row)


private_requests = LeaveRequests(tables.private_requests, PrivateRequest)
probe_requests = LeaveRequests(tables.probe_requests, ProbeRequest)
