"""Where people who may be paged are reached outside of Slack, as Slack said last: it may be away when needed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select

from storage.database import Transaction, insert_or_update
from storage.model import Acceptance
from storage.tables import addresses, owners

_HELD = select(owners.c.person).where(owners.c.acceptance != Acceptance.DECLINED)


async def keep(transaction: Transaction, person: str, address: str, now: datetime) -> None:
    """Keep the *address* of *person*; an empty one where there is none."""
    await insert_or_update(transaction, addresses, [{"person": person, "address": address, "learned_at": now}])


async def known(transaction: Transaction, person: str) -> str:
    """Return the address of *person* as it was known last, or an empty text."""
    query = select(addresses.c.address).where(addresses.c.person == person)
    return (await transaction.connection.execute(query)).scalar_one_or_none() or ""


async def unlearned(transaction: Transaction, also: Iterable[str], since: datetime, limit: int) -> tuple[str, ...]:
    """Return some of those who answer for apps, and of *also*, of whom nothing was learned *since* then."""
    fresh = select(addresses.c.person).where(addresses.c.learned_at >= since)
    held = set((await transaction.connection.execute(_HELD.where(owners.c.person.not_in(fresh)))).scalars())
    others = set(also)
    others -= set((await transaction.connection.execute(fresh.where(addresses.c.person.in_(others)))).scalars())
    return tuple(sorted(held | others)[:limit])


async def forget_others(transaction: Transaction, also: Iterable[str]) -> None:
    """Forget the addresses of people who neither answer for an app nor are among *also*."""
    kept = or_(addresses.c.person.in_(_HELD), addresses.c.person.in_(list(also)))
    await transaction.connection.execute(delete(addresses).where(~kept))
