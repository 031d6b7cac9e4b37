"""The tables of what came in, and of what is to be said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, and_

from storage.columns import Json
from storage.model import Destination
from storage.tables.shape import app, metadata, time

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("key", String(200), nullable=False),
    Column("place", String(200), nullable=False),  # the conversation
    Column("lane", String(200)),  # what its pace is counted by; null in an app's thread, whose channel may change
    Column("to", Json(Destination), nullable=False),
    app(nullable=True),  # whose thread it belongs in
    Column("is_root", Boolean, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("news", Json(dict[str, Any]), nullable=False),
    Column("urgent", Boolean, nullable=False),
    time("made_at", nullable=False),
    time("due_at", nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("held_by", String(32)),  # a sender, while it sends
    time("held_until"),
    time("tried_at"),  # when it was handed over last, while nobody knows whether it arrived
    Column("diverted", Text),  # why it goes to the reliability channel instead
    time("sent_at"),
    time("failed_at"),
    Column("error", Text, nullable=False),
    Column("page_id", String(32)),  # no foreign key: pages may be tidied away first
    Column("told_number", Integer),  # the entry of the page's log that it delivers
    Column("request_id", String(64)),
    Index(None, "key", "place"),
)

#: Of rows that are neither sent nor given up.
WAITS = and_(outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None))
_SENT = outbox.c.sent_at.is_not(None)
_TURN = (outbox.c[name] for name in ("place", "urgent", "id", "attempts"))
Index("ix_outbox_waiting", *_TURN, sqlite_where=WAITS, postgresql_where=WAITS)
Index("ix_outbox_page_id", outbox.c.page_id, sqlite_where=WAITS, postgresql_where=WAITS)
Index("ix_outbox_sent_at", outbox.c.sent_at, sqlite_where=_SENT, postgresql_where=_SENT)

pauses = Table(
    "pauses",
    metadata,
    Column("place", String(200), primary_key=True),  # a lane, or a method of Slack's
    time("made_at", nullable=False),
    time("until", nullable=False),
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
    Column("held_by", String(32)),  # the process that works it off
    time("done_at", index=True),
)

signed_requests = Table(
    "signed_requests",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the timestamp and the signature
    time("received_at", nullable=False, index=True),
)
