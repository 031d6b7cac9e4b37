"""The tables of on-call schedules, their overrides, and what was read of their calendars."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, Text

from storage.columns import Json
from storage.on_call_model import Rota, Shift
from storage.tables.shape import id_column, metadata, person, time


def _schedule(**options: Any) -> Column[Any]:
    return Column("schedule_id", String(32), ForeignKey("on_call_schedules.id"), nullable=False, **options)


on_call_schedules = Table(
    "on_call_schedules",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    person("made_by", nullable=False),
    time("made_at", nullable=False),
    Column("rota", Json(Rota)),
    Column("calendar_url", Text, nullable=False),
)

on_call_overrides = Table(
    "on_call_overrides",
    metadata,
    id_column(),
    _schedule(index=True),
    Column("person", String(64), nullable=False),
    time("begins_at", nullable=False),
    time("ends_at", nullable=False),
    person("made_by", nullable=False),
    time("made_at", nullable=False),
)

on_call_calendars = Table(
    "on_call_calendars",
    metadata,
    _schedule(primary_key=True),
    time("due_at", nullable=False),
    Column("text", Text, nullable=False),
    Column("shifts", Json(tuple[Shift, ...]), nullable=False),
    Column("people", Json(dict[str, str]), nullable=False),
    time("read_at"),
    Column("trouble", Text, nullable=False),
    time("trouble_since"),
    time("told_at"),
)
