"""What got worse in an app and was told: at most one open regression an app, edited in place and closed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.database import Transaction
from storage.model import Regression, RegressionEntry
from storage.tables import regressions


async def add(transaction: Transaction, regression: Regression) -> None:
    """Open a regression."""
    row = asdict(regression) | {"before": regression.before, "entries": regression.entries}
    await transaction.connection.execute(insert(regressions).values(row))


async def open_of(transaction: Transaction, app_id: str) -> Regression | None:
    """Return the app's open regression."""
    found = await transaction.connection.execute(
        select(regressions).where(regressions.c.app_id == app_id, regressions.c.closed_at.is_(None))
    )
    row = found.mappings().one_or_none()
    return None if row is None else Regression(**row)


async def change(
    transaction: Transaction, regression_id: str, entries: tuple[RegressionEntry, ...], closed_at: datetime | None
) -> None:
    """Keep what stands of a regression now, and when it was closed."""
    await transaction.connection.execute(
        update(regressions).where(regressions.c.id == regression_id).values(entries=entries, closed_at=closed_at)
    )
