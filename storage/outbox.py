"""
What the bot has to say: a row in the transaction of its cause, delivered by one sender.

add -> claim (held for a while) -> mark_sent, or retry (later, with the error), or give_up. A row that a dead sender
held is claimed again: messages are at-least-once, and the token lets a sender that is in doubt look before it resends.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, literal, or_, select, update

from storage.database import Transaction
from storage.model import Destination, Message, Standing
from storage.tables import apps, messages, outbox

_UNSENT = and_(outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None))


async def add(
    transaction: Transaction,
    to: Destination,
    kind: str,
    news: dict[str, Any],
    *,
    key: str,
    now: datetime,
    urgent: bool = False,
) -> None:
    """
    Have *news* (of the type named *kind*) delivered to *to*.

    An older row with the same key and place that no sender holds yet says what is no longer so: it is replaced, and its
    urgency kept.
    """
    same = and_(outbox.c.key == key, outbox.c.place == to.place, _UNSENT)
    stale = and_(same, or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now), outbox.c.attempts == 0)
    older = (await transaction.connection.execute(select(outbox.c.id, outbox.c.urgent).where(stale))).all()
    if older:
        await transaction.connection.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in older])))
    await transaction.connection.execute(
        insert(outbox).values(
            token=secrets.token_hex(12),
            key=key,
            place=to.place,
            to=to,
            app_id=to.app_id,
            is_root=to.is_root,
            kind=kind,
            news=news,
            urgent=urgent or any(row.urgent for row in older),
            made_at=now,
            due_at=now,
            attempts=0,
            error="",
        )
    )


async def claim(
    transaction: Transaction, now: datetime, *, hold: timedelta = timedelta(seconds=60), limit: int = 20
) -> tuple[Message, ...]:
    """
    Return due rows, urgent ones first, each held by the caller for *hold*.

    Of rows with one key and place only the oldest is given out; and none for the thread of an app whose card is not
    sent yet. Several senders get different rows.
    """
    older = outbox.alias("older")
    has_older = (
        select(literal(1))
        .where(
            older.c.key == outbox.c.key,
            older.c.place == outbox.c.place,
            older.c.id < outbox.c.id,
            older.c.sent_at.is_(None),
            older.c.failed_at.is_(None),
        )
        .exists()
    )
    query = (
        select(outbox, apps.c.thread_channel, apps.c.thread, messages.c.channel.label("at"), messages.c.ts)
        .select_from(
            outbox.outerjoin(apps, apps.c.id == outbox.c.app_id).outerjoin(
                messages, and_(messages.c.key == outbox.c.key, messages.c.place == outbox.c.place)
            )
        )
        .where(_UNSENT, outbox.c.due_at <= now, or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now))
        .where(~has_older)
        .where(or_(outbox.c.app_id.is_(None), outbox.c.is_root, apps.c.thread.is_not(None)))
        .order_by(outbox.c.urgent.desc(), outbox.c.id)
        .limit(limit)
        .with_for_update(of=outbox, skip_locked=True)
    )
    rows = (await transaction.connection.execute(query)).all()
    if rows:
        held = (
            update(outbox)
            .where(outbox.c.id.in_([row.id for row in rows]))
            .values(held_until=now + hold, attempts=outbox.c.attempts + 1)
        )
        await transaction.connection.execute(held)
    return tuple(_message(row) for row in rows)


async def let_go(transaction: Transaction) -> None:
    """Take back every row that a sender holds: at the start of the only sender there is, the one before it is dead."""
    await transaction.connection.execute(update(outbox).where(_UNSENT).values(held_until=None))


async def mark_sent(transaction: Transaction, message: Message, sent: Standing, now: datetime) -> None:
    """Keep that *message* stands at *sent*, so that the next one with its key edits it; a root becomes the thread."""
    await transaction.connection.execute(
        update(outbox).where(outbox.c.id == message.id).values(sent_at=now, held_until=None, error="")
    )
    await forget(transaction, message.key, message.to)
    await transaction.connection.execute(
        insert(messages).values(key=message.key, place=message.to.place, channel=sent.channel, ts=sent.ts, sent_at=now)
    )
    if message.to.is_root:
        await transaction.connection.execute(
            update(apps).where(apps.c.id == message.to.app_id).values(thread_channel=sent.channel, thread=sent.ts)
        )


async def forget(transaction: Transaction, key: str, to: Destination) -> None:
    """Drop what is known of a message that no longer stands: the next row with its key is a new message."""
    await transaction.connection.execute(delete(messages).where(messages.c.key == key, messages.c.place == to.place))


async def retry(transaction: Transaction, message: Message, due_at: datetime, error: str) -> None:
    """Have *message* sent again at *due_at*, after a failure that may pass; *error* says which."""
    await transaction.connection.execute(
        update(outbox).where(outbox.c.id == message.id).values(due_at=due_at, held_until=None, error=error)
    )


async def postpone(transaction: Transaction, message: Message, due_at: datetime) -> None:
    """Let go of *message* until *due_at* without having tried, as where a channel had its message this second."""
    await transaction.connection.execute(
        update(outbox)
        .where(outbox.c.id == message.id)
        .values(due_at=due_at, held_until=None, attempts=outbox.c.attempts - 1)
    )


async def give_up(transaction: Transaction, message_id: int, now: datetime, error: str) -> None:
    """Never send the row again, after a failure that does not pass; *error* says which."""
    await transaction.connection.execute(
        update(outbox).where(outbox.c.id == message_id).values(failed_at=now, held_until=None, error=error)
    )


async def get(transaction: Transaction, message_id: int) -> Message | None:
    """Return the row with this id as it was written: an app's thread is not resolved."""
    row = (await transaction.connection.execute(select(outbox).where(outbox.c.id == message_id))).one_or_none()
    return None if row is None else _fields(row)


async def next_due(transaction: Transaction) -> datetime | None:
    """Return when the next row is due, or None where nothing waits."""
    due = select(func.min(outbox.c.due_at)).where(_UNSENT)
    return (await transaction.connection.execute(due)).scalar_one()  # type: ignore[no-any-return]


async def standing(transaction: Transaction, key: str, to: Destination) -> Standing | None:
    """Return where the message *key* stands at *to*, or None."""
    query = select(messages.c.channel, messages.c.ts).where(messages.c.key == key, messages.c.place == to.place)
    row = (await transaction.connection.execute(query)).one_or_none()
    return None if row is None else Standing(row.channel, row.ts)


def _message(row: Row[Any]) -> Message:
    message = _fields(row)
    to = message.to
    if to.app_id and not to.is_root:
        to = replace(to, channel=row.thread_channel, thread=row.thread)
    return replace(message, to=to, stands=None if row.at is None else Standing(row.at, row.ts))


def _fields(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        token=row.token,
        key=row.key,
        to=row.to,
        kind=row.kind,
        news=row.news,
        urgent=row.urgent,
        made_at=row.made_at,
        due_at=row.due_at,
        attempts=row.attempts,
    )
