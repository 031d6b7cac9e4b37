"""The tables of pages, of their logs, and of where people are reached outside of Slack."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from storage.columns import Json, OneOf
from storage.model import PageState, Step
from storage.tables.shape import app, id_column, metadata, person, time

pages = Table(
    "pages",
    metadata,
    id_column(),
    app(index=True),
    Column("what", Text, nullable=False),
    person("by", nullable=False),
    Column("channel", String(64)),
    time("made_at", nullable=False),
    Column("steps", Json(tuple[Step, ...]), nullable=False),
    Column("state", OneOf(PageState), nullable=False),
    Column("position", Integer, nullable=False),
    time("due_at", index=True),
    person("acknowledged_by"),
    time("acknowledged_at"),
    person("resolved_by"),
    time("resolved_at"),
    Column("notes", Json(tuple[str, ...]), nullable=False),
    Column("joined", Integer, nullable=False),
    time("reminded_at"),
    Column("reopened", Integer, nullable=False),
    Column("request_id", String(64), nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("page_id", String(32), ForeignKey("pages.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # the order in which they were told
    Column("step", Integer, nullable=False),
    Column("target", String(64), nullable=False),
    time("at", nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("failed", Text, nullable=False),
    Column("route", String(16), nullable=False),
    Column("meant", String(128), nullable=False),
    Column("address", Text, nullable=False),
    time("delivered_at"),
    time("seen_at"),
    Column("channel", String(64), nullable=False),
    Column("ts", String(32), nullable=False),
)

addresses = Table(
    "addresses",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("address", Text, nullable=False),
    time("learned_at", nullable=False),
)
