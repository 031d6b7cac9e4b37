"""On-call schedules, their overrides, and what was read of their calendars. Who changed what is in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from storage.database import Transaction, add_once
from storage.names import name_key
from storage.on_call_model import Calendar, Override, Schedule
from storage.tables import apps, on_call_calendars, on_call_overrides, on_call_schedules


async def add(transaction: Transaction, schedule: Schedule) -> None:
    """Keep a new schedule; raises Taken where another has its name. Its calendar is due at once."""
    await add_once(transaction, on_call_schedules, _row(schedule))
    await _keep_calendar_of(transaction, schedule)


async def change(transaction: Transaction, schedule: Schedule) -> None:
    """Keep another rota or calendar for a schedule that there is; what was read of an older calendar is dropped."""
    await transaction.connection.execute(
        update(on_call_schedules)
        .where(on_call_schedules.c.id == schedule.id)
        .values(rota=schedule.rota, calendar_url=schedule.calendar_url)
    )
    await transaction.connection.execute(
        delete(on_call_calendars).where(on_call_calendars.c.schedule_id == schedule.id)
    )
    await _keep_calendar_of(transaction, schedule)


async def _keep_calendar_of(transaction: Transaction, schedule: Schedule) -> None:
    if schedule.calendar_url:
        calendar = Calendar(schedule.id, due_at=schedule.made_at)
        await transaction.connection.execute(insert(on_call_calendars).values(_row(calendar)))


async def remove(transaction: Transaction, schedule_id: str) -> None:
    """Forget a schedule and all that belongs to it."""
    for table in (on_call_overrides, on_call_calendars):
        await transaction.connection.execute(delete(table).where(table.c.schedule_id == schedule_id))
    await transaction.connection.execute(delete(on_call_schedules).where(on_call_schedules.c.id == schedule_id))


async def find(transaction: Transaction, id_or_name: str) -> Schedule | None:
    """Return the schedule with this id, or else with this name however it is written; None where there is none."""
    table = on_call_schedules
    found = await _schedules(transaction, or_(table.c.id == id_or_name, table.c.key == name_key(id_or_name)))
    by_id = [one for one in found if one.id == id_or_name]
    return next(iter([*by_id, *found]), None)


async def lock(transaction: Transaction, schedule_id: str) -> Schedule | None:
    """Return the schedule, which no other transaction changes until this one ends; None where it is gone."""
    query = select(on_call_schedules).where(on_call_schedules.c.id == schedule_id).with_for_update()
    row = (await transaction.connection.execute(query)).mappings().one_or_none()
    return None if row is None else Schedule(**row)


async def all_of(transaction: Transaction) -> tuple[Schedule, ...]:
    """Return every schedule, by name."""
    return await _schedules(transaction, None)


async def _schedules(transaction: Transaction, condition: ColumnElement[bool] | None) -> tuple[Schedule, ...]:
    query = select(on_call_schedules).order_by(on_call_schedules.c.key)
    rows = await transaction.connection.execute(query if condition is None else query.where(condition))
    return tuple(Schedule(**row) for row in rows.mappings())


async def override(transaction: Transaction, made: Override) -> None:
    """Keep an override; of those that overlap, the one made last holds. Raises Taken where it is kept already."""
    await add_once(transaction, on_call_overrides, _row(made))


async def overrides(transaction: Transaction, schedule_id: str, now: datetime) -> tuple[Override, ...]:
    """Return the overrides that have not ended, the one made last first."""
    table = on_call_overrides
    query = select(table).where(table.c.schedule_id == schedule_id, table.c.ends_at > now)
    rows = await transaction.connection.execute(query.order_by(table.c.made_at.desc(), table.c.id.desc()))
    return tuple(Override(**row) for row in rows.mappings())


async def end_overrides(transaction: Transaction, override_ids: Sequence[str], now: datetime) -> None:
    """End those of the overrides that hold at *now*, and forget those that have not begun."""
    table = on_call_overrides
    named = table.c.id.in_(override_ids)
    await transaction.connection.execute(delete(table).where(named, table.c.begins_at > now))
    await transaction.connection.execute(update(table).where(named, table.c.ends_at > now).values(ends_at=now))


async def calendars(transaction: Transaction, schedule_ids: Iterable[str]) -> dict[str, Calendar]:
    """Return what was read of calendars, by schedule, without their texts: they are large."""
    table = on_call_calendars
    columns = [one for one in table.columns if one.name != "text"]
    query = select(*columns).where(table.c.schedule_id.in_(list(schedule_ids)))
    rows = await transaction.connection.execute(query)
    return {row["schedule_id"]: Calendar(**row) for row in rows.mappings()}


async def next_calendar(transaction: Transaction) -> datetime | None:
    """Return when the next calendar is due to be read; None where there is none."""
    query = select(on_call_calendars.c.due_at).order_by(on_call_calendars.c.due_at).limit(1)
    found: datetime | None = await transaction.connection.scalar(query)
    return found


async def claim_calendars(transaction: Transaction, now: datetime, every: timedelta) -> tuple[Calendar, ...]:
    """Return the calendars that are due, with their texts; each is due again after *every*."""
    table = on_call_calendars
    query = select(table).where(table.c.due_at <= now).with_for_update(skip_locked=True)
    found = tuple(Calendar(**row) for row in (await transaction.connection.execute(query)).mappings())
    due = table.c.schedule_id.in_([one.schedule_id for one in found])
    await transaction.connection.execute(update(table).where(due).values(due_at=now + every))
    return found


async def keep_calendar(transaction: Transaction, calendar: Calendar) -> None:
    """Keep what was read of a calendar, or why it could not be."""
    table = on_call_calendars
    await transaction.connection.execute(
        update(table).where(table.c.schedule_id == calendar.schedule_id).values(_row(calendar))
    )


async def escalating(transaction: Transaction, schedule_id: str) -> tuple[str, ...]:
    """Return the names of the apps whose pages go on to the schedule."""
    query = select(apps.c.name).where(apps.c.escalates_to.startswith(f"on-call:{schedule_id}:", autoescape=True))
    return tuple((await transaction.connection.scalars(query.order_by(apps.c.key))).all())


def _row(one: Schedule | Override | Calendar) -> dict[str, Any]:
    """Return the columns of *one*; its inner values stay what they are."""
    return {field.name: getattr(one, field.name) for field in fields(one)}
