"""The tables of promised work, and of how far orders of the clock have come."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from storage.tables.shape import app, id_column, metadata, person, time

check_requests = Table(
    "check_requests",
    metadata,
    id_column(),
    Column("repository", Text, nullable=False),
    person("asked_by"),
    time("asked_at", nullable=False),
    app(nullable=True, index=True),
    Column("channel", String(64)),
    Column("thread", String(32)),
    Column("with_token", Boolean, nullable=False),
    Column("live_url", Text, nullable=False),
    Column("may_probe", Boolean, nullable=False),
    Column("probes_routes", Boolean, nullable=False),
    time("done_at", index=True),
    Column("attempts", Integer, nullable=False),
    time("held_until"),
    Column("held_by", String(32)),
    time("begun_at"),
    Column("request_id", String(64)),
    Index("ix_check_requests_asked_by_begun_at", "asked_by", "begun_at"),
)

marks = Table("marks", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))
