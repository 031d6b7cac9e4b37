"""Who did what to what, when. Rows can be added and neither changed nor removed: the database's triggers see to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storage.database import Transaction
from storage.model import AuditEntry
from storage.tables import audit


async def write(
    transaction: Transaction, now: datetime, *, who: str, what: str, subject: str, detail: dict[str, Any] | None = None
) -> None:
    """Write that *who* (a person's id, or "clock") did *what* to *subject*, in the transaction that does it."""
    row = {"at": now, "who": who, "what": what, "subject": subject, "detail": detail or {}}
    await transaction.connection.execute(insert(audit).values(row))


async def entries(transaction: Transaction, subject: str) -> tuple[AuditEntry, ...]:
    """Return what was done to *subject*, oldest first."""
    rows = await transaction.connection.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id))
    return tuple(AuditEntry(**row) for row in rows.mappings())
