"""
The chain of the audit log: each row holds the digest of itself and of the digest before it.

So a row that was changed, removed, put in or moved breaks the chain where that was done. Whoever cuts off the end, or
writes everything after a point anew, is seen by a digest that was noted elsewhere: the bot writes the newest to its log
every day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import func, insert, select

from storage.database import Transaction
from storage.postgresql import one_at_a_time
from storage.tables import audit

#: What the first row names as the digest before it.
BEGINNING = ""
_TURN = "audit"
_AT_ONCE = 1000  # rows that are read together


@dataclass(frozen=True, slots=True)
class Said:
    """What a row of the log says: *who* did *what* to *subject*; *request_id* is what the log calls the request."""

    at: datetime
    who: str
    what: str
    subject: str
    detail: dict[str, Any]
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the log: how many rows it has, the newest digest, and a sentence for each fault in it."""

    rows: int
    head: str
    faults: tuple[str, ...]


def digest_of(said: Said, previous: str) -> str:
    """
    Return the digest of a row that follows the row with the digest *previous*: 64 hexadecimal digits of SHA-256.

    It is over one JSON array with sorted keys and the time in UTC to the microsecond, the same on both engines.
    """
    at = said.at.astimezone(UTC).isoformat(timespec="microseconds")
    detail = msgspec.json.decode(msgspec.json.encode(said.detail))  # as it will be read back
    row = [previous, at, said.who, said.what, said.subject, detail, said.request_id]
    return hashlib.sha256(msgspec.json.encode(row, order="sorted")).hexdigest()


async def append(transaction: Transaction, said: Sequence[Said]) -> None:
    """Add rows to the end of the chain; on PostgreSQL other writers wait until this transaction has ended."""
    await one_at_a_time(transaction.connection, _TURN)
    previous = await head(transaction)
    rows = []
    for one in said:
        digest = digest_of(one, previous)
        rows.append(asdict(one) | {"previous": previous, "digest": digest})
        previous = digest
    await transaction.connection.execute(insert(audit), rows)


async def head(transaction: Transaction) -> str:
    """Return the digest of the newest row."""
    newest = select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)
    return (await transaction.connection.execute(newest)).scalar_one_or_none() or BEGINNING


async def count(transaction: Transaction) -> int:
    """Return how many rows the log has."""
    return int((await transaction.connection.execute(select(func.count()).select_from(audit))).scalar_one())


async def verify(transaction: Transaction, pinned: str = "") -> Verdict:
    """
    Look at every row of the log; with *pinned*, a digest noted earlier, also whether its row is still there.

    A row that was changed is told from one that was removed before it or put in there.
    """
    rows, previous, faults, last = 0, BEGINNING, [], 0
    is_pinned = not pinned
    while True:
        page = select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(_AT_ONCE)
        found = (await transaction.connection.execute(page)).mappings().all()
        for row in found:
            said = Said(**{name: row[name] for name in Said.__slots__})
            where = f"row {row['id']} ({said.at:%Y-%m-%d %H:%M:%S} UTC, {said.who}: {said.what})"
            if digest_of(said, row["previous"]) != row["digest"]:
                faults.append(f"{where} was changed")
            if row["previous"] != previous:
                before = f"row {last}" if last else "the beginning"
                faults.append(
                    f"{where} does not follow {before}: a row between them was removed, or this one was put in or moved"
                )
            previous, last = row["digest"], row["id"]
            is_pinned = is_pinned or previous == pinned
        rows += len(found)
        if len(found) < _AT_ONCE:
            break
    if not is_pinned:
        faults.append("the digest that was noted is not in the log: its end was cut off, or it was written anew")
    return Verdict(rows, previous, tuple(faults))
