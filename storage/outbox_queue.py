"""
Whose turn it is in the outbox: of each conversation the row that comes first, held by one sender while it is sent.

    place   a conversation, as `Destination.place` names it: `person:U0BO`, `app:a1`, `email:bo@acme.example`
    lane    what Slack's pace is counted by: a person or a channel; of a second route the place; of an app's thread
            none is kept, since its channel is where the app's card stands when it is sent
    edit    a row whose message stands already, and is changed there; any other is new
    head    of the new rows of a place the one that goes next: the oldest urgent one, else the oldest; but none of
            those that wait for an earlier step of their page
    aside   where a row steps that failed again and again: it is still tried, and is no head any more

Of the rows of `person:U0BO`, 1 (a report), 2 (a page, urgent) and 3 (an edit of a verdict), 2 is the head, 3 may go
beside it, and 1 goes after 2.

The steps of a page, wherever they go in Slack, go in their order too: none waits for one before it that steps aside,
none longer than five minutes, and meanwhile other pages go before it. An edit waits for what it edits, and holds up
nothing else.

Of the rows only those that wait are read, however many were sent before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, func, literal, or_, select, union_all, update

from storage import outbox as rows
from storage.database import Transaction
from storage.model import Message, Standing
from storage.tables import apps, messages, outbox
from storage.tables.talk import WAITS

#: Attempts after which a row lets those behind it pass; waiting for a channel's pace or pause is no attempt.
STUBBORN = 6
#: No row is put off for longer than five minutes: one that seems to be was written before the clock was set back.
_FURTHEST = timedelta(minutes=10)
_STEP_WAITS = timedelta(minutes=5)
_EDITS = 100  # of those that wait, at most so many are looked at together
_IS_EDIT = and_(messages.c.ts.is_not(None), outbox.c.diverted.is_(None))
_LANE = func.coalesce(outbox.c.lane, apps.c.thread_channel)
_STANDING = and_(messages.c.key == outbox.c.key, messages.c.place == outbox.c.place)


@dataclass(frozen=True, slots=True)
class Turn:
    """A row that could go now: what its pace is counted by, the message that it edits, or the page it is a step of."""

    id: int
    lane: str
    edits: Standing | None
    route: str
    page_id: str | None = None


async def waiting(
    transaction: Transaction,
    now: datetime,
    *,
    closed: Collection[str] = (),
    paced: Collection[str] = (),
    posts: bool = True,
    edits: bool = True,
    limit: int = 200,
) -> tuple[Turn, ...]:
    """
    Return what could go now, urgent ones first, then the oldest.

    Nothing of the lanes *closed*, and no new message of the lanes *paced*. No new message at all without *posts*, and
    no edit without *edits*, which does not concern second routes.
    """
    columns = (
        outbox.c.id,
        outbox.c.to,
        outbox.c.page_id,
        outbox.c.diverted,
        messages.c.channel.label("at"),
        messages.c.ts,
    )
    query = _may_go(now, *columns, closed=closed, edits=edits)
    if closed:
        query = query.where(_LANE.not_in(closed))
    if paced:
        query = query.where(or_(_LANE.not_in(paced), _IS_EDIT))
    if not posts:
        query = query.where(or_(_on_route(), _IS_EDIT))
    if not edits:
        query = query.where(or_(_on_route(), ~_IS_EDIT))
    found = (await transaction.connection.execute(query.limit(limit))).all()
    return tuple(Turn(row.id, row.its_lane or "", _stands(row), row.to.route, row.page_id) for row in found)


async def claim(
    transaction: Transaction, now: datetime, *, by: str = "", only: Sequence[int] | None = None, limit: int = 20
) -> tuple[Message, ...]:
    """
    Return what could go now, urgent ones first, each held for HOLD by the sender *by*; of the rows *only*, where given.

    None is given out for the thread of an app whose card is not sent yet. Several senders get different rows.
    """
    columns = (outbox, apps.c.thread_channel, apps.c.thread, messages.c.channel.label("at"), messages.c.ts)
    query = _may_go(now, *columns, only=only)
    if only is not None:
        query = query.where(outbox.c.id.in_(only))
    query = query.limit(limit).with_for_update(of=outbox, skip_locked=True)
    found = (await transaction.connection.execute(query)).all()
    if found:
        values = {"held_until": now + rows.HOLD, "held_by": by, "attempts": outbox.c.attempts + 1}
        ids = [row.id for row in found]
        await transaction.connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(values))
    taken = (replace(rows.of_row(row), held_by=by) for row in found)
    return tuple(
        rows.placed(message, row.thread_channel, row.thread, _stands(row))
        for message, row in zip(taken, found, strict=True)
    )


async def let_go(transaction: Transaction, *, but: str | None = None) -> None:
    """
    Take back every row that a sender other than *but* holds: whoever leads knows that the one before it is dead.

    What that had not handed over yet is no attempt.
    """
    held = and_(WAITS, outbox.c.held_until.is_not(None))
    if but is not None:
        held = and_(held, or_(outbox.c.held_by.is_(None), outbox.c.held_by != but))
    attempts = case((outbox.c.tried_at.is_(None), outbox.c.attempts - 1), else_=outbox.c.attempts)
    values = {"held_until": None, "held_by": None, "attempts": attempts}
    await transaction.connection.execute(update(outbox).where(held).values(values))


def _on_route(row: FromClause = outbox) -> ColumnElement[bool]:
    """Whether a row goes by a second route: its lane is its place (storage.outbox.add), which no lane of Slack's is."""
    return and_(row.c.lane.is_not(None), row.c.lane == row.c.place)


def _may_go(
    now: datetime,
    *columns: Any,
    closed: Collection[str] = (),
    edits: bool = True,
    only: Sequence[int] | None = None,
) -> Select[Any]:
    """
    Select *columns* of rows whose turn it is: heads, those aside, and edits; due, free, and behind nothing.

    Of edits those outside *closed*, or *only* these.
    """
    older = outbox.alias("older")
    is_behind_its_message = (
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
    return (
        select(_LANE.label("its_lane"), *columns)
        .select_from(outbox.outerjoin(apps, apps.c.id == outbox.c.app_id).outerjoin(messages, _STANDING))
        .where(outbox.c.id.in_(_heads(now, closed, only, edits=edits)), WAITS, _due(now), rows.free(now))
        .where(~is_behind_its_message, ~_is_behind_a_step(now))
        .where(or_(outbox.c.app_id.is_(None), outbox.c.is_root, apps.c.thread.is_not(None)))
        .order_by(outbox.c.urgent.desc(), outbox.c.id)
    )


def _is_behind_a_step(now: datetime) -> ColumnElement[bool]:
    """Whether a row is a step of a page that comes after one which is new and waits, and waits itself for that yet."""
    before, stands = outbox.alias("before"), messages.alias("stands")
    is_edit = select(literal(1)).where(stands.c.key == before.c.key, stands.c.place == before.c.place).exists()
    earlier = (
        select(literal(1))
        .where(
            before.c.page_id == outbox.c.page_id,
            before.c.told_number < outbox.c.told_number,
            before.c.sent_at.is_(None),
            before.c.failed_at.is_(None),
            before.c.attempts < STUBBORN,
            ~_on_route(before),
            ~is_edit,
        )
        .exists()
    )
    waits = and_(outbox.c.made_at > now - _STEP_WAITS, outbox.c.made_at <= now)
    return and_(outbox.c.page_id.is_not(None), ~_on_route(), waits, ~_IS_EDIT, earlier)


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(outbox.c.due_at <= now, outbox.c.due_at > now + _FURTHEST)


def _heads(now: datetime, closed: Collection[str], only: Sequence[int] | None, *, edits: bool) -> Select[Any]:
    """Select the ids of the first new message of each conversation, of every row that stepped aside, and of edits."""
    head = func.coalesce(func.min(case((outbox.c.urgent, outbox.c.id))), func.min(outbox.c.id))
    first = (
        select(head.label("id"))
        .select_from(outbox.outerjoin(messages, _STANDING))
        .where(WAITS, ~_IS_EDIT, outbox.c.attempts < STUBBORN, ~_is_behind_a_step(now))
        .group_by(outbox.c.place)
    )
    aside = select(outbox.c.id).where(WAITS, outbox.c.attempts >= STUBBORN)
    parts = [first, aside]
    if edits:
        some = (
            select(outbox.c.id)
            .select_from(outbox.join(messages, _STANDING).outerjoin(apps, apps.c.id == outbox.c.app_id))
            .where(WAITS, _IS_EDIT, _due(now), rows.free(now))
        )
        if closed:
            some = some.where(or_(_LANE.is_(None), _LANE.not_in(closed)))
        if only is not None:
            some = some.where(outbox.c.id.in_(only))
        some = some.order_by(outbox.c.urgent.desc(), outbox.c.id).limit(_EDITS)
        parts.append(select(some.subquery().c.id))
    both = union_all(*parts).subquery()
    return select(both.c.id)


def _stands(row: Row[Any]) -> Standing | None:
    """Return the message that the row edits. One that goes to the reliability channel instead is new there."""
    return None if row.at is None or row.diverted is not None else Standing(row.at, row.ts)
