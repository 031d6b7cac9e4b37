"""
Who did what to what, when. Rows can be added and neither changed nor removed: the database's triggers see to it.

Each row carries the digest of itself and of the row before, so whoever gets around the triggers is seen
(storage/audit_chain.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select

from storage import audit_chain
from storage.database import Transaction
from storage.model import AuditEntry
from storage.tables import apps, audit


async def write(
    transaction: Transaction, now: datetime, *, who: str, what: str, subject: str, detail: dict[str, Any] | None = None
) -> None:
    """
    Write that *who* (a person's id, or "clock") did *what* to *subject*, in the transaction that does it.

    The row is added right before the commit, so that PostgreSQL's writers wait for each other no longer than that.
    """
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    said = audit_chain.Said(now, who, what, subject[:200], detail or {}, request_id[:64])
    transaction.at_the_end(audit_chain.append, said)


async def entries(transaction: Transaction, subject: str) -> tuple[AuditEntry, ...]:
    """Return what was done to *subject*, oldest first."""
    rows = await transaction.connection.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id))
    return tuple(AuditEntry(**row) for row in rows.mappings())


async def since(transaction: Transaction, at: datetime, app: str | None = None) -> tuple[AuditEntry, ...]:
    """Return what was done from *at* on, oldest first: to the app of this name where one is given."""
    query = select(audit).where(audit.c.at >= at).order_by(audit.c.id)
    if app is not None:
        query = query.where(audit.c.subject.in_(select(apps.c.id).where(apps.c.key == app)))
    rows = await transaction.connection.execute(query)
    return tuple(AuditEntry(**row) for row in rows.mappings())
