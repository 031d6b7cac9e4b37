"""
What the bot has to say: a row in the transaction of its cause, delivered by one sender.

add -> claim (storage/outbox_queue.py; held for a while) -> handed_over -> mark_sent, or retry (later, with the error),
divert (to the reliability channel) or give_up. From handed_over until its end is known a row is in doubt (`tried_at`):
whoever claims it then looks for its token before it is said again.

What ends a hold asks for the hold: a sender whose hold ran out meanwhile changes nothing of what another one holds.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, insert, select, update

from storage import apps, pages
from storage.database import Transaction
from storage.model import Destination, Message, Standing
from storage.tables import messages, outbox
from storage.tables.talk import WAITS

#: How long a sender holds a row; the calls for one message are done long before.
HOLD = timedelta(seconds=60)


async def add(
    transaction: Transaction,
    to: Destination,
    kind: str,
    news: dict[str, Any],
    *,
    key: str,
    now: datetime,
    urgent: bool = False,
    told: tuple[str, int] | None = None,
    request_id: str = "",
) -> None:
    """
    Have *news* (of the type named *kind*) delivered to *to*.

    *told* is the entry (page, number) of a page's log that it delivers, *request_id* the request that it answers.
    Older rows with the same key and place say what is no longer so: those that no sender holds, and that cannot have
    arrived, say the new thing in their turn instead. The others are hurried where this one is urgent: it edits them.
    """
    older = await _stale(transaction, key, to, now, told)
    values: dict[str, Any] = {
        "to": to,
        "lane": _lane(to),
        "kind": kind,
        "news": news,
        "urgent": urgent or any(row.urgent for row in older),
        "request_id": request_id or None,
    }
    if urgent:
        same = and_(outbox.c.key == key, outbox.c.place == to.place, WAITS)
        await transaction.connection.execute(update(outbox).where(same).values(urgent=True))
    if older:
        page_id, number = told or next(((row.page_id, row.told_number) for row in older if row.page_id), (None, None))
        values |= {"page_id": page_id, "told_number": number}
        await transaction.connection.execute(update(outbox).where(outbox.c.id == older[0].id).values(values))
        rest = [row.id for row in older[1:]]
        if rest:
            await transaction.connection.execute(delete(outbox).where(outbox.c.id.in_(rest)))
        return
    page_id, number = told or (None, None)
    await transaction.connection.execute(
        insert(outbox).values(
            token=secrets.token_hex(12),
            key=key,
            place=to.place,
            app_id=to.app_id,
            is_root=to.is_root,
            made_at=now,
            due_at=now,
            attempts=0,
            error="",
            page_id=page_id,
            told_number=number,
            **values,
        )
    )


async def _stale(
    transaction: Transaction, key: str, to: Destination, now: datetime, told: tuple[str, int] | None
) -> list[Row[Any]]:
    """Return the newest rows under *key* at *to*, oldest first, that the next one may replace; each stays locked."""
    query = (
        select(outbox, free(now).label("is_free"))
        .where(outbox.c.key == key, outbox.c.place == to.place, WAITS)
        .order_by(outbox.c.id.desc())
        .with_for_update()
    )
    found: list[Row[Any]] = []
    for row in (await transaction.connection.execute(query)).all():
        theirs = (row.page_id, row.told_number) if row.page_id else None
        if not row.is_free or row.tried_at is not None or (told and theirs and told != theirs):
            break
        told = told or theirs
        found.insert(0, row)
    return found


def free(now: datetime) -> ColumnElement[bool]:
    """Whether nobody holds a row. A hold that ends too far from now was made before the clock was set back."""
    until = outbox.c.held_until
    return until.is_(None) | (until <= now) | (until > now + 2 * HOLD)


async def handed_over(transaction: Transaction, message: Message, now: datetime, *, new: bool) -> bool:
    """
    Say that *message* is being handed over right after this; False where it is not ours to send any more.

    Where it is *new*, and no edit, it is in doubt from now on.
    """
    values: dict[str, Any] = {"held_until": now + HOLD}
    if new:
        values["tried_at"] = now
    held = and_(_held(message), outbox.c.held_until > now, outbox.c.held_until <= now + 2 * HOLD)
    changed = await transaction.connection.execute(update(outbox).where(held).values(values))
    return changed.rowcount == 1


async def mark_sent(transaction: Transaction, message: Message, sent: Standing, now: datetime) -> None:
    """
    Keep that *message* stands at *sent*, so that the next one with its key edits it; a root becomes the thread.

    It holds whoever holds the row by now: the message stands. The first time counts.
    """
    await _lock(transaction, message)
    values = {"sent_at": now, "held_until": None, "held_by": None, "tried_at": None, "error": ""}
    changed = await transaction.connection.execute(
        update(outbox).where(outbox.c.id == message.id, outbox.c.sent_at.is_(None)).values(values)
    )
    if changed.rowcount != 1:
        return
    await forget(transaction, message.key, message.to)
    await transaction.connection.execute(
        insert(messages).values(key=message.key, place=message.to.place, channel=sent.channel, ts=sent.ts, sent_at=now)
    )
    if message.to.is_root and message.to.app_id:
        await apps.change(transaction, message.to.app_id, thread_channel=sent.channel, thread=sent.ts)
    if message.told is not None:
        await pages.delivered(transaction, *message.told, now, channel=sent.channel, ts=sent.ts)


async def _lock(transaction: Transaction, message: Message) -> None:
    """Lock what else the end of *message* changes before its row, in the order of storage/database.py."""
    if message.to.is_root and message.to.app_id:
        await apps.lock(transaction, message.to.app_id)
    if message.told is not None:
        await pages.lock_told(transaction, *message.told)


async def forget(transaction: Transaction, key: str, to: Destination) -> None:
    """Drop what is known of a message that no longer stands: the next row with its key is a new message."""
    await transaction.connection.execute(delete(messages).where(messages.c.key == key, messages.c.place == to.place))


async def retry(transaction: Transaction, message: Message, due_at: datetime, error: str, *, in_doubt: bool) -> None:
    """
    Have *message* sent again at *due_at*, after a failure that may pass; *error* says which.

    *in_doubt* False: it is certain that it did not arrive.
    """
    values: dict[str, Any] = {"due_at": due_at, "held_until": None, "held_by": None, "error": error}
    if not in_doubt:
        values["tried_at"] = None
    await transaction.connection.execute(update(outbox).where(_held(message)).values(values))


async def postpone(transaction: Transaction, message: Message, due_at: datetime) -> None:
    """Let go of *message* until *due_at*: it did not arrive, and was not its turn, so the attempt does not count."""
    await transaction.connection.execute(
        update(outbox)
        .where(_held(message))
        .values(
            due_at=due_at,
            held_until=None,
            held_by=None,
            tried_at=message.tried_at,
            attempts=outbox.c.attempts - 1,
        )
    )


async def let_settle(transaction: Transaction, message: Message, now: datetime, due_at: datetime) -> None:
    """Look at *message*, whose sender died over it, at *due_at*: until then Slack may not show what it has."""
    tried_at = min(message.tried_at or now, now)  # the clock may have been set back
    await transaction.connection.execute(
        update(outbox)
        .where(_held(message))
        .values(due_at=due_at, held_until=None, held_by=None, tried_at=tried_at, attempts=outbox.c.attempts - 1)
    )


async def divert(transaction: Transaction, message: Message, channel: str, why: str, now: datetime) -> None:
    """Have *message*, which did not arrive, go to the reliability channel *channel* instead; *why* is said."""
    values = {"lane": channel, "diverted": why, "due_at": now, "held_until": None, "held_by": None, "tried_at": None}
    await transaction.connection.execute(update(outbox).where(_held(message)).values(values))


async def undivert(transaction: Transaction, message: Message, due_at: datetime, error: str) -> None:
    """Have *message*, which the reliability channel did not take either, go where it belongs again at *due_at*."""
    await transaction.connection.execute(
        update(outbox).where(_held(message)).values(lane=_lane(message.to), diverted=None)
    )
    await retry(transaction, message, due_at, error, in_doubt=False)


async def give_up(transaction: Transaction, message: Message, now: datetime, error: str, why: str = "") -> None:
    """Never send *message* again, after a failure that does not pass: *error*, and *why* in a sentence for people."""
    await _lock(transaction, message)
    changed = await transaction.connection.execute(
        update(outbox)
        .where(outbox.c.id == message.id, WAITS)
        .values(failed_at=now, held_until=None, held_by=None, tried_at=None, error=error)
    )
    if changed.rowcount == 1 and message.told is not None:
        await pages.failed(transaction, *message.told, why or error)


async def get(transaction: Transaction, message_id: int) -> Message | None:
    """Return the row with this id as it was written: an app's thread is not resolved."""
    row = (await transaction.connection.execute(select(outbox).where(outbox.c.id == message_id))).one_or_none()
    return None if row is None else of_row(row)


async def standing(transaction: Transaction, key: str, to: Destination) -> Standing | None:
    """Return where the message *key* stands at *to*, or None."""
    query = select(messages.c.channel, messages.c.ts).where(messages.c.key == key, messages.c.place == to.place)
    row = (await transaction.connection.execute(query)).one_or_none()
    return None if row is None else Standing(row.channel, row.ts)


def of_row(row: Row[Any]) -> Message:
    """Return the message that *row* of the outbox keeps."""
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
        held_by=row.held_by or "",
        tried_at=row.tried_at,
        diverted=row.diverted or "",
        told=(row.page_id, row.told_number) if row.page_id else None,
        request_id=row.request_id or "",
    )


def placed(message: Message, channel: str | None, thread: str | None, stands: Standing | None) -> Message:
    """Return *message* with its place in an app's thread, which is *thread* in *channel*, and where it stands."""
    to = message.to
    if to.app_id and not to.is_root:
        to = replace(to, channel=channel, thread=thread)
    return replace(message, to=to, stands=stands)


def _held(message: Message) -> ColumnElement[bool]:
    return and_(outbox.c.id == message.id, outbox.c.held_by == message.held_by, WAITS)


def _lane(to: Destination) -> str | None:
    """Return what the pace of *to* is counted by; None in an app's thread, which may move until it is sent."""
    if to.route:
        return to.place
    if to.app_id and not to.is_root:
        return None
    return to.person or to.channel
