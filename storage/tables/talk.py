"""The tables of what came in, and of what is to be said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from storage.columns import Json
from storage.model import Destination
from storage.tables.shape import app, metadata, time

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("key", String(200), nullable=False),
    Column("place", String(200), nullable=False),
    Column("to", Json(Destination), nullable=False),
    app(nullable=True),  # whose thread it belongs in
    Column("is_root", Boolean, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("news", Json(dict[str, Any]), nullable=False),
    Column("urgent", Boolean, nullable=False),
    time("made_at", nullable=False),
    time("due_at", nullable=False),
    Column("attempts", Integer, nullable=False),
    time("held_until"),  # by a sender, while it sends
    time("sent_at"),
    time("failed_at"),
    Column("error", Text, nullable=False),
    Index(None, "sent_at", "failed_at", "due_at"),
    Index(None, "key", "place"),
)

messages = Table(
    "messages",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("place", String(200), primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("ts", String(32), nullable=False),
    time("sent_at", nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("body", Json(dict[str, Any]), nullable=False),
    time("received_at", nullable=False),
    Column("attempts", Integer, nullable=False),
    time("done_at", index=True),
)
