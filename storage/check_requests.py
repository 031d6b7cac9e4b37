"""Checks that were promised: a row before the answer, held by whoever makes it, done when its outcome is being said."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import structlog
from sqlalchemy import insert, select, update

from storage.check_line import free
from storage.database import Transaction
from storage.model import CheckRequest
from storage.tables import check_requests


async def add(transaction: Transaction, request: CheckRequest) -> None:
    """Promise a check, for the request that is worked on now as far as the log knows."""
    row = asdict(request)
    row["request_id"] = structlog.contextvars.get_contextvars().get("request_id", request.request_id)
    await transaction.connection.execute(insert(check_requests).values(row))


async def get(transaction: Transaction, request_id: str) -> CheckRequest | None:
    """Return the request with this id."""
    row = (
        (await transaction.connection.execute(select(check_requests).where(check_requests.c.id == request_id)))
        .mappings()
        .one_or_none()
    )
    return None if row is None else CheckRequest(**row)


async def running_for(transaction: Transaction, app_id: str) -> CheckRequest | None:
    """Return the check of the app that is not done yet; the oldest, where there should be several."""
    found = await transaction.connection.execute(
        select(check_requests)
        .where(check_requests.c.app_id == app_id, check_requests.c.done_at.is_(None))
        .order_by(check_requests.c.asked_at)
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return None if row is None else CheckRequest(**row)


async def ask_too(
    transaction: Transaction, request_id: str, person: str, channel: str | None, thread: str | None
) -> None:
    """Have the outcome of a check that the clock asked for told to *person*, who asks for it too."""
    await transaction.connection.execute(
        update(check_requests)
        .where(check_requests.c.id == request_id)
        .values(asked_by=person, channel=channel, thread=thread)
    )


async def aim(transaction: Transaction, request: CheckRequest) -> None:
    """Have the check look at what *request* says now, with the rights that it names; it is a first attempt."""
    await transaction.connection.execute(
        update(check_requests)
        .where(check_requests.c.id == request.id)
        .values(
            repository=request.repository,
            with_token=request.with_token,
            live_url=request.live_url,
            may_probe=request.may_probe,
            probes_routes=request.probes_routes,
            attempts=request.attempts,
        )
    )


async def keep_hold(transaction: Transaction, request_id: str, holder: str, until: datetime) -> bool:
    """Hold a request on, while its check still runs; False where it is not *holder*'s any more."""
    changed = await transaction.connection.execute(
        update(check_requests)
        .where(check_requests.c.id == request_id, check_requests.c.held_by == holder)
        .values(held_until=until)
    )
    return changed.rowcount == 1


async def release(transaction: Transaction, request: CheckRequest, *, begun: bool = True) -> None:
    """Let others make the check of *request*; with *begun* False the attempt counts for nothing, as at a clean stop."""
    await transaction.connection.execute(
        update(check_requests)
        .where(
            check_requests.c.id == request.id,
            check_requests.c.held_by == request.held_by,
            check_requests.c.done_at.is_(None),
        )
        .values(held_until=None, held_by=None, attempts=check_requests.c.attempts - (0 if begun else 1))
    )


async def let_go(transaction: Transaction) -> None:
    """Take back every check that is held: at the start of the only bot there is, the one that held it is dead."""
    await transaction.connection.execute(
        update(check_requests).where(check_requests.c.done_at.is_(None)).values(held_until=None, held_by=None)
    )


async def finish(transaction: Transaction, request_id: str, now: datetime) -> bool:
    """Close a request whose outcome is being said; False where somebody else has closed it."""
    changed = await transaction.connection.execute(
        update(check_requests)
        .where(check_requests.c.id == request_id, check_requests.c.done_at.is_(None))
        .values(done_at=now, held_until=None, held_by=None)
    )
    return changed.rowcount == 1


async def left(transaction: Transaction, now: datetime, most: int) -> tuple[CheckRequest, ...]:
    """Return requests that are not done and that nobody makes, oldest first, *most* at most."""
    rows = await transaction.connection.execute(
        select(check_requests).where(free(now)).order_by(check_requests.c.asked_at).limit(most)
    )
    return tuple(CheckRequest(**row) for row in rows.mappings())
