"""Who answers for an app, in which role, and whether they accepted it. What was before stands in the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.database import Transaction
from storage.model import Acceptance, Owner, Role
from storage.tables import owners


async def name(transaction: Transaction, owner: Owner) -> None:
    """Name *owner* for their role, in place of whoever was named before."""
    await remove(transaction, owner.app_id, owner.role)
    await transaction.connection.execute(insert(owners).values(asdict(owner)))


async def remove(transaction: Transaction, app_id: str, role: Role) -> None:
    """Leave *role* of the app with nobody named."""
    await transaction.connection.execute(delete(owners).where(owners.c.app_id == app_id, owners.c.role == role))


async def answer(  # noqa: PLR0917 - one short row, in the order of its columns
    transaction: Transaction, app_id: str, role: Role, person: str, acceptance: Acceptance, now: datetime
) -> bool:
    """Keep what *person* answered; False where they are not (any more) the one who is asked."""
    changed = await transaction.connection.execute(
        update(owners)
        .where(
            owners.c.app_id == app_id,
            owners.c.role == role,
            owners.c.person == person,
            owners.c.acceptance == Acceptance.ASKED,
        )
        .values(acceptance=acceptance, answered_at=now)
    )
    return changed.rowcount == 1


async def of_app(transaction: Transaction, app_id: str) -> tuple[Owner, ...]:
    """Return the owner and the backup of the app, as far as they are named, the owner first."""
    return (await of_apps(transaction, [app_id])).get(app_id, ())


async def of_apps(transaction: Transaction, app_ids: Iterable[str]) -> dict[str, tuple[Owner, ...]]:
    """Return owners and backups by app, the owner first."""
    rows = await transaction.connection.execute(
        select(owners).where(owners.c.app_id.in_(list(app_ids))).order_by(owners.c.app_id, owners.c.role.desc())
    )
    found: dict[str, tuple[Owner, ...]] = {}
    for row in rows.mappings():
        found[row["app_id"]] = (*found.get(row["app_id"], ()), Owner(**row))
    return found
