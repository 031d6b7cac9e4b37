"""How long Slack wants to be left alone, by lane or method: kept, so that a restart does not ask too early."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage.database import Transaction, insert_or_update
from storage.tables import pauses


async def keep(transaction: Transaction, places: tuple[str, ...], now: datetime, length: timedelta) -> None:
    """
    Keep that nothing may go to *places* from *now* on for *length*, and drop the pauses that are over.

    In one order everywhere, and without waiting for what another drops: Slack says it to many messages at once.
    """
    rows = [{"place": place, "made_at": now, "until": now + length} for place in sorted(places)]
    await insert_or_update(transaction, pauses, rows)
    over = select(pauses.c.place).where(pauses.c.until <= now).with_for_update(skip_locked=True)
    await transaction.connection.execute(delete(pauses).where(pauses.c.place.in_(over)))


async def left(transaction: Transaction, now: datetime) -> dict[str, float]:
    """
    Return the seconds that are left of each pause, by place.

    Never more than the whole pause: where the clock was set back meanwhile, it begins anew and ends.
    """
    found = (await transaction.connection.execute(select(pauses))).all()
    ends = {row.place: min(row.until - now, row.until - row.made_at) for row in found}
    return {place: end.total_seconds() for place, end in ends.items() if end > timedelta()}
