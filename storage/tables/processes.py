"""The tables of the processes that run on this registry, and of what only one of them may hold."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from storage.tables.shape import id_column, metadata, time

processes = Table(
    "processes",
    metadata,
    id_column(),
    Column("role", String(16), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", String(64), nullable=False),
    time("started_at", nullable=False),
    time("seen_at", nullable=False),
    Column("beats", Integer, nullable=False),
    time("stopped_at", index=True),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(32)),
    Column("fence", Integer, nullable=False),
    Column("beats", Integer, nullable=False),
)
